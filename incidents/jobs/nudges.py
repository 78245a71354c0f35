"""Telling workers elsewhere that there is work. Nothing depends on it but how soon they look.

A broker that refuses costs time, and one that hangs costs more: so a request only puts the queue's
name where a thread finds it. The thread sends one message at a time, and after a failure none for a
while; what it did not say is found by the next look of a worker.
"""

import logging
import os
from threading import Condition, Thread
from time import monotonic
from typing import Any

from django.conf import settings

from incidents.models import Queue

logger = logging.getLogger(__name__)

PAUSE = 5.0
"""Seconds without another try after the broker could not be reached."""


def nudge(queue: Queue) -> None:
    """Without a broker there is nobody to tell: the site's own workers look by themselves."""
    if settings.BROKER_URL:
        _nudger.nudge(queue)


def broker_failure() -> str:
    """How the broker could not be reached when this process tried last; empty if it could."""
    return _nudger.failure


class Nudger:
    """Queues wait in a set: a thousand jobs of one moment need one message."""

    def __init__(self) -> None:
        self.waiting: set[Queue] = set()
        self.news = Condition()
        self.thread: Thread | None = None
        self.connection: Any = None
        self.paused_until = 0.0
        self.failure = ""

    def nudge(self, queue: Queue) -> None:
        with self.news:
            if monotonic() < self.paused_until:
                return
            self.waiting.add(queue)
            if self.thread is None:
                self.thread = Thread(target=self.keep_saying, daemon=True, name="nudges")
                self.thread.start()
            self.news.notify()

    def keep_saying(self) -> None:
        while True:
            with self.news:
                self.news.wait_for(lambda: self.waiting)
                queue = self.waiting.pop()
            self.say(queue)

    def say(self, queue: Queue) -> None:
        # Celery takes a while to import, and is not needed by who owes nothing.
        from incidents.jobs.broker import brief_connection, say  # noqa: PLC0415

        try:
            self.connection = self.connection or brief_connection()
            say(queue, connection=self.connection)
        except Exception as error:  # noqa: BLE001 (each transport has its own, and none may end this)
            with self.news:
                self.paused_until = monotonic() + PAUSE
                self.waiting.clear()
            if not self.failure:
                logger.warning("The broker cannot be reached: %s", error)
            self.failure = type(error).__name__
            self.connection = None
        else:
            self.failure = ""


_nudger = Nudger()


def _begin_anew() -> None:
    """In a forked process: the thread stayed behind, and the connection is the other's."""
    global _nudger  # noqa: PLW0603 (one for the process)
    _nudger = Nudger()


os.register_at_fork(after_in_child=_begin_anew)
