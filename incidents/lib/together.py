"""Work that nobody waits for, gathered for a moment and then done together."""

import logging
import os
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Condition
from typing import Generic, TypeVar

from django.db import connections

logger = logging.getLogger(__name__)

Thing = TypeVar("Thing")

MOST = 10_000
"""Things that wait at most. Whoever gives more is faster than the database, and would fill the
memory: what is over is lost, and the log says so."""
LONGEST = 2.0
"""Seconds for which `finish` waits."""


class Together(Generic[Thing]):
    """Calls `do` with all that was given to it within a moment, in the order in which it was.

    A thread does that, with a connection to the database only as long as it has something to do. A
    process that is told to stop does first what was gathered; one that is killed loses it.
    """

    def __init__(self, do: Callable[[list[Thing]], None]) -> None:
        self._do = do
        self._begin_anew()
        # In a forked process the thread stayed behind, and what it was given is its own.
        os.register_at_fork(after_in_child=self._begin_anew)

    def _begin_anew(self) -> None:
        self._thread = ThreadPoolExecutor(1)
        self._news = Condition()
        self._waiting: list[Thing] = []
        self._is_at_it = False
        self._hurries = False

    def add(self, thing: Thing, *, pause: float) -> None:
        """It is done in at least `pause` seconds; with none, at once and by this thread."""
        if not pause:
            self._do([thing])
            return
        with self._news:
            if len(self._waiting) >= MOST:
                logger.warning("Too much waits to be done together: one thing is lost.")
                return
            self._waiting.append(thing)
            if self._is_at_it:
                return
            self._is_at_it = True
        try:
            self._thread.submit(self._work, pause)
        except RuntimeError:
            # The process ends, and begins nothing any more.
            self._work(0)

    def finish(self) -> None:
        """Returns when all is done that was given before, or after `LONGEST`."""
        with self._news:
            self._hurries = self._is_at_it
            self._news.notify_all()
            self._news.wait_for(lambda: not self._is_at_it, LONGEST)

    def _work(self, pause: float) -> None:
        try:
            while things := self._gathered(pause):
                try:
                    self._do(things)
                except Exception:
                    logger.exception("What was to be done together was not done: %d.", len(things))
        finally:
            connections.close_all()

    def _gathered(self, pause: float) -> list[Thing]:
        with self._news:
            if self._waiting:
                self._news.wait_for(lambda: self._hurries, pause)
            things, self._waiting = self._waiting, []
            if not things:
                self._is_at_it = self._hurries = False
                self._news.notify_all()
            return things
