"""How many requests a process works at: as many as it can answer in time, and no more.

A server that takes on all that it is asked answers nobody once that is more than it can do: each
answer is ready when whoever asked has gone, and is worked at all the same. So of the requests that
have come a few are worked at, some more wait for a moment, and the others are told at once to come
again. What a responder needs goes first: one place is kept for it.
"""

from collections import deque
from collections.abc import Iterable
from threading import Condition
from wsgiref.types import StartResponse, WSGIApplication, WSGIEnvironment

from django.conf import settings
from django.utils.translation import gettext_lazy

from incidents.health.unavailable import refuse
from incidents.lib.database_trouble import Words

FREE = ("/static/", "/healthz/", "/readyz/", "/metrics/")
"""Files, and what is asked about the site: they take next to nothing, and never wait."""
FIRST = ("/lookup/", "/runbooks/", "/api/v1/lookup/", "/hooks/")
"""What is looked up at night, and the alerts that are sent here; and the first page of all."""
WAIT = 2.0
"""Seconds, at most, until there is a place. Of lookups the line is full long before."""
TOO_MANY = Words(
    gettext_lazy("Too many are asking at once"),
    gettext_lazy(
        "The site answers those that it can, and this came when others were waiting already."
    ),
    2,
)
TOO_MUCH = Words(
    gettext_lazy("Too much is being sent to this site at once"),
    gettext_lazy("Nothing was kept: send it again."),
    5,
)


class Places:
    """`at_once` requests are worked at, and as many again wait. But for one place, what goes
    first has all; each has its turn after those of its kind that came before."""

    def __init__(self, at_once: int, *, wait: float = WAIT) -> None:
        self.at_once, self.wait = at_once, wait
        self.for_others = max(1, at_once - 1)
        self.taken, self.taken_by_others = 0, 0
        self.lines: dict[bool, deque[object]] = {True: deque(), False: deque()}
        self.changed = Condition()

    @property
    def waiting(self) -> int:
        return sum(map(len, self.lines.values()))

    def take(self, *, first: bool) -> bool:
        """Whether there is a place for it now, or soon enough."""
        with self.changed:
            line = self.lines[first]
            if not line and self._is_free(first=first):
                self._begin(first=first)
                return True
            if self.waiting >= self.at_once:
                return False
            waiter = object()
            line.append(waiter)
            self.changed.notify_all()
            if self.changed.wait_for(lambda: waiter not in line, self.wait):
                return True
            line.remove(waiter)
            return False

    def leave(self, *, first: bool) -> None:
        with self.changed:
            self.taken -= 1
            self.taken_by_others -= not first
            for goes_first, line in self.lines.items():
                while line and self._is_free(first=goes_first):
                    line.popleft()
                    self._begin(first=goes_first)
            self.changed.notify_all()

    def _is_free(self, *, first: bool) -> bool:
        return self.taken < self.at_once and (first or self.taken_by_others < self.for_others)

    def _begin(self, *, first: bool) -> None:
        self.taken += 1
        self.taken_by_others += not first


class Admission:
    """Before all of Django, so that to be told takes less than to be answered."""

    def __init__(self, application: WSGIApplication, *, at_once: int) -> None:
        self.application, self.places = application, Places(at_once)

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        path = environ.get("PATH_INFO", "")
        if path.startswith(FREE):
            return self.application(environ, start_response)
        first = path == "/" or path.startswith(FIRST)
        if not self.places.take(first=first):
            return refuse(environ, start_response, TOO_MANY)
        try:
            return self.application(environ, start_response)
        finally:
            self.places.leave(first=first)


def admitted(application: WSGIApplication) -> WSGIApplication:
    """The site, by `REQUESTS_AT_ONCE`; 0 takes on everything."""
    at_once = settings.REQUESTS_AT_ONCE
    return Admission(application, at_once=at_once) if at_once else application


def refuse_what_is_sent(environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
    """While others send as much as there is room for."""
    return refuse(environ, start_response, TOO_MUCH)
