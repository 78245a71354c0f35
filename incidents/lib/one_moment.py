"""Reading many things as they were at one moment."""

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from typing import Any

from django.db import connection, transaction


@contextmanager
def one_moment() -> Iterator[None]:
    """A transaction that reads the database as it is when it first reads.

    What others write meanwhile is seen by none of its queries, and nobody waits for its end; it may
    not write, since what it would write may be out of date. On SQLite any transaction reads so;
    those of the site begin with the lock of whoever writes, this one does without. On PostgreSQL
    each query of an ordinary one sees what was written before that query: it is asked for
    REPEATABLE READ. Inside of another transaction it is too late to ask, and it reads as that one
    does.
    """
    is_outermost = not connection.in_atomic_block
    with ExitStack() as block:
        if is_outermost and connection.vendor == "sqlite":
            with _without_the_lock():
                block.enter_context(transaction.atomic())
        else:
            block.enter_context(transaction.atomic())
        if is_outermost and connection.vendor == "postgresql":
            with connection.cursor() as cursor:
                cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
        yield


@contextmanager
def _without_the_lock() -> Iterator[None]:
    """How a transaction of SQLite that begins inside is begun."""
    connection.ensure_connection()
    database: Any = connection
    usual, database.transaction_mode = database.transaction_mode, "DEFERRED"
    try:
        yield
    finally:
        database.transaction_mode = usual
