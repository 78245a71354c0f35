"""The name of this module, and of the class in it, are what Django looks for."""

from collections import deque
from collections.abc import Callable
from typing import Any

from django.db.backends.postgresql import base
from psycopg import Connection, OperationalError
from psycopg_pool import ConnectionPool

from incidents.lib.postgresql.schema import SchemaEditor


class Pool(ConnectionPool[Connection[Any]]):
    """psycopg's, for a server that may be gone and come back.

    - Nobody is given a connection that has died meanwhile: with the first that is found dead, all
      that lie there go. psycopg's own check throws one away at a time, and waits between them for
      longer and longer.
    - Who waits for a server that refuses is told so at once. psycopg's own lets everybody wait
      until their time is over, and asks the server again only after minutes when it was away for
      minutes.
    """

    refusal: Exception = OperationalError("The database was not reached.")

    def __init__(self, **options: Any) -> None:
        # Without a pause between attempts, the second of them is the last.
        super().__init__(**options, reconnect_timeout=0)

    def getconn(self, timeout: float | None = None) -> Connection[Any]:
        connection = super().getconn(timeout)
        try:
            self.check_connection(connection)
        except OperationalError:
            self.putconn(connection)
            self.drain()
            connection = super().getconn(timeout)
        return connection

    def _connect(self, timeout: float | None = None) -> Connection[Any]:
        try:
            return super()._connect(timeout)
        except OperationalError as refusal:
            self.refusal = refusal
            raise

    def reconnect_failed(self) -> None:
        """Where others have connections, one of those will be free."""
        with self._lock:
            if self._nconns > 0:
                return
            waiting, self._waiting = self._waiting, deque()
        for one in waiting:
            one.fail(self.refusal)


class DatabaseWrapper(base.DatabaseWrapper):  # its types know nothing of pools
    SchemaEditorClass = SchemaEditor
    _connection_pools: dict[str, ConnectionPool[Connection[Any]]]
    _configure_connection: Callable[[Connection[Any]], None]

    @property
    def pool(self) -> ConnectionPool[Connection[Any]] | None:
        options = self.settings_dict["OPTIONS"].get("pool")
        if options and self.alias not in self._connection_pools:
            parameters = {**self.get_connection_params(), "autocommit": True}
            made = Pool(
                kwargs=parameters, open=False, configure=self._configure_connection, **options
            )
            # Of two threads that are the first, one has made it for both.
            self._connection_pools.setdefault(self.alias, made)
        return super().pool  # type: ignore[misc,no-any-return]
