"""PostgreSQL: its own programs, in one snapshot with what we count."""

from collections.abc import Iterator
from contextlib import closing, contextmanager
from hashlib import sha256
from pathlib import Path
from secrets import token_hex
from typing import Any

import psycopg
from django.conf import settings
from django.db import connection
from psycopg import sql
from psycopg.conninfo import make_conninfo

from incidents.backups.engines import CannotCopy, CannotRestore, Copied, Tell
from incidents.backups.engines.tools import NoTool, Running, ToolFailed, tool, way_to
from incidents.backups.manifest import Table

LONGEST_NAME = 63
"""Bytes of the name of a database."""
OURS = "postgres"
"""The database from which others are made and renamed."""
AS_WE_COMPARE = (
    "SET TimeZone = 'UTC'",
    "SET DateStyle = 'ISO'",
    "SET IntervalStyle = 'postgres'",
    "SET extra_float_digits = 1",
    "SET bytea_output = 'hex'",
    "SET statement_timeout = 0",
    "SET idle_in_transaction_session_timeout = 0",
)
TABLES = """
    SELECT namespace.nspname, class.relname, array(
        SELECT column_.attname || CASE WHEN column_.attcollation <> 0 THEN ' ' ELSE '' END
        FROM unnest(index.indkey) WITH ORDINALITY AS key(number, place)
        JOIN pg_attribute column_
            ON column_.attrelid = class.oid AND column_.attnum = key.number
        ORDER BY key.place
    )
    FROM pg_class class
    JOIN pg_namespace namespace ON namespace.oid = class.relnamespace
    LEFT JOIN pg_index index ON index.indrelid = class.oid AND index.indisprimary
    WHERE class.relkind IN ('r', 'p')
        AND namespace.nspname NOT LIKE 'pg\\_%' AND namespace.nspname <> 'information_schema'
    ORDER BY 1, 2
"""
LOCALE = """
    SELECT pg_encoding_to_char(encoding), datcollate, datctype, datlocprovider::text,
        to_jsonb(pg_database) ->> 'daticulocale', to_jsonb(pg_database) ->> 'datlocale'
    FROM pg_database WHERE datname = %s
"""


