"""Whether the site can do its work, and how much of it waits."""

from datetime import datetime
from enum import StrEnum
from functools import cache
from typing import NamedTuple

from django.conf import settings
from django.db import Error, connection
from django.db.migrations.executor import MigrationExecutor
from django.db.models import Count, Min, Q
from django.utils import timezone

from incidents.jobs.nudges import broker_failure
from incidents.jobs.queries import unattended
from incidents.models import Job, JobState, Queue

LATE = 600.0
"""Seconds that owed work may wait before somebody should look."""


class Readiness(StrEnum):
    READY = "ready"
    DEGRADED = "degraded"
    """Pages come, and something else waits."""
    NOT_READY = "not ready"


class Check(NamedTuple):
    """`is_needed` for a page; `problem` is empty where there is none, and gives away nothing that a
    stranger might use."""

    name: str
    problem: str
    is_needed: bool = False


class Health(NamedTuple):
    checks: list[Check]

    @property
    def readiness(self) -> Readiness:
        problems = [check for check in self.checks if check.problem]
        if any(check.is_needed for check in problems):
            return Readiness.NOT_READY
        return Readiness.DEGRADED if problems else Readiness.READY


class Work(NamedTuple):
    """`oldest` is how many seconds the oldest job has been due, 0 where none is."""

    queue: str
    owed: int
    running: int
    failed: int
    oldest: float


class MigrationsMissing(Exception):
    """This version of the site knows migrations that its database does not have."""


def health() -> Health:
    """Without its database the site can do nothing; without the broker, or with work that waits,
    every page is there."""
    try:
        require_migrations()
        owed, unseen = work(), unattended(at=timezone.now())
    except MigrationsMissing as missing:
        return Health([Check("database", ""), Check("migrations", str(missing), is_needed=True)])
    except Error:
        return Health([Check("database", "The database does not answer.", is_needed=True)])
    late = [one.queue for one in owed if one.oldest > LATE]
    return Health(
        [
            Check("database", ""),
            Check("migrations", ""),
            Check("broker", "The broker cannot be reached." if broker_is_away() else ""),
            Check("workers", words("No worker looks into", [str(one.queue) for one in unseen])),
            Check("work", words("Work has waited for more than ten minutes in", late)),
        ]
    )


def words(problem: str, queues: list[str]) -> str:
    return f"{problem} {' and '.join(queues)}." if queues else ""


@cache
def require_migrations() -> None:
    """Raises `MigrationsMissing`. Once they are there they stay, and are not looked for again: an
    older version of the site serves on beside a newer one."""
    executor = MigrationExecutor(connection)
    if executor.migration_plan(executor.loader.graph.leaf_nodes()):
        raise MigrationsMissing("Migrations are missing: run `manage.py migrate`.")


def broker_is_away() -> bool:
    return bool(settings.CELERY_BROKER_URL) and bool(broker_failure())


def work(*, at: datetime | None = None) -> list[Work]:
    """What waits in each queue at this moment."""
    at = at or timezone.now()
    rows = (
        Job.objects.filter(state__in=[JobState.OWED, JobState.RUNNING, JobState.FAILED])
        .order_by()
        .values("queue")
        .annotate(
            owed=Count("pk", filter=Q(state=JobState.OWED)),
            running=Count("pk", filter=Q(state=JobState.RUNNING)),
            failed=Count("pk", filter=Q(state=JobState.FAILED)),
            oldest=Min("due_at", filter=Q(state=JobState.OWED, due_at__lte=at)),
        )
    )
    found = {row["queue"]: row for row in rows}
    nothing = {"owed": 0, "running": 0, "failed": 0, "oldest": None}
    told = []
    for queue in Queue:
        row = found.get(queue.value, nothing)
        since = row["oldest"]
        oldest = (at - since).total_seconds() if since else 0.0
        told.append(Work(queue.value, row["owed"], row["running"], row["failed"], oldest))
    return told


def left_waiting(*, at: datetime) -> list[tuple[str, int]]:
    """Queues into which no worker looks, with the minutes that something has been due there."""
    unseen = {one.queue for one in unattended(at=at)}
    return [
        (one.queue, int(one.oldest // 60))
        for one in work(at=at)
        if one.queue in unseen and one.oldest > LATE
    ]
