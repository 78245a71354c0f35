"""Which entries were written since: what an index outside the database has yet to read.

Each write of an entry is numbered. On PostgreSQL the number is the transaction's, and not every
lower number is there when a higher one is: what is surely there is what is below the oldest
transaction that still runs. On SQLite there is one writer at a time, and the numbers only rise.
"""

import time
from typing import NamedTuple

from django.db import connection
from django.db.models import Max

from incidents.models import SearchEntry


class Position(NamedTuple):
    """How far an index has read: on SQLite everything up to `horizon`; on PostgreSQL everything
    below it, and above it what is in `read`."""

    horizon: int
    read: frozenset[int]


NOWHERE = Position(-1, frozenset())


class Since(NamedTuple):
    """The archive's entries written since a position, newest first, and the position when all are
    read.

    `is_another` says that the position is of another database, from which nothing may be kept.
    """

    entry_ids: list[int]
    position: Position
    is_another: bool


def write_number() -> int:
    """The number of the writes of this transaction. To be called within one."""
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute("SELECT pg_current_xact_id()::text::bigint")
            return int(cursor.fetchone()[0])
    highest = SearchEntry.objects.aggregate(highest=Max("written"))["highest"] or 0
    # By the clock, so that a number does not come again when the newest entry goes.
    return max(highest + 1, time.time_ns() // 1000)


WRITTEN_SINCE = {
    "sqlite": """
        SELECT 0, 0, id, written FROM {entries} WHERE written > %s AND kind <> 'runbook'
        ORDER BY written DESC, id DESC
    """,
    # Numbers from `next` on were given by another server, whose copy this one was brought.
    "postgresql": """
        SELECT oldest, next, id, written
        FROM (
            SELECT pg_snapshot_xmin(now)::text::bigint AS oldest,
                pg_snapshot_xmax(now)::text::bigint AS next, %s AS horizon
            FROM pg_current_snapshot() AS now
        ) AS snapshot
        LEFT JOIN {entries} ON kind <> 'runbook'
            AND written >= horizon AND (written < next OR horizon < 0)
        ORDER BY written DESC, id DESC
    """,
}


def written_since(position: Position) -> Since:
    sql = WRITTEN_SINCE[connection.vendor].format(entries=SearchEntry._meta.db_table)
    with connection.cursor() as cursor:
        cursor.execute(sql, [position.horizon])
        found = cursor.fetchall()
    rows = [(entry_id, number) for _, _, entry_id, number in found if entry_id is not None]
    if connection.vendor == "postgresql":
        oldest, following = found[0][:2]
        return on_postgresql(position, rows, oldest=oldest, following=following)
    horizon = max((number for _, number in rows), default=position.horizon)
    reached = Position(horizon, frozenset())
    return Since([entry_id for entry_id, _ in rows], reached, is_another=False)


def on_postgresql(
    position: Position, rows: list[tuple[int, int]], *, oldest: int, following: int
) -> Since:
    """`oldest` is the first transaction that still runs, `following` the first to come."""
    if oldest < position.horizon:
        everything = written_since(NOWHERE)
        return Since(everything.entry_ids, everything.position, is_another=True)
    fresh = [entry_id for entry_id, number in rows if number not in position.read]
    above = position.read.union(number for _, number in rows)
    read = frozenset(number for number in above if oldest <= number < following)
    return Since(fresh, Position(oldest, read), is_another=False)
