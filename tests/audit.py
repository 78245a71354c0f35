"""What `make audit` runs: is anything known against the packages that the locks pin?

    python -m tests.audit LOCK…

Exits with 0 where nothing is known, 1 where something is, and 2 where the question was not answered
for every package: pip-audit itself calls it a success when an index knows no package at all.
"""

import json
import subprocess
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from tests.locks import locked

NOTHING_KNOWN, SOMETHING_KNOWN, NOT_ASKED = range(3)
# Seconds: a slow index is waited for, one that hangs is not.
OF_A_LOCK = 600
PIP_AUDIT = [sys.executable, "-m", "pip_audit", "--progress-spinner", "off"]
# The lock is read as it stands: nothing is resolved anew, and nothing installed.
AS_PINNED = ["--disable-pip", "--require-hashes", "--format", "json", "--timeout", "15"]


@dataclass
class Verdict:
    known: list[str] = field(default_factory=list)
    unasked: dict[str, str] = field(default_factory=dict)

    @property
    def exit_code(self) -> int:
        if self.known:
            return SOMETHING_KNOWN
        return NOT_ASKED if self.unasked else NOTHING_KNOWN

    def in_words(self, lock: str, packages: int) -> list[str]:
        asked = packages - len(self.unasked)
        lines = [f"{lock}: {asked} of {packages} packages asked about, {len(self.known)} known."]
        lines += [f"  {known}" for known in self.known]
        if self.unasked:
            package, reason = next(iter(self.unasked.items()))
            lines += [
                f"  NOT AUDITED: {len(self.unasked)} packages. Of the first, {package}: {reason}",
                "  Nothing is said of these. Ask again where PyPI itself can be reached.",
            ]
        return lines


def judge(pinned: Mapping[str, str], report: Mapping[str, Any] | None) -> Verdict:
    """What pip-audit's report says of these versions; `None` where there is no report."""
    verdict = Verdict()
    found = {row["name"]: row for row in (report or {}).get("dependencies", [])}
    for name, version in pinned.items():
        row = found.get(name, {"skip_reason": "the report does not name it"})
        if row.get("skip_reason") or row.get("version") != version:
            verdict.unasked[name] = row.get("skip_reason") or f"another version: {row['version']}"
        verdict.known += [
            f"{name} {version}: {hole['id']}, mended in {', '.join(hole['fix_versions']) or 'none'}"
            for hole in row.get("vulns", [])
        ]
    return verdict


def audit(lock: str) -> Verdict:
    pinned = locked(lock)
    try:
        done = subprocess.run(
            [*PIP_AUDIT, *AS_PINNED, "--requirement", lock],
            capture_output=True,
            text=True,
            timeout=OF_A_LOCK,
            check=False,
        )
    except subprocess.TimeoutExpired:
        return Verdict(unasked=dict.fromkeys(pinned, "the index took too long"))
    try:
        report = json.loads(done.stdout)
    except ValueError:
        last = (done.stderr.strip().splitlines() or ["pip-audit said nothing"])[-1]
        return Verdict(unasked=dict.fromkeys(pinned, last))
    return judge(pinned, report)


def main(locks: Sequence[str]) -> int:
    verdicts = []
    for lock in locks:
        verdict = audit(lock)
        print("\n".join(verdict.in_words(lock, len(locked(lock)))))
        verdicts.append(verdict)
    codes = {verdict.exit_code for verdict in verdicts}
    return next((code for code in (SOMETHING_KNOWN, NOT_ASKED) if code in codes), NOTHING_KNOWN)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
