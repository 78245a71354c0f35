"""What one run of pytest came to, read from the report that it leaves."""

from dataclasses import dataclass, field
from pathlib import Path
from xml.etree import ElementTree

# pytest's exit codes: 0 passed, 1 some failed, 5 nothing collected.
ORDINARY_EXITS = {0, 1, 5}


@dataclass
class Outcome:
    part: str
    passed: int = 0
    failed: int = 0
    # What failed at first, and passed when it was tried again.
    unsteady: list[str] = field(default_factory=list)
    # Each with its reason.
    skipped: list[tuple[str, str]] = field(default_factory=list)
    # Why the part did not run at all; empty where it did.
    missing: str = ""
    # Whether a machine that has everything installed can run it.
    is_installable: bool = True
    seconds: float = 0.0


def read_outcome(part: str, *, report: Path, exit_code: int, seconds: float) -> Outcome:
    """Counts a JUnit report. A run that ended without one, or oddly, counts as a failure."""
    outcome = Outcome(part, seconds=seconds)
    if report.exists():
        suite = ElementTree.parse(report).getroot().find("testsuite")
        if suite is not None:
            _count(suite, outcome)
    if exit_code not in ORDINARY_EXITS or (exit_code == 1 and not outcome.failed):
        outcome.failed += 1
    if exit_code == 5:
        outcome.missing = "no test was found for it"
    return outcome


def _count(suite: ElementTree.Element, outcome: Outcome) -> None:
    for name, tries in _by_name(suite).items():
        skip = tries[-1].find("skipped")
        if any(case.find(wrong) is not None for case in tries for wrong in ("failure", "error")):
            outcome.failed += 1
        elif skip is not None:
            outcome.skipped.append((name, skip.get("message") or "no reason given"))
        else:
            outcome.passed += 1
            if len(tries) > 1:
                outcome.unsteady.append(name)


def _by_name(suite: ElementTree.Element) -> dict[str, list[ElementTree.Element]]:
    """What stands in the report of each test: a try that was followed by another says nothing."""
    tries: dict[str, list[ElementTree.Element]] = {}
    for case in suite.iter("testcase"):
        tries.setdefault(f"{case.get('classname')}::{case.get('name')}", []).append(case)
    return tries


@dataclass(frozen=True)
class Verdict:
    passed: int
    failed: int

    @property
    def line(self) -> str:
        return f"{self.passed} passed, {self.failed} failed"

    @property
    def exit_code(self) -> int:
        return 1 if self.failed or not self.passed else 0


def judge(outcomes: list[Outcome], *, require_all: bool) -> Verdict:
    """The totals. With `require_all`, what was skipped is a failure too, and what is missing."""
    failed = sum(outcome.failed for outcome in outcomes)
    if require_all:
        failed += sum(
            len(outcome.skipped) + bool(outcome.missing and outcome.is_installable)
            for outcome in outcomes
        )
    return Verdict(passed=sum(outcome.passed for outcome in outcomes), failed=failed)


def summary(outcomes: list[Outcome]) -> str:
    lines = ["What ran", *(f"  {outcome.part:<24} {_row(outcome)}" for outcome in outcomes)]
    unsteady = [(outcome.part, name) for outcome in outcomes for name in outcome.unsteady]
    if unsteady:
        lines.append("Failed at first, and passed when it was tried again")
        lines += [f"  {part}: {name}" for part, name in unsteady]
    skipped = [(outcome.part, *skip) for outcome in outcomes for skip in outcome.skipped]
    if skipped:
        lines.append("Skipped")
        lines += [f"  {part}: {name}: {reason}" for part, name, reason in skipped]
    return "\n".join(lines)


def _row(outcome: Outcome) -> str:
    if outcome.missing:
        return f"not run: {outcome.missing}"
    return (
        f"{outcome.passed} passed, {outcome.failed} failed, {len(outcome.skipped)} skipped"
        f" in {outcome.seconds:.0f} s"
    )