class Postgres:
    vendor = "postgresql"
    member = "database.dump"

    @property
    def name(self) -> str:
        return str(connection.settings_dict["NAME"])

    def way(self, database: str = "") -> dict[str, str]:
        return way_to(connection.settings_dict, database or self.name)

    def copy(self, target: Path, *, tell: Tell) -> Copied:
        if settings.PGBOUNCER:
            raise CannotCopy(
                "Through PgBouncer no copy of one moment can be taken: run this with DATABASE_URL"
                " naming the server itself, and PGBOUNCER=no."
            )
        try:
            with one_snapshot(self.way()) as (source, snapshot):
                server = source.info.server_version // 10_000
                dump = tool("pg_dump", server=server)
                arguments = ["--format=custom", "--no-owner", "--no-privileges"]
                arguments += [f"--snapshot={snapshot}", f"--file={target}"]
                with Running(dump, *arguments, way=self.way()) as dumping:
                    tables = tables_in(source, tell)
                    migrations = migrations_in(source)
                    tell("database dumped", 0, 1)
                    while not dumping.is_over(within=1):
                        tell("database dumped", 0, 1)
                    tell("database dumped", 1, 1)
                version = source.info.parameter_status("server_version") or str(server)
        except (NoTool, ToolFailed) as error:
            raise CannotCopy(str(error)) from error
        except psycopg.Error as error:
            raise CannotCopy(f"The database did not answer: {in_words(error)}.") from error
        return Copied(version.split()[0], migrations, tables)

    def rows_of(self, wanted: frozenset[str]) -> str:
        if not self.is_there():
            return ""
        try:
            with psycopg.connect(make_conninfo(**self.way())) as database:
                for schema, name, _ in database.execute(TABLES).fetchall():
                    table = sql.Identifier(schema, name)
                    one = sql.SQL("SELECT 1 FROM {} LIMIT 1").format(table)
                    if name in wanted and database.execute(one).fetchone():
                        return str(name)
        except psycopg.Error as error:
            raise CannotRestore(f"The database cannot be read: {in_words(error)}.") from error
        return ""

    def is_there(self) -> bool:
        with self.server() as server:
            return self.knows(server, self.name)

    def knows(self, server: psycopg.Connection[Any], name: str) -> bool:
        asked = "SELECT 1 FROM pg_database WHERE datname = %s"
        return server.execute(asked, [name]).fetchone() is not None

    @contextmanager
    def server(self) -> Iterator[psycopg.Connection[Any]]:
        """Beside the site's own database, which cannot be renamed from within."""
        try:
            found = psycopg.connect(make_conninfo(**self.way(OURS)), autocommit=True)
        except psycopg.Error as error:
            raise CannotRestore(f"The server cannot be reached: {in_words(error)}.") from error
        with closing(found):
            yield found

    def require_server(self, version: str) -> None:
        with self.server() as server:
            here, there = server.info.server_version // 10_000, int(version.partition(".")[0])
        if here < there:
            raise CannotRestore(
                f"The backup was made by PostgreSQL {there}, and this server is {here}: use one of"
                f" version {there} or later."
            )

    def require_unused(self) -> None:
        self.leave()
        with self.server() as server:
            others = server.execute(
                "SELECT count(*) FROM pg_stat_activity WHERE datname = %s", [self.name]
            ).fetchone()
        if others and others[0]:
            raise CannotRestore(
                f"{self.name} is in use ({others[0]} open connections): stop the web server and the"
                " workers first."
            )

    def leave(self) -> None:
        connection.close()
        connection.close_pool()  # type: ignore[attr-defined]  # of this backend alone

    def load(self, source: Path, *, near: Path | None, tell: Tell) -> str:  # noqa: ARG002 (a database is in no folder)
        draft = f"{self.name[: LONGEST_NAME - 15]}_draft_{token_hex(4)}"
        with self.server() as server:
            may = "SELECT rolcreatedb OR rolsuper FROM pg_roles WHERE rolname = current_user"
            if server.execute(may).fetchone() != (True,):
                user = server.info.user
                raise CannotRestore(
                    "A database is restored beside the present one, and the user of the site may"
                    f" make none: ALTER ROLE {user} CREATEDB, for as long as this takes."
                )
            try:
                server.execute(self.create(server, draft))
            except psycopg.Error as error:
                raise CannotRestore(f"No database could be made: {in_words(error)}.") from error
            version = server.info.server_version // 10_000
        try:
            restore = tool("pg_restore", server=version)
            arguments = ["--exit-on-error", "--no-owner", "--no-privileges", "--jobs=2"]
            arguments += [f"--dbname={draft}", str(source)]
            with Running(restore, *arguments, way=self.way(draft)) as restoring:
                while not restoring.is_over(within=1):
                    tell("database filled", 0, 1)
            with psycopg.connect(make_conninfo(**self.way(draft)), autocommit=True) as database:
                # The planner knows nothing of a new database.
                database.execute("ANALYZE")
            tell("database filled", 1, 1)
        except (NoTool, ToolFailed, psycopg.Error) as error:
            self.discard(draft)
            raise CannotRestore(f"The copy could not be put into a database: {error}") from error
        except BaseException:
            self.discard(draft)
            raise
        return draft

    def create(self, server: psycopg.Connection[Any], draft: str) -> sql.Composed:
        """In the order of letters that the site's database has, where there is one."""
        words = sql.SQL("CREATE DATABASE {} TEMPLATE template0").format(sql.Identifier(draft))
        locale = server.execute(LOCALE, [self.name]).fetchone()
        if locale is None:
            return words + sql.SQL(" ENCODING 'UTF8'")
        encoding, collate, ctype, provider, old_icu, icu = locale
        words += sql.SQL(" ENCODING {} LC_COLLATE {} LC_CTYPE {}").format(encoding, collate, ctype)
        if provider == "i":
            given = sql.SQL(" LOCALE_PROVIDER icu ICU_LOCALE {}").format(icu or old_icu)
            words += given
        return words

    def tables(self, draft: str, *, tell: Tell) -> dict[str, Table]:
        with one_snapshot(self.way(draft)) as (database, _):
            return tables_in(database, tell)

    @contextmanager
    def at(self, draft: str) -> Iterator[None]:
        usual = connection.settings_dict["NAME"]
        self.leave()
        connection.settings_dict["NAME"] = draft
        try:
            yield
        finally:
            self.leave()
            connection.settings_dict["NAME"] = usual

    def swap(self, draft: str, *, keep: str) -> str:
        self.require_unused()
        kept = f"{self.name[: LONGEST_NAME - len(keep)]}{keep}" if keep else f"{draft}_before"
        rename = sql.SQL("ALTER DATABASE {} RENAME TO {}")
        try:
            with self.server() as server:
                was_there = self.knows(server, self.name)
                with server.transaction():
                    names = [(self.name, kept)] if was_there else []
                    for old, new in [*names, (draft, self.name)]:
                        server.execute(rename.format(sql.Identifier(old), sql.Identifier(new)))
                if was_there and not keep:
                    self.discard(kept)
        except psycopg.errors.ObjectInUse as error:
            raise CannotRestore(
                f"{self.name} is in use: stop the web server and the workers first."
            ) from error
        except psycopg.Error as error:
            raise CannotRestore(
                f"The databases could not change their names: {in_words(error)}."
            ) from error
        return kept if was_there and keep else ""

    def discard(self, draft: str) -> None:
        drop = sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(draft))
        with self.server() as server:
            server.execute(drop)


