"""Keeping checks of configuration, and forgetting them."""

import logging
from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime

from django.conf import settings
from django.db import DatabaseError, InterfaceError, transaction
from django.db.models import QuerySet
from django.utils.translation import gettext

from incidents.access.permissions import everybody
from incidents.guard.findings import Asked, Report
from incidents.guard.runs.rows import (
    Subject,
    Versions,
    files_kept,
    findings_kept,
    held_by,
    kept,
    not_checked_by,
    unconcerned_by,
    unreadable_kept,
)
from incidents.lib.removing import remove_in_steps
from incidents.models import (
    LONG,
    CheckDoor,
    CheckFinding,
    CheckRun,
    GuardVersion,
    Incident,
    Lesson,
    User,
)

logger = logging.getLogger(__name__)

MOST_FINDINGS = 500
"""That are kept of one run."""
BATCH = 100
"""Runs that go at a time when they are too old."""


class NotKept(Exception):
    def __init__(self) -> None:
        super().__init__(gettext("This run is not kept: the database could not be written."))


def with_run(
    report: Report,
    subject: Subject,
    *,
    door: CheckDoor,
    by: User | None,
    at: datetime,
    site: str = "",
) -> Report:
    """The report with the address of its run. Where that cannot be kept, the report says so: what
    was found counts all the same."""
    try:
        run = keep_run(report, subject, door=door, by=by, at=at)
    except NotKept as problem:
        logger.warning("A run of guards was not kept: %s", problem.__cause__)
        return replace(report, not_kept=str(problem))
    return replace(report, run=f"{site}{run.get_absolute_url()}") if run else report


def keep_run(
    report: Report, subject: Subject, *, door: CheckDoor, by: User | None, at: datetime
) -> CheckRun | None:
    """None where the settings keep none. Raises `NotKept`."""
    if settings.GUARD_RUN_DAYS == 0:
        return None
    # Before the transaction: on SQLite everybody else who writes waits for its end.
    run = CheckRun(
        checked_at=at,
        door=door,
        by=by,
        name=kept(subject.name, LONG),
        revision=kept(subject.revision, LONG),
        component=kept(subject.component, LONG),
        files=files_kept(subject.files),
        file_count=len(subject.files),
        before=files_kept(subject.before),
        before_count=len(subject.before),
        setting_count=report.settings,
        unreadable=unreadable_kept(report.unreadable),
        unreadable_count=len(report.unreadable),
    )
    try:
        with transaction.atomic():
            _write(run, report)
    except (DatabaseError, InterfaceError) as error:
        raise NotKept from error
    return run


def _write(run: CheckRun, report: Report) -> None:
    versions = _versions_of(report.guards)
    open_to_all, others = apart(findings_kept(report, versions))
    run.held = held_by(report, versions)
    run.unconcerned = unconcerned_by(report, versions)
    run.not_checked = not_checked_by(report, versions)
    run.left_out = max(0, len(open_to_all) - MOST_FINDINGS)
    run.save(force_insert=True)
    rows = [*open_to_all[:MOST_FINDINGS], *others[:MOST_FINDINGS]]
    for row in rows:
        row.run = run
    CheckFinding.objects.bulk_create(rows)


def _versions_of(guards: Iterable[Asked]) -> Versions:
    """Those that were never asked as they are now are written down."""
    asked = {(guard.key, guard.version): guard for guard in guards}
    known = versions_known(asked)
    GuardVersion.objects.bulk_create(
        [
            GuardVersion(
                guard_id=key,
                version=version,
                expression=guard.expression,
                precondition=guard.precondition,
                message=guard.message,
                severity=guard.severity,
            )
            for (key, version), guard in asked.items()
            if (key, version) not in known
        ],
        # Somebody else may just have asked it first.
        ignore_conflicts=True,
    )
    if len(known) < len(asked):
        known = versions_known(asked)
    return {asked[pair].lesson.key: version for pair, version in known.items()}


def versions_known(asked: Iterable[tuple[int, int]]) -> dict[tuple[int, int], GuardVersion]:
    wanted = set(asked)
    rows = GuardVersion.objects.filter(guard__in={key for key, _ in wanted})
    found = {(row.guard_id, row.version): row for row in rows}
    return {pair: row for pair, row in found.items() if pair in wanted}


def apart(found: list[CheckFinding]) -> tuple[list[CheckFinding], list[CheckFinding]]:
    """Those that are open to everybody, and the others: each are bounded by themselves, so that
    nobody learns from what is left out that there are others."""
    lessons = {row.lesson_id for row in found if row.lesson_id}
    incidents = {row.incident_id for row in found if row.incident_id}
    anyone = everybody()
    hidden_lessons = lessons - keys(Lesson.objects.visible_to(anyone).filter(pk__in=lessons))
    hidden = incidents - keys(Incident.objects.visible_to(anyone).filter(pk__in=incidents))
    is_open = [
        row.lesson_id not in hidden_lessons and row.incident_id not in hidden for row in found
    ]
    return (
        [row for row, one in zip(found, is_open, strict=True) if one],
        [row for row, one in zip(found, is_open, strict=True) if not one],
    )


def keys(rows: QuerySet[Lesson] | QuerySet[Incident]) -> set[int]:
    return set(rows.values_list("pk", flat=True))


def forget_before(moment: datetime) -> int:
    """How many runs went, with what they found."""
    old = CheckRun.objects.filter(checked_at__lt=moment).order_by("checked_at", "pk")
    return sum(remove_in_steps(old, at_a_time=BATCH))
