"""A writer who does not end: what another writer has to wait for."""

from collections.abc import Iterator
from contextlib import contextmanager
from threading import Event, Thread

from django.db import connection, connections, models, transaction


@contextmanager
def somebody_else_writes(*tables: type[models.Model]) -> Iterator[None]:
    """Another connection holds the locks that a writer of these tables needs; readers go on."""
    held, enough = Event(), Event()

    def hold() -> None:
        try:
            with transaction.atomic(), connection.cursor() as cursor:
                # On SQLite there is one lock, and whoever begins a transaction has it.
                for table in tables if connection.vendor == "postgresql" else ():
                    cursor.execute(f"LOCK TABLE {table._meta.db_table} IN EXCLUSIVE MODE")
                held.set()
                enough.wait(60)
        finally:
            connections.close_all()

    thread = Thread(target=hold)
    thread.start()
    try:
        if not held.wait(30):
            raise TimeoutError("The other writer got no lock.")
        yield
    finally:
        enough.set()
        thread.join(30)
