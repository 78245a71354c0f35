"""What people see of the work that is owed."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import NamedTuple

from django.db.models import Case, Count, IntegerField, QuerySet, Value, When
from django.utils.translation import gettext, ngettext

from incidents.jobs.kinds import KINDS
from incidents.models import Batch, Job, JobState, Queue, QueueSeen

UNSEEN_AFTER = timedelta(minutes=2)
"""Longer than the minute between two passes from cron."""
URGENCY = [JobState.FAILED, JobState.RUNNING, JobState.OWED, JobState.DONE]
BATCHES = 5


class FailedKind(NamedTuple):
    kind: str
    jobs: int


class Unattended(NamedTuple):
    """A queue in which no worker looks; `seen_at` is null where none ever did."""

    queue: Queue
    seen_at: datetime | None


def jobs() -> QuerySet[Job]:
    """With their urgency: what failed is first."""
    ranks = [When(state=state, then=Value(rank)) for rank, state in enumerate(URGENCY)]
    return Job.objects.select_related("batch", "by").annotate(
        urgency=Case(*ranks, output_field=IntegerField())
    )


def batches() -> QuerySet[Batch]:
    return Batch.objects.counted().select_related("by").order_by("-made_at", "-pk")


def failed_kinds() -> list[FailedKind]:
    failed = Job.objects.filter(state=JobState.FAILED).order_by("kind")
    return [FailedKind(*row) for row in failed.values_list("kind").annotate(Count("pk"))]


def known_kinds() -> Iterable[str]:
    return sorted(KINDS)


def unattended(*, at: datetime) -> list[Unattended]:
    """A worker that is at a long job does not look, but keeps its lease."""
    seen = dict(QueueSeen.objects.values_list("queue", "seen_at"))
    busy = set(
        Job.objects.filter(state=JobState.RUNNING, lease_until__gte=at)
        .order_by()
        .values_list("queue", flat=True)
        .distinct()
    )
    return [
        Unattended(queue, seen.get(queue))
        for queue in Queue
        if queue not in busy and (queue not in seen or seen[queue] < at - UNSEEN_AFTER)
    ]


def shown_arguments(job: Job) -> list[tuple[str, str]]:
    """References as they are, and of texts no more than their length: nobody knows what they hold.

    Right: [("incident", "42"), ("note", "a text of 12 characters")].
    """
    return [(name, in_short(value)) for name, value in sorted(job.arguments.items())]


def in_short(value: object) -> str:
    if isinstance(value, str):
        size = len(value)
        words = ngettext("a text of %(count)s characters", "a text of %(count)s characters", size)
        return words % {"count": size}
    if isinstance(value, list | dict):
        size = len(value)
        return ngettext("%(count)s values", "%(count)s values", size) % {"count": size}
    if isinstance(value, bool):
        return gettext("yes") if value else gettext("no")
    return gettext("none") if value is None else str(value)


def most_attempts(job: Job) -> int | None:
    kind = KINDS.get(job.kind)
    return kind.attempts if kind else None
