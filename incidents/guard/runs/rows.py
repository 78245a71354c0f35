"""From a report to the rows that are kept of it: names, places and values, and never the files.

The report hides secrets already (`incidents.guard.hiding`).
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.crypto import salted_hmac

from incidents.guard.configuration import CannotRead, Setting
from incidents.guard.files import Given
from incidents.guard.findings import Finding, Kind, Report
from incidents.guard.reports.text import MOST_NAMES, plain
from incidents.lib.words.own import in_own_words
from incidents.models import (
    LONGEST_FILE,
    LONGEST_FOUND,
    LONGEST_WRITTEN,
    CheckFinding,
    FoundByCheck,
    GuardVersion,
)

MOST_FILES = 200
"""Of one run, whose names are kept; and as many that could not be read."""
SALT = "incidents.guard.runs"
KINDS = {
    Kind.VIOLATED: FoundByCheck.VIOLATED,
    Kind.REPEATS: FoundByCheck.REPEATS,
    Kind.TOUCHES: FoundByCheck.TOUCHES,
}

Versions = Mapping[int, GuardVersion]
"""The guards as they were asked, by the key of their lesson."""


@dataclass(frozen=True)
class Subject:
    """What was checked, as whoever asked calls it: a repository and its revision."""

    files: Sequence[Given]
    before: Sequence[Given] = ()
    name: str = ""
    revision: str = ""
    component: str = ""


def files_kept(files: Iterable[Given]) -> list[dict[str, str]]:
    """With a fingerprint each: equal ones are of equal files.

    It is keyed, since from a plain hash of a file that is known but for one password the password
    is found by trying.
    """
    return [
        {
            "name": kept(one.name, LONGEST_FILE),
            "fingerprint": salted_hmac(SALT, one.data, algorithm="sha256").hexdigest(),
        }
        for one in list(files)[:MOST_FILES]
    ]


def unreadable_kept(errors: Iterable[CannotRead]) -> list[dict[str, Any]]:
    """Where, and not what is said of it: that may quote the line."""
    return [
        {"file": kept(error.file, LONGEST_FILE), "line": error.line}
        for error in list(errors)[:MOST_FILES]
    ]


def held_by(report: Report, versions: Versions) -> list[int]:
    return [versions[lesson.key].pk for lesson in report.held if lesson.key in versions]


def not_checked_by(report: Report, versions: Versions) -> dict[str, list[str]]:
    """The names that would be needed, and none where something else was in the way."""
    return {
        str(versions[one.lesson.key].pk): [kept(name, LONGEST_FILE) for name in one.missing][
            :MOST_NAMES
        ]
        for one in report.not_checked
        if one.lesson.key in versions
    }


def unconcerned_by(report: Report, versions: Versions) -> list[int]:
    """Those whose precondition is false: they are in no list of the report."""
    told = {lesson.key for lesson in report.held} | {one.lesson.key for one in report.not_checked}
    told |= {one.lesson.key for one in report.findings if one.lesson}
    return [version.pk for lesson, version in versions.items() if lesson not in told]


def findings_kept(report: Report, versions: Versions) -> list[CheckFinding]:
    """In the report's order, and in the site's own words."""
    with in_own_words():
        rows = [row for finding in report.findings for row in rows_of(finding, versions)]
    for position, row in enumerate(rows):
        row.position = position
    return rows


def rows_of(finding: Finding, versions: Versions) -> Iterator[CheckFinding]:
    """One; of a knob with a past one for each incident that turned it."""
    setting = finding.setting
    values: dict[str, Any] = {
        "kind": KINDS[finding.kind],
        "name": kept(finding.name, LONGEST_FILE),
        "file": kept(setting.file, LONGEST_FILE) if setting else "",
        "line": setting.line if setting else None,
        "written": kept(setting.written, LONGEST_WRITTEN) if setting else "",
    }
    if finding.kind is Kind.VIOLATED:
        if finding.lesson and finding.lesson.key in versions:
            version = versions[finding.lesson.key]
            yield CheckFinding(
                **values,
                guard=version,
                lesson_id=finding.lesson.key,
                incident_id=finding.incidents[0].key if finding.incidents else None,
                message=kept(finding.message, LONGEST_FOUND),
                values={name: place(one) for name, one in finding.values.items()},
            )
        return
    # What it says of a knob with a past names all the incidents at once.
    message = "" if finding.kind is Kind.TOUCHES else kept(finding.message, LONGEST_FOUND)
    for incident in finding.incidents:
        yield CheckFinding(**values, incident_id=incident.key, message=message)


def place(setting: Setting) -> dict[str, Any]:
    return {
        "written": kept(setting.written, LONGEST_WRITTEN),
        "file": kept(setting.file, LONGEST_FILE),
        "line": setting.line,
    }


def kept(text: str, longest: int) -> str:
    """Also without what a database does not take."""
    return plain(text)[:longest]
