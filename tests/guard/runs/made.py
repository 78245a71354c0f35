"""Runs for tests: guards that fire, and checks that are kept."""

from datetime import datetime
from typing import Any

from django.utils import timezone

from incidents.access.permissions import everybody
from incidents.guard.files import Given
from incidents.guard.findings import Report
from incidents.guard.operations import add_guard
from incidents.guard.queries import check_files
from incidents.guard.runs.operations import keep_run
from incidents.guard.runs.rows import Subject
from incidents.models import CheckDoor, CheckRun, Guard, Lesson, User
from tests.factories import NOW, a_lesson, an_incident

VALUES: dict[str, Any] = {
    "expression": "unicorn.timeout >= 60",
    "message": "{unicorn.timeout} s is too short.",
    "failing_example": {"unicorn": {"timeout": 30}},
    "passing_example": {"unicorn": {"timeout": 60}},
    "state": "active",
}
FILES = [Given("unicorn.rb", b"timeout 30\n")]
BEFORE = [Given("unicorn.rb", b"timeout 60\n")]


def a_guard(lesson: Lesson | None = None, **values: Any) -> Guard:
    lesson = lesson or a_lesson(learned_from=an_incident(title="Launch night"))
    return add_guard(lesson, values={**VALUES, **values}, by=None, at=NOW)


def a_report(subject: Subject, user: User | None = None) -> Report:
    return check_files(subject.files, user or everybody(), before=subject.before or None)


def a_run(
    *,
    by: User | None = None,
    at: datetime | None = None,
    files: list[Given] = FILES,
    before: list[Given] | None = None,
    **subject: Any,
) -> CheckRun:
    """By a person on the page, as they see the records; or else by a program."""
    told = Subject(files=files, before=before or [], **subject)
    door = CheckDoor.PAGE if by else CheckDoor.PROGRAM
    run = keep_run(a_report(told, by), told, door=door, by=by, at=at or timezone.now())
    assert run is not None
    return run
