"""A worker: looks what is owed in one queue, and does it."""

from collections.abc import Callable
from contextlib import suppress
from time import monotonic

from django.db import DatabaseError
from django.db.models.functions import Now
from django.utils import timezone

from incidents.jobs.apart import run_apart
from incidents.jobs.claims import is_work, take, takeable
from incidents.jobs.kinds import KINDS
from incidents.jobs.running import run
from incidents.jobs.slots import Slots
from incidents.lib.brief_writes import brief_write
from incidents.models import Job, Queue, QueueSeen

SEEN_EVERY = 10.0
"""Seconds between two notes that somebody looks at the queue."""


def never() -> bool:
    return False


class Worker:
    def __init__(self, queue: Queue, *, stopping: Callable[[], bool] = never) -> None:
        self.queue = queue
        self.stopping = stopping
        self.slots = Slots()
        self.seen = -SEEN_EVERY

    def look(self, *, most: int, seconds: float) -> int:
        """Do what is owed, one job after the other; how many those were.

        Stops after `most` jobs, or begins none after so many seconds.
        """
        self.be_seen()
        self.slots.owe(at=timezone.now())
        until = monotonic() + seconds
        for count in range(most):
            if self.stopping() or monotonic() > until or not self.is_work():
                return count
            job = take(self.queue, KINDS.keys())
            if job is None:
                # Another was faster.
                return count
            if self.queue == Queue.HEAVY:
                run_apart(job, stopping=self.stopping)
            else:
                run(job, keep=True)
            self.be_seen()
        return most

    def is_work(self) -> bool:
        return is_work(self.queue, KINDS.keys())

    def is_more_than_one(self) -> bool:
        due = Job.objects.filter(takeable(self.queue, KINDS.keys()))
        return len(due.values_list("pk")[:2]) > 1

    def be_seen(self) -> None:
        if monotonic() - self.seen < SEEN_EVERY:
            return
        # Another time will do: nobody's work waits for it.
        with suppress(DatabaseError), brief_write():
            QueueSeen.objects.bulk_create(
                [QueueSeen(queue=self.queue, seen_at=Now())],
                update_conflicts=True,
                unique_fields=["queue"],
                update_fields=["seen_at"],
            )
            self.seen = monotonic()
