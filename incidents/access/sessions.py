"""Sessions that end by themselves, and that others can end."""

import time
from typing import Any

from django.conf import settings
from django.contrib.auth import SESSION_KEY
from django.contrib.auth.signals import user_logged_in
from django.contrib.sessions.backends.db import SessionStore as DatabaseSessions
from django.contrib.sessions.models import Session
from django.db import DatabaseError
from django.http import HttpRequest

from incidents.lib.brief_writes import brief_write
from incidents.models import User

BEGUN = "begun"
SEEN = "seen"
SEEN_EVERY = 3600
"""Seconds: so often at most it is written down that somebody is there."""
DAY = 24 * 3600


class SessionStore(DatabaseSessions):
    """Opens nothing `SESSION_DAYS` after the sign-in, nor `SESSION_IDLE_DAYS` after the last use.

    Somebody's session that has neither time is of a version before, and ends as it did then.
    """

    def load(self) -> dict[str, Any]:
        kept: dict[str, Any] = super().load()
        if SESSION_KEY not in kept or BEGUN not in kept:
            return kept
        now = time.time()
        seen = kept.get(SEEN, kept[BEGUN])
        if is_over(now, begun=kept[BEGUN], seen=seen):
            return {}
        if now - seen >= SEEN_EVERY:
            kept[SEEN] = now
            self.keep(kept)
        return kept

    def keep(self, kept: dict[str, Any]) -> None:
        """Not by the way of a session that was changed, which has to be written or fails."""
        try:
            with brief_write():
                Session.objects.filter(pk=self.session_key).update(session_data=self.encode(kept))
        except DatabaseError:
            # It is written with the next request that finds the database willing.
            pass


def is_over(now: float, *, begun: float, seen: float) -> bool:
    return (
        now - begun >= settings.SESSION_DAYS * DAY or now - seen >= settings.SESSION_IDLE_DAYS * DAY
    )


def begins(*, request: HttpRequest, **_: Any) -> None:
    request.session[BEGUN] = request.session[SEEN] = time.time()


def watch() -> None:
    """Once for a process."""
    user_logged_in.connect(begins, dispatch_uid="sessions begin")


def end_sessions(of: User | None = None) -> int:
    """Signs one person out wherever they are signed in, or everybody; how many sessions it were."""
    ended = 0
    for session in Session.objects.iterator():
        kept = session.get_decoded()
        whose = kept.get(SESSION_KEY)
        if whose and (of is None or whose == str(of.pk)):
            session.delete()
            ended += 1
    return ended
