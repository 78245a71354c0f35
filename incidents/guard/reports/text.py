"""For people: each finding with the line that it is about, and a mark under the value."""

from collections.abc import Iterator
from dataclasses import dataclass

from django.utils.translation import gettext, ngettext

from incidents.guard.configuration import Setting
from incidents.guard.findings import Finding, NotChecked, Report

LONGEST_LINE = 160
"""Characters of a quoted line."""
MOST_NAMES = 8


def write(report: Report) -> str:
    return "\n".join(_lines(report)) + "\n"


def _lines(report: Report) -> Iterator[str]:
    for error in report.unreadable:
        yield f"cannot read: {plain(str(error))}"
    for finding in report.findings:
        yield from _finding(report, finding)
        yield ""
    for note in report.notes:
        yield f"note: {plain(note)}"
    if report.not_checked:
        yield from _not_checked(report.not_checked)
    yield summary(report)
    if report.run:
        yield f"Kept as {report.run}"


def _finding(report: Report, finding: Finding) -> Iterator[str]:
    setting = finding.setting
    place = f"{setting.file}:{setting.line}: " if setting else ""
    rule = f" [{finding.rule}]" if finding.lesson else ""
    yield plain(f"{place}{finding.level.value}{rule}: {' '.join(finding.message.split())}")
    if setting:
        yield from _quoted(report, setting)
    if finding.lesson:
        yield plain(f"  {finding.lesson.reference} {finding.lesson.title}  {finding.lesson.url}")
    for incident in finding.incidents:
        yield plain(f"  {incident.reference} {incident.title}  {incident.url}")
    for name, value in finding.values.items():
        yield plain(f"  {name} = {value.written}  ({value.file}:{value.line})")


def _quoted(report: Report, setting: Setting) -> Iterator[str]:
    line = plain(report.line_of(setting)).rstrip()
    if not line.strip():
        return
    number = f"{setting.line:>5} | "
    yield f"{number}{line[:LONGEST_LINE]}"
    start, length = marked(line, setting)
    if start < LONGEST_LINE:
        mark = "^" * max(1, min(length, LONGEST_LINE - start))
        yield f"{'| '.rjust(len(number))}{' ' * start}{mark}"


@dataclass(frozen=True)
class Quoted:
    """A finding with its line in three pieces: before the value, the value, after it."""

    finding: Finding
    start: str
    value: str
    end: str


def quoted(report: Report) -> list[Quoted]:
    """The findings for a page."""
    found = []
    for finding in report.findings:
        setting = finding.setting
        pieces = in_pieces(report.line_of(setting), setting) if setting else ("", "", "")
        found.append(Quoted(finding, *pieces))
    return found


def in_pieces(line: str, setting: Setting) -> tuple[str, str, str]:
    """A line before the value, the value, and after it."""
    line = plain(line)
    at, length = marked(line, setting)
    end = min(at + length, LONGEST_LINE)
    return line[:at], line[at:end], line[end:LONGEST_LINE]


def marked(line: str, setting: Setting) -> tuple[int, int]:
    """Where the value begins in its line, and its length; the whole line's if it is not there."""
    written = plain(setting.written).strip()
    key = setting.key.rpartition(".")[2]
    after = line.find(key) + len(key) if key in line else 0
    at = line.find(written, after) if written else -1
    if at < 0 and written:
        at = line.find(written)
    if at >= 0:
        return at, len(written)
    text = line.strip()
    return line.find(text), len(text)


def _not_checked(guards: list[NotChecked]) -> Iterator[str]:
    count = "1 guard was" if len(guards) == 1 else f"{len(guards)} guards were"
    yield f"{count} not checked:"
    for guard in guards:
        names = ", ".join(guard.missing[:MOST_NAMES])
        why = f"needs {names}" if names else "; ".join(guard.reasons)
        yield plain(f"  {guard.lesson.reference}: {why}")


def summary(report: Report) -> str:
    """In the language of whoever reads it on a page."""
    files, guards, found = len(report.files), report.checked, len(report.verdicts)
    findings = ngettext("%(number)s finding", "%(number)s findings", found) % {"number": found}
    return gettext("%(files)s, %(values)s, %(guards)s: %(findings)s.") % {
        "files": ngettext("%(number)s file", "%(number)s files", files) % {"number": files},
        "values": gettext("%(number)s values") % {"number": report.settings},
        "guards": ngettext("%(number)s guard checked", "%(number)s guards checked", guards)
        % {"number": guards},
        "findings": findings if found else gettext("no finding"),
    }


def plain(text: str) -> str:
    """Without what would move a terminal's cursor or turn its text around."""
    return "".join(char if char.isprintable() else " " for char in text)
