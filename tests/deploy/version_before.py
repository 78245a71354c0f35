"""The version before this one, as its program stands in the history."""

import subprocess
import zipfile
from pathlib import Path

from tests.deploy.units import ROOT

RELEASES = "v[0-9]*"
MIGRATIONS = "incidents/migrations/0*.py"


class HistoryIsMissing(Exception):
    """What was there before is not in this clone."""


def git(*words: str) -> str:
    """Empty where it has no answer."""
    said = subprocess.run(["git", *words], cwd=ROOT, capture_output=True, text=True, check=False)
    return said.stdout.strip() if said.returncode == 0 else ""


def commit_before() -> str:
    """Of the last release before this commit; where there is none, before the newest migration.

    Raises `HistoryIsMissing`.
    """
    if found := git("describe", "--tags", "--abbrev=0", f"--match={RELEASES}", "HEAD~1"):
        return git("rev-parse", f"{found}^{{commit}}")
    newest = git("log", "-1", "--diff-filter=A", "--format=%H", "--", MIGRATIONS)
    found = newest and git("rev-parse", "--verify", "--quiet", f"{newest}^^{{commit}}")
    if not found:
        raise HistoryIsMissing(
            "The version before is run beside this one, and this clone does not have it: use git"
            " clone without --depth, or git fetch --unshallow --tags."
        )
    return found


def is_there() -> bool:
    try:
        return bool(commit_before())
    except HistoryIsMissing:
        return False


def unpack(commit: str, folder: Path) -> Path:
    packed = folder / "before.zip"
    if not git("archive", "--format=zip", f"--output={packed}", commit) and not packed.exists():
        raise HistoryIsMissing(f"git archive gave nothing of {commit}.")
    with zipfile.ZipFile(packed) as archive:
        archive.extractall(folder / "before")
    return folder / "before"
