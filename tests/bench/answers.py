"""What a benchmark's program says that runs apart, on one database."""

import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

from tests.bench.server import ROOT

Told = dict[str, Any]


def told_by(module: str, *arguments: object, **surroundings: str) -> Told:
    """What it writes into the file that its last argument names, as JSON. `surroundings` are
    settings. Raises `CalledProcessError`."""
    environment = {**os.environ, **surroundings}
    with tempfile.TemporaryDirectory() as scratch:
        answer = Path(scratch) / "answer.json"
        command = [sys.executable, "-m", module, *map(str, arguments), str(answer)]
        subprocess.run(command, cwd=ROOT, env=environment, check=True)
        told: Told = json.loads(answer.read_text())
    return told
