"""A configuration against every guard, and beside the turns that incidents recorded."""

from collections.abc import Iterable
from dataclasses import replace

from incidents.guard.findings import Asked, Finding, Kind, Level, NotChecked, Report
from incidents.guard.past_turns import Turn, compared
from incidents.guard.settled import Settled
from incidents.guard.verdicts import Outcome, ask


def check(
    report: Report,
    now: Settled,
    guards: Iterable[Asked],
    *,
    before: Settled | None = None,
    turns: Iterable[Turn] = (),
) -> Report:
    """The report with what was found put in: verdicts before notes, each in the files' order."""
    findings, not_checked, held = [], list(report.not_checked), []
    guards = list(guards)
    for guard in guards:
        said = ask(guard, now)
        if said.outcome is Outcome.HOLDS:
            held.append(guard.lesson)
        elif said.outcome is Outcome.NOT_CHECKED:
            not_checked.append(NotChecked(guard.lesson, said.reasons, said.missing))
        elif said.outcome is Outcome.VIOLATED:
            values = {name: now.setting_of(name) for name in said.verdict.used}
            known = {name: setting for name, setting in values.items() if setting is not None}
            name = next(iter(known), "")
            findings.append(
                Finding(
                    Kind.VIOLATED,
                    Level(guard.severity),
                    said.message,
                    known.get(name),
                    name,
                    known,
                    guard.lesson,
                    (guard.incident,) if guard.incident else (),
                )
            )
    if before is not None:
        findings += compared(now, before, turns)
    findings.sort(key=_order)
    return replace(
        report,
        findings=findings,
        not_checked=not_checked,
        held=held,
        settings=len(now.settings),
        guards=guards,
    )


_LEVELS = list(Level)


def _order(finding: Finding) -> tuple[int, str, int, str]:
    setting = finding.setting
    place = (setting.file, setting.line) if setting else ("", 0)
    return (_LEVELS.index(finding.level), *place, finding.rule)
