"""What `make hostile` runs: thousands of texts that want to run in the browser of their reader.

    python -m tests.bench.hostile [TEXTS]

In the machine's Chromium, in the tests' own world (tests/browser/test_hostile_texts.py): each text
as a document of its own without one of the two walls and without both; then planted in every column
of the demo, on every page, with everything on it touched.
"""

import os
import subprocess
import sys

from tests.bench.server import ROOT

TEST = "tests/browser/test_hostile_texts.py"
ALL = "1000000"


def main(arguments: list[str]) -> int:
    texts = arguments[0] if arguments else ALL
    command = [sys.executable, "-m", "pytest", "-q", "-s", "-n0", "-p", "no:logging", TEST]
    surroundings = {**os.environ, "HOSTILE": texts}
    return subprocess.run(command, cwd=ROOT, env=surroundings, check=False).returncode


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
