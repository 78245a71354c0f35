"""Who holds what a session of PostgreSQL waits for."""

from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import datetime
from threading import Event, Thread

import psycopg
from django.db.backends.base.base import BaseDatabaseWrapper
from django.utils.translation import gettext

LOOK_EVERY = 0.1
"""Seconds: several looks within the shortest wait."""
MOST_WORDS = 80
HOLDERS = """
    SELECT pid, coalesce(backend_type, ''), coalesce(state, ''), xact_start AT TIME ZONE 'UTC',
        coalesce(query, '')
    FROM pg_stat_activity WHERE pid = ANY (pg_blocking_pids(%s)) ORDER BY xact_start
"""


@dataclass(frozen=True)
class Holder:
    pid: int
    kind: str
    state: str
    since: datetime | None  # without a zone, of UTC
    query: str

    def __str__(self) -> str:
        """As in `process 4711, idle in transaction, since 2026-09-14 08:30:00 UTC: SELECT 1`."""
        kind = "" if self.kind == "client backend" else self.kind
        since = (
            gettext("since %(since)s UTC") % {"since": f"{self.since:%Y-%m-%d %H:%M:%S}"}
            if self.since
            else ""
        )
        told = [gettext("process %(pid)s") % {"pid": self.pid}, kind, self.state, since]
        words = " ".join(self.query.split())
        begins = words if len(words) <= MOST_WORDS else f"{words[:MOST_WORDS]} …"
        return ", ".join(filter(None, told)) + (f": {begins}" if begins else "")


class Holders:
    """Those for whom was waited last."""

    def __init__(self) -> None:
        self.last: list[Holder] = []

    def look(self, session: psycopg.Connection, waiting: int) -> None:
        if found := session.execute(HOLDERS, [waiting]).fetchall():
            self.last = [Holder(*row) for row in found]


@contextmanager
def holders_of(connection: BaseDatabaseWrapper) -> Iterator[Holders]:
    """Looks from a connection of its own, for as long as the block runs.

    Nobody is found where there is no such connection to be had, and behind PgBouncer, which gives
    sessions other numbers.
    """
    found = Holders()
    connection.ensure_connection()
    waiting, way = connection.connection.info.backend_pid, connection.get_connection_params()
    over = Event()

    def watch() -> None:
        with suppress(psycopg.Error), psycopg.connect(**way, autocommit=True) as session:
            while not over.wait(LOOK_EVERY):
                found.look(session, waiting)

    watcher = Thread(target=watch, daemon=True)
    watcher.start()
    try:
        yield found
    finally:
        over.set()
        watcher.join()
