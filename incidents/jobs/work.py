"""What a handler is given: its job, the time, and the way to say how far it is."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from threading import Event

from django.db import transaction

from incidents.jobs.claims import complete
from incidents.models import Job


class CannotBeDone(Exception):
    """Trying again would change nothing: the job fails at once. The words are for people."""


class TryLater(Exception):
    """Not now; counts as an attempt like any other. The words are for people.

    Without `after` it waits as its kind does.
    """

    def __init__(self, why: str, *, after: timedelta | None = None) -> None:
        super().__init__(why)
        self.after = after


class NotYet(Exception):
    """Nothing was tried, and nothing will be before `until`: it counts as no attempt. The words
    are for people."""

    def __init__(self, why: str, *, until: datetime) -> None:
        super().__init__(why)
        self.until = until


class LeaseLost(Exception):
    """Another worker has the job by now: what this one did is taken back."""


@dataclass
class Work:
    job: Job
    at: datetime
    is_completed: bool = False
    # Written by who keeps the lease, beside the transaction of the handler.
    done: int = 0
    total: int | None = None
    lost: Event = field(default_factory=Event)

    def progress(self, done: int, total: int | None = None) -> None:
        """How many parts of how many are done. Raises `LeaseLost` where going on is in vain."""
        self.done, self.total = done, total
        if self.lost.is_set():
            raise LeaseLost

    @contextmanager
    def completing(self, outcome: str) -> Iterator[None]:
        """What is written inside is kept together with the job's end, or not at all.

        For kinds that run outside a transaction. Raises `LeaseLost` at the end of the block, which
        takes its writes back.
        """
        with transaction.atomic():
            yield
            self.complete(outcome)
        self.is_completed = True

    def complete(self, outcome: str) -> None:
        if not complete(self.job, outcome=outcome, done=self.done, total=self.total):
            raise LeaseLost
