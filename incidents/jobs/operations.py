"""Owing work, and asking for it again when it failed."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from functools import partial
from typing import Any

from django.db import transaction
from django.db.models import DateTimeField, Value
from django.db.models.functions import Least, Now
from django.utils.translation import gettext

from incidents.jobs.kinds import JobKind, kind_named
from incidents.jobs.nudges import nudge
from incidents.models import Batch, Job, JobState, Queue, User


class NothingToRetry(Exception):
    """Only what has failed is asked for again."""

    def __init__(self) -> None:
        super().__init__(gettext("This job has not failed, or somebody retried it already."))


@transaction.atomic
def owe(
    name: str,
    arguments: Mapping[str, Any],
    *,
    at: datetime,
    due_at: datetime | None = None,
    key: str = "",
    by: User | None = None,
) -> Job:
    """Work of the kind `name` must happen, from `due_at` on; kept or lost with the transaction.

    Where `key` is given and a job with it is still kept (finished ones are for `JOB_DAYS`), that
    one is returned and none is made. Arguments are plain values and keys of records; whoever reads
    the list of jobs may not know of the record, so they hold no texts of it.

    Raises `incidents.jobs.kinds.UnknownKind` and `incidents.jobs.kinds.WrongArguments`.
    """
    kind = kind_named(name)
    job = owed(kind, arguments, at=at, due_at=due_at, key=key, by=by)
    if not key:
        job.save(force_insert=True)
        job.due_at = due_at or at
        nudge_after_commit(kind.queue)
        return job
    made = Job.objects.bulk_create([job], ignore_conflicts=True)
    kept = Job.objects.get(key=key)
    if made:
        nudge_after_commit(kind.queue)
    return kept


@transaction.atomic
def owe_batch(
    title: str,
    name: str,
    arguments: Sequence[Mapping[str, Any]],
    *,
    at: datetime,
    due_at: datetime | Sequence[datetime] | None = None,
    by: User | None = None,
) -> Batch:
    """A job for each of `arguments`, counted together; `due_at` is for all, or a list with one for
    each. The title is read by administrators, who may not know of every incident.

    Raises `incidents.jobs.kinds.UnknownKind` and `incidents.jobs.kinds.WrongArguments`.
    """
    kind = kind_named(name)
    batch = Batch.objects.create(title=title, made_at=at, by=by)
    due = [due_at] * len(arguments) if due_at is None or isinstance(due_at, datetime) else due_at
    jobs = [
        owed(kind, each, at=at, due_at=when, by=by)
        for each, when in zip(arguments, due, strict=True)
    ]
    for job in jobs:
        job.batch = batch
    Job.objects.bulk_create(jobs, batch_size=500)
    nudge_after_commit(kind.queue)
    return batch


def owed(
    kind: JobKind,
    arguments: Mapping[str, Any],
    *,
    at: datetime,
    due_at: datetime | None = None,
    key: str = "",
    by: User | None = None,
) -> Job:
    """The row, not written yet."""
    kind.require(arguments)
    return Job(
        kind=kind.name,
        arguments=dict(arguments),
        queue=kind.queue,
        key=key,
        by=by,
        made_at=at,
        due_at=due_at or at_once(at),
    )


def at_once(at: datetime) -> Any:
    """No later than now by the database's clock, by which work is handed out: that of who owes it
    may be ahead, and it would wait for as long."""
    return Least(Value(at, output_field=DateTimeField()), Now())


def nudge_after_commit(queue: Queue) -> None:
    # Robust: the work is owed, whether or not anybody can be told.
    transaction.on_commit(partial(nudge, queue), robust=True)


@transaction.atomic
def retry_job(job: Job, *, by: User | None, at: datetime) -> Job:
    """Try a failed job again as if it were new. Raises `NothingToRetry`."""
    if not retry(Job.objects.filter(pk=job.pk), by=by, at=at):
        raise NothingToRetry
    nudge_after_commit(Queue(job.queue))
    return Job.objects.get(pk=job.pk)


@transaction.atomic
def retry_failed(kind: str, *, by: User | None, at: datetime) -> int:
    """Try all that failed of a kind again; how many those are."""
    jobs = Job.objects.filter(kind=kind, state=JobState.FAILED)
    queues = list(jobs.order_by().values_list("queue", flat=True).distinct())
    count = retry(jobs, by=by, at=at)
    for queue in queues:
        nudge_after_commit(Queue(queue))
    return count


def retry(jobs: Any, *, by: User | None, at: datetime) -> int:
    """Its last error stays to be read until it has gone well."""
    return int(
        jobs.filter(state=JobState.FAILED).update(
            state=JobState.OWED, attempts=0, due_at=at_once(at), ended_at=None, by=by
        )
    )