@contextmanager
def one_snapshot(way: dict[str, str]) -> Iterator[tuple[psycopg.Connection[Any], str]]:
    """A transaction that reads one moment, and the name by which others read the same."""
    with closing(psycopg.connect(make_conninfo(**way))) as source:
        source.isolation_level = psycopg.IsolationLevel.REPEATABLE_READ
        source.read_only = True
        snapshot = source.execute("SELECT pg_export_snapshot()").fetchone()
        for setting in AS_WE_COMPARE:
            source.execute(setting)
        yield source, snapshot[0] if snapshot else ""


def tables_in(source: psycopg.Connection[Any], tell: Tell) -> dict[str, Table]:
    found, names = {}, source.execute(TABLES).fetchall()
    for number, (schema, name, key) in enumerate(names):
        tell("tables compared row by row", number, len(names))
        called = name if schema == "public" else f"{schema}.{name}"
        found[called] = table_of(source, sql.Identifier(schema, name), key)
    tell("tables compared row by row", len(names), len(names))
    return found


def table_of(source: psycopg.Connection[Any], table: sql.Identifier, key: list[str]) -> Table:
    """A column of the key that ends in a blank holds texts: they stand in the order of their
    bytes, which is the same on every server."""
    in_bytes = sql.SQL('{} COLLATE "C"')
    order: list[sql.Composable] = [
        in_bytes.format(sql.Identifier(column.removesuffix(" ")))
        if column.endswith(" ")
        else sql.Identifier(column)
        for column in key
    ] or [sql.SQL('_row::text COLLATE "C"')]
    words = sql.SQL("COPY (SELECT * FROM {} AS _row ORDER BY {}) TO STDOUT").format(
        table, sql.SQL(", ").join(order)
    )
    digest = sha256()
    with source.cursor() as cursor:
        with cursor.copy(words) as rows:
            for row in rows:
                digest.update(row)
        return Table(cursor.rowcount, digest.hexdigest())


def migrations_in(source: psycopg.Connection[Any]) -> frozenset[tuple[str, str]]:
    rows = source.execute("SELECT app, name FROM django_migrations").fetchall()
    return frozenset((app, name) for app, name in rows)


def in_words(error: psycopg.Error) -> str:
    return " ".join(str(error).split()).rstrip(".")[:300]
