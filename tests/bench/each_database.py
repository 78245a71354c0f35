"""A benchmark that begins anew on each database: a process has the settings of one."""

import subprocess
import sys
from collections.abc import Sequence

from tests.bench.server import ROOT

SQLITE, POSTGRES = "SQLite", "PostgreSQL"


def on_each(module: str, sizes: Sequence[str]) -> int:
    """Runs `python -m MODULE --on DATABASE SIZES…` for each; 0 where all ended well."""
    failed = 0
    for name in (SQLITE, POSTGRES):
        command = [sys.executable, "-m", module, "--on", name, *sizes]
        failed |= subprocess.run(command, cwd=ROOT, check=False).returncode
    return failed
