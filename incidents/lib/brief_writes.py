"""Writes that are worth little: they wait neither for a lock nor for the disk."""

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import connection, transaction

WAIT_MS = 100
"""For a lock that somebody else holds."""


@contextmanager
def brief_write() -> Iterator[None]:
    """A transaction that gives up with `django.db.DatabaseError` rather than wait.

    A power cut may take what was written last: whoever writes like this has promised nobody that it
    is kept. It never damages what others wrote.
    """
    if connection.vendor == "postgresql":
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(
                "SELECT set_config('lock_timeout', %s, true),"
                " set_config('synchronous_commit', 'off', true)",
                [f"{WAIT_MS}ms"],
            )
            yield
        return
    if connection.in_atomic_block:
        # The lock is held already.
        with transaction.atomic():
            yield
        return
    with _sqlite_in_a_hurry(), transaction.atomic():
        yield


@contextmanager
def _sqlite_in_a_hurry() -> Iterator[None]:
    connection.ensure_connection()
    database = connection.connection
    (wait,) = database.execute("PRAGMA busy_timeout").fetchone()
    (sync,) = database.execute("PRAGMA synchronous").fetchone()
    database.execute(f"PRAGMA busy_timeout = {WAIT_MS}")
    database.execute(f"PRAGMA synchronous = {min(sync, 1)}")
    try:
        yield
    finally:
        database.execute(f"PRAGMA busy_timeout = {wait}")
        database.execute(f"PRAGMA synchronous = {sync}")
