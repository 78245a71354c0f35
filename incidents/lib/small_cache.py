"""Reading much of a database once, without keeping what was read."""

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import connection

KIBIBYTES = 2000


@contextmanager
def small_cache() -> Iterator[None]:
    """SQLite keeps the pages that it has read, in the memory of whoever asked; fewer meanwhile.

    A cache is for what is asked again. Nothing to do for PostgreSQL, whose server has it.
    """
    if connection.vendor != "sqlite":
        yield
        return
    with connection.cursor() as cursor:
        (size,) = cursor.execute("PRAGMA cache_size").fetchone()
        # Negative is in KiB, positive in pages: it is put back as it was.
        cursor.execute(f"PRAGMA cache_size = -{KIBIBYTES}")
    try:
        yield
    finally:
        with connection.cursor() as cursor:
            cursor.execute(f"PRAGMA cache_size = {size}")
