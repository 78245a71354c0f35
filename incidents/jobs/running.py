"""Running a job that was taken, and writing down what became of it."""

import logging
import traceback
from contextlib import AbstractContextManager, nullcontext
from datetime import datetime, timedelta
from functools import partial
from pathlib import Path

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from incidents.jobs.claims import fail, put_off, wait_until
from incidents.jobs.heartbeat import kept
from incidents.jobs.kinds import JobKind, WrongArguments, kind_named
from incidents.jobs.work import CannotBeDone, LeaseLost, NotYet, TryLater, Work
from incidents.lib.words.own import in_own_words
from incidents.models import Job

logger = logging.getLogger(__name__)

LONGEST_WORDS = 300
"""Characters of an error that are kept."""


def run(job: Job, *, at: datetime | None = None, keep: bool = False) -> None:
    """Run the handler of a job that the caller has taken; never raises what the handler raised.

    `keep` is for workers: the lease is kept, and a job that hangs ends the process. What became of
    it is kept in the site's own words; a handler that writes for a person asks for their language.
    """
    with in_own_words():
        run_taken(job, at=at, keep=keep)


def run_taken(job: Job, *, at: datetime | None, keep: bool) -> None:
    kind = kind_named(job.kind)
    if job.attempts > kind.attempts:
        # It was left behind by each of its workers: they did not come to write an error.
        fail(job, error=died_with_it(job, kind))
        return
    work = Work(job, at or timezone.now())
    try:
        kind.require(job.arguments)
        with kept_or_not(work, kind, keep=keep):
            handle(work, kind)
    except LeaseLost:
        logger.warning("%s was overtaken; what it did here is taken back.", job)
    except (CannotBeDone, WrongArguments) as error:
        fail(job, error=str(error))
    except NotYet as error:
        wait_until(job, error.until, why=str(error))
    except TryLater as error:
        try_again(job, kind, error=str(error), wait=error.after)
    except Exception as error:
        logger.exception("%s did not work.", job)
        try_again(job, kind, error=in_words(error))


def kept_or_not(work: Work, kind: JobKind, *, keep: bool) -> AbstractContextManager[None]:
    if not keep:
        return nullcontext()
    words = f"It was still running after {kind.longest_run}, and was stopped."
    give_up = partial(try_again, work.job, kind, error=words)
    return kept(work, longest=kind.longest_run, give_up=give_up)


def handle(work: Work, kind: JobKind) -> None:
    if kind.outside_transaction:
        outcome = kind.handler(work, **work.job.arguments)
        if not work.is_completed:
            work.complete(outcome)
        return
    with transaction.atomic():
        work.complete(kind.handler(work, **work.job.arguments))


def try_again(job: Job, kind: JobKind, *, error: str, wait: timedelta | None = None) -> None:
    """After a while; or, after as many attempts as its kind has, not until somebody asks for it."""
    if job.attempts >= kind.attempts:
        fail(job, error=error)
    else:
        put_off(job, error=error, wait=kind.wait_after(job.attempts) if wait is None else wait)


def died_with_it(job: Job, kind: JobKind) -> str:
    last = f" Before: {job.error}" if job.error else ""
    return (f"The worker that had it was killed or hung, the last of {kind.attempts} times.{last}")[
        :LONGEST_WORDS
    ]


def in_words(error: Exception) -> str:
    """What may be shown to administrators, who may not know of every incident.

    Right: "ConnectionRefusedError: [Errno 111] Connection refused (incidents/x/tasks.py, line 3)".
    Wrong: "IntegrityError: … Failing row contains (42, The title of a restricted incident)".
    The words of whoever could not be reached are kept; those of other errors are in the log.
    """
    words = type(error).__name__
    if isinstance(error, OSError):
        words += f": {error}".splitlines()[0]
    ours = [
        frame
        for frame in traceback.extract_tb(error.__traceback__)
        if Path(frame.filename).is_relative_to(settings.BASE_DIR)
        and ".venv" not in Path(frame.filename).parts
    ]
    if ours:
        place = Path(ours[-1].filename).relative_to(settings.BASE_DIR)
        words += f" ({place}, line {ours[-1].lineno})"
    return words[:LONGEST_WORDS]
