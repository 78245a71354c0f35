"""While a job runs: says that its worker is still at it, and ends what runs for too long."""

import logging
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from threading import Event, Thread
from time import monotonic

from django.db import DatabaseError, connections

from incidents.jobs.claims import renew
from incidents.jobs.work import Work

logger = logging.getLogger(__name__)

TICK = 1.0
RENEW_EVERY = 5.0
"""Seconds: a third of the lease, so that a beat or two may fail."""
HUNG = 70
"""The exit code of a process that ends itself because its job did not end."""


@contextmanager
def kept(work: Work, *, longest: timedelta, give_up: Callable[[], None]) -> Iterator[None]:
    """Keep the lease for as long as the block runs, but no longer than `longest`.

    After that, `give_up` is called and the process ends: a thread cannot be stopped, and whoever
    started the process starts another. A job that is over within a second costs no query.

    On SQLite a handler in its transaction holds the write lock, and a beat waits for it in vain.
    That does no harm: who would overtake it waits for the same lock, and finds the job ended.
    """
    over = Event()
    beat = Thread(target=_beat, args=(work, over, longest, give_up), daemon=True)
    beat.start()
    try:
        yield
    finally:
        over.set()


def _beat(work: Work, over: Event, longest: timedelta, give_up: Callable[[], None]) -> None:
    begun = renewed = monotonic()
    told = (work.done, work.total)
    try:
        while not over.wait(TICK):
            if monotonic() - begun > longest.total_seconds():
                logger.error("%s ran for more than %s: its process ends.", work.job, longest)
                try:
                    give_up()
                finally:
                    os._exit(HUNG)
            so_far = (work.done, work.total)
            if so_far == told and monotonic() - renewed < RENEW_EVERY:
                continue
            try:
                if not renew(work.job, done=so_far[0], total=so_far[1]):
                    work.lost.set()
                    return
            except DatabaseError:
                # The next beat tries again; the job itself will hear of it if this goes on.
                logger.warning("The lease of %s was not renewed.", work.job, exc_info=True)
                connections.close_all()
                continue
            told, renewed = so_far, monotonic()
    finally:
        connections.close_all()
