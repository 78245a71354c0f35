"""What `make mutants` runs: one thing taken away from the program at a time, and who misses it.

    python -m tests.bench.mutants [WORD...]

The defects are in tests/defects; each is made in a copy of the tree, where the tests named with it
are run and one has to fail. What failed is then run without any defect, and has to pass. WORD
chooses those whose description has it.
"""

import os
import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from tests.bench.server import ROOT
from tests.defects.defect import Defect
from tests.defects.seeded import SEEDED
from tests.migrated import is_migrated

LONGEST = 1800.0
"""Seconds: what takes longer tells nothing."""
FAILED = 1
"""As pytest says it: tests were run, and some failed."""
MISSED_BY = re.compile(r"^(?:FAILED|ERROR) (\S+\.py(?:::.*?)?)(?: - |$)", re.MULTILINE)


@dataclass(frozen=True)
class Fate:
    """`by` is the test that fails with the defect; nothing where none does."""

    defect: Defect
    by: str
    why_not: str = ""

    def __str__(self) -> str:
        said = f"caught by {self.by}" if self.by else f"NOT CAUGHT: {self.why_not}"
        return f"  {self.defect.what} ({self.defect.path})\n      {said}"


class Copy:
    """The tree in a folder of its own, in which one file at a time is another."""

    def __init__(self, folder: Path, environment: dict[str, str]) -> None:
        self.folder, self.environment = folder, environment
        for name in tracked():
            target = folder / name
            target.parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(ROOT / name, target)

    def run(self, tests: Iterable[str], *options: str) -> subprocess.CompletedProcess[str]:
        """Raises `subprocess.TimeoutExpired`."""
        command = [sys.executable, "-m", "pytest", "-q", "-n0", "--tb=no", "-p", "no:cacheprovider"]
        return subprocess.run(
            [*command, *options, *tests],
            cwd=self.folder,
            env=self.environment,
            timeout=LONGEST,
            capture_output=True,
            text=True,
            check=False,
        )

    def fate(self, defect: Defect) -> Fate:
        file = self.folder / defect.path
        whole = file.read_text(encoding="utf-8")
        put(file, whole.replace(defect.text, defect.instead))
        try:
            ended = self.run(defect.tests, "-x")
        except subprocess.TimeoutExpired:
            return Fate(defect, "", f"no answer within {LONGEST:.0f} s")
        finally:
            put(file, whole)
        missed = MISSED_BY.search(ended.stdout)
        if ended.returncode == FAILED and missed:
            return Fate(defect, missed[1])
        why_not = "it survives" if ended.returncode == 0 else ended.stdout[-500:]
        return Fate(defect, "", why_not)


def put(file: Path, text: str) -> None:
    """Python would take one that was written in the same second, and is as long, for the same."""
    file.write_text(text, encoding="utf-8")
    for compiled in file.parent.glob(f"__pycache__/{file.stem}.*.pyc"):
        compiled.unlink()


def tracked() -> list[str]:
    listed = subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    )
    return [name for name in listed.stdout.splitlines() if (ROOT / name).is_file()]


def main(arguments: list[str]) -> int:
    wanted = [
        defect
        for defect in SEEDED
        if not arguments or any(word in defect.what for word in arguments)
    ]
    with tempfile.TemporaryDirectory(prefix="postmortems-mutants-") as scratch:
        migrated = Path(scratch, "migrated.sqlite3")
        surroundings = {**os.environ, "TMPDIR": scratch}
        for name in ("PYTHONDONTWRITEBYTECODE", "PYTHONPATH", "TEST_DATABASE_URL"):
            surroundings.pop(name, None)
        if is_migrated(f"sqlite:///{migrated}"):
            surroundings["TEST_MIGRATED"] = str(migrated)
        copy = Copy(Path(scratch, "tree"), surroundings)
        fates = [told(copy, defect) for defect in wanted]
        # What fails without any defect, too, says nothing of one.
        by = sorted({fate.by for fate in fates if fate.by})
        proven = not by or copy.run(by).returncode == 0
    caught = sum(bool(fate.by) for fate in fates)
    sys.stdout.write(f"\n{caught} of {len(fates)} defects caught\n")
    if not proven:
        sys.stdout.write("Some of the tests that caught them fail without any defect, too.\n")
    return int(caught < len(fates) or not proven)


def told(copy: Copy, defect: Defect) -> Fate:
    fate = copy.fate(defect)
    sys.stdout.write(f"{fate}\n")
    sys.stdout.flush()
    return fate


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
