"""The kinds of work that there are: a table, filled by the `tasks.py` of each capability."""

import inspect
import random
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from incidents.models import Queue

Handler = Callable[..., str]

LONGEST_RUN = {Queue.LIGHT: timedelta(minutes=5), Queue.HEAVY: timedelta(hours=1)}


class UnknownKind(LookupError):
    def __init__(self, name: str) -> None:
        super().__init__(f"There is no kind of job called {name!r}.")


class WrongArguments(TypeError):
    """They were written by another version of the site, or are no plain values."""


@dataclass(frozen=True)
class JobKind:
    """How work of one kind is run, and how often it is tried before it has failed.

    Waits between attempts grow twofold from `first_wait` up to `longest_wait`; each is drawn
    between nothing and that much, so that what failed together does not come back together.
    """

    name: str
    handler: Handler
    queue: Queue
    attempts: int
    outside_transaction: bool
    every: timedelta | None
    first_wait: timedelta
    longest_wait: timedelta
    longest_run: timedelta

    def wait_after(self, attempts: int) -> timedelta:
        grown = self.first_wait * float(2 ** min(attempts - 1, 30))
        return min(grown, self.longest_wait) * random.random()  # noqa: S311 (hides nothing)

    def require(self, arguments: Mapping[str, Any]) -> None:
        """Raises `WrongArguments` where the handler would not take them."""
        try:
            inspect.signature(self.handler).bind(None, **arguments)
        except TypeError as error:
            raise WrongArguments(f"{self.name} does not take these arguments: {error}.") from None


KINDS: dict[str, JobKind] = {}


def job_kind(
    name: str,
    *,
    queue: Queue,
    attempts: int = 5,
    every: timedelta | None = None,
    outside_transaction: bool = False,
    first_wait: timedelta = timedelta(seconds=10),
    longest_wait: timedelta = timedelta(hours=1),
    longest_run: timedelta | None = None,
) -> Callable[[Handler], Handler]:
    """Makes of a function the handler of a kind: `(work, *, …arguments) -> outcome in words`.

    It has to be safe to run twice. By default it runs in one transaction with the end of its job,
    so that what it writes is written once; it must then be short. `outside_transaction` is for what
    talks to others or takes long: it writes in `with work.completing(outcome):`. With `every`, one
    job is owed in each such stretch of time, without arguments.

    Outcomes and the words of `CannotBeDone` are read by administrators, who may not know of every
    incident: they name records by their references and never by their titles.
    """

    def register(handler: Handler) -> Handler:
        if name in KINDS:
            raise ValueError(f"There are two kinds of job called {name!r}.")
        KINDS[name] = JobKind(
            name=name,
            handler=handler,
            queue=queue,
            attempts=attempts,
            outside_transaction=outside_transaction,
            every=every,
            first_wait=first_wait,
            longest_wait=longest_wait,
            longest_run=longest_run or LONGEST_RUN[queue],
        )
        return handler

    return register


def kind_named(name: str) -> JobKind:
    """Raises `UnknownKind`."""
    try:
        return KINDS[name]
    except KeyError:
        raise UnknownKind(name) from None
