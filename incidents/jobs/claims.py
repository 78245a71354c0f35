"""Who has a job: taken, kept and given back by conditional updates, by the database's clock.

A job is its worker's while its `token` is the worker's. Nothing else decides: a lease that ran out
only allows another worker to put its own token there. So a worker that slept through its lease and
was not overtaken ends its job well, and one that was overtaken cannot.
"""

from collections.abc import Collection
from datetime import datetime, timedelta
from uuid import uuid4

from django.db import transaction
from django.db.models import F, Q, QuerySet
from django.db.models.functions import Now

from incidents.models import Job, JobState, Queue

LEASE = timedelta(seconds=15)
"""For so long a job is its worker's, unless the worker says again that it is at it."""


def takeable(queue: Queue, kinds: Collection[str], *, at: datetime | None = None) -> Q:
    """Owed and due. `at` stands for the present moment in tests."""
    now = at or Now()
    return Q(state=JobState.OWED, queue=queue, due_at__lte=now, kind__in=kinds)


def left_behind(queue: Queue, kinds: Collection[str]) -> Q:
    """Their workers were killed, or hang. A lease that nobody could have been given is one by a
    clock that was ahead since: whoever still has it renews it within seconds."""
    is_over = Q(lease_until__lt=Now()) | Q(lease_until__gt=Now() + 2 * LEASE)
    return Q(is_over, state=JobState.RUNNING, queue=queue, kind__in=kinds)


def is_work(queue: Queue, kinds: Collection[str], *, at: datetime | None = None) -> bool:
    """Whether `take` would find any: asked often, so it takes no lock."""
    return (
        Job.objects.filter(takeable(queue, kinds, at=at)).exists()
        or Job.objects.filter(left_behind(queue, kinds)).exists()
    )


@transaction.atomic
def take(queue: Queue, kinds: Collection[str], *, at: datetime | None = None) -> Job | None:
    """The next job, which is the caller's from now on; None where there is none.

    First what was left behind, then what has been due for longest. Kinds that this version does not
    know are left to one that does.
    """
    for wanted, order in (
        (left_behind(queue, kinds), ["lease_until", "id"]),
        (takeable(queue, kinds, at=at), ["due_at", "id"]),
    ):
        free = Job.objects.filter(wanted).order_by(*order)
        # On SQLite the transaction alone keeps others out.
        pk = free.select_for_update(skip_locked=True).values_list("pk", flat=True).first()
        if pk is None:
            continue
        token = uuid4().hex
        taken = Job.objects.filter(wanted, pk=pk).update(
            state=JobState.RUNNING,
            token=token,
            lease_until=Now() + LEASE,
            attempts=F("attempts") + 1,
            begun_at=Now(),
            progress_done=0,
            progress_total=None,
        )
        if taken:
            return Job.objects.get(pk=pk)
    return None


def mine(job: Job) -> QuerySet[Job]:
    """The job, as long as it is the caller's."""
    return Job.objects.filter(pk=job.pk, state=JobState.RUNNING, token=job.token)


def renew(job: Job, *, done: int, total: int | None) -> bool:
    """Keep it for another `LEASE`; False where another has it."""
    return bool(
        mine(job).update(lease_until=Now() + LEASE, progress_done=done, progress_total=total)
    )


def complete(job: Job, *, outcome: str, done: int = 0, total: int | None = None) -> bool:
    """False where another has it: then what was done must be taken back with the transaction."""
    return bool(
        mine(job).update(
            state=JobState.DONE,
            token="",
            lease_until=None,
            ended_at=Now(),
            outcome=outcome[: Job._meta.get_field("outcome").max_length],
            error="",
            progress_done=done,
            progress_total=total,
        )
    )


def fail(job: Job, *, error: str) -> bool:
    """It has failed for good, until somebody retries it."""
    return bool(
        mine(job).update(
            state=JobState.FAILED, token="", lease_until=None, ended_at=Now(), error=error
        )
    )


def put_off(job: Job, *, error: str, wait: timedelta) -> bool:
    """It is owed again, after a while."""
    return bool(
        mine(job).update(
            state=JobState.OWED, token="", lease_until=None, due_at=Now() + wait, error=error
        )
    )


def wait_until(job: Job, due_at: datetime, *, why: str) -> bool:
    """It is owed again from then on, and its attempt does not count: nothing was tried."""
    return bool(
        mine(job).update(
            state=JobState.OWED,
            token="",
            lease_until=None,
            due_at=due_at,
            attempts=F("attempts") - 1,
            error=why,
        )
    )


def give_back(job: Job) -> bool:
    """As if it had not been taken: its worker was asked to stop."""
    return bool(
        mine(job).update(
            state=JobState.OWED,
            token="",
            lease_until=None,
            begun_at=None,
            attempts=F("attempts") - 1,
        )
    )
