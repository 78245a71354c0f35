"""A copy of the test's database on a PostgreSQL server of its own, for a test to maltreat."""

import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from typing import LiteralString

import psycopg
from django.db import connection

from tests.postgres import Binaries, Programs, Server, find_binaries, private_server

NAME = "site"


class OwnPostgres:
    """Acknowledged is what a crash of the server would not take back."""

    def __init__(self, server: Server, programs: Programs) -> None:
        self.server, self.programs = server, programs
        self.url = server.url(NAME)

    def rows(self, statement: LiteralString) -> list[tuple[object, ...]]:
        with psycopg.connect(
            host=str(self.server.socket_folder), user="postgres", dbname=NAME, autocommit=True
        ) as session:
            found = session.execute(statement)
            return found.fetchall() if found.description else []

    def end_all(self) -> list[tuple[object, ...]]:
        """Every connection but the one that says so."""
        return self.rows(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
            " WHERE datname = 'site' AND pid <> pg_backend_pid()"
        )


@contextmanager
def own_postgres(**settings: str) -> Iterator[OwnPostgres]:
    """For tests of PostgreSQL: they are not run on SQLite, where they would learn nothing."""
    binaries = find_binaries()
    with private_server(binaries, synchronous_commit="on", **settings) as server:
        server.make_database(NAME)
        copy(binaries, server)
        assert server.programs
        yield OwnPostgres(server, server.programs)


def copy(binaries: Binaries, server: Server) -> None:
    known = connection.settings_dict
    dump = [str(binaries.folder / "pg_dump"), "--host", str(known["HOST"])]
    fill = [str(binaries.folder / "psql"), "--host", str(server.socket_folder), "--dbname", NAME]
    fill += ["--no-psqlrc", "--quiet", "--set", "ON_ERROR_STOP=1"]
    owner = ["--username", "postgres", "--no-password"]
    made = subprocess.run([*dump, *owner, str(known["NAME"])], check=True, capture_output=True)
    subprocess.run([*fill, *owner], input=made.stdout, check=True, capture_output=True)
