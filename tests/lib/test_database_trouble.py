"""Which failures of a database are over in a while, and which are ours."""

import errno
import sqlite3
from pathlib import Path

import psycopg
import pytest
from django.db import DataError, IntegrityError, InterfaceError, OperationalError, ProgrammingError
from psycopg import errors
from psycopg_pool import PoolTimeout

from incidents.lib.database_trouble import Trouble, trouble_of


def raised(cause: Exception, kind: type[Exception] = OperationalError) -> Exception:
    """As Django raises it."""
    error = kind(str(cause))
    error.__cause__ = cause
    return error


@pytest.mark.parametrize(
    ("cause", "trouble"),
    [
        (psycopg.OperationalError("connection failed: no such socket"), Trouble.AWAY),
        (PoolTimeout("couldn't get a connection after 5 sec"), Trouble.AWAY),
        (errors.AdminShutdown("terminating"), Trouble.AWAY),
        (errors.ConnectionFailure("gone"), Trouble.AWAY),
        (errors.TooManyConnections("sorry"), Trouble.AWAY),
        (errors.LockNotAvailable("canceling"), Trouble.BUSY),
        (errors.DeadlockDetected("deadlock"), Trouble.BUSY),
        (errors.QueryCanceled("statement timeout"), Trouble.LONG),
        (errors.ReadOnlySqlTransaction("cannot execute UPDATE"), Trouble.READ_ONLY),
        (errors.DiskFull("could not extend file"), Trouble.FULL),
        (errors.UndefinedTable("no such relation"), None),
        (errors.DataCorrupted("invalid page"), None),
    ],
)
def test_of_postgresql(cause: Exception, trouble: Trouble | None) -> None:
    assert trouble_of(raised(cause)) == trouble


def test_of_sqlite(tmp_path: Path) -> None:
    """The codes are the library's own."""
    path = tmp_path / "a.sqlite3"
    first = sqlite3.connect(path, isolation_level=None)
    first.execute("CREATE TABLE a (b)")
    second = sqlite3.connect(path, isolation_level=None, timeout=0)
    first.execute("BEGIN IMMEDIATE")

    assert trouble_of(of(second, "BEGIN IMMEDIATE")) == Trouble.BUSY
    first.execute("ROLLBACK")
    second.execute("PRAGMA query_only = 1")
    assert trouble_of(of(second, "INSERT INTO a VALUES (1)")) == Trouble.READ_ONLY
    first.execute("PRAGMA max_page_count = 2")
    assert trouble_of(of(first, "INSERT INTO a VALUES (zeroblob(100000))")) == Trouble.FULL
    assert trouble_of(of(first, "SELECT * FROM nothing")) is None
    for connection in (first, second):
        connection.close()
    with pytest.raises(sqlite3.OperationalError) as refused:
        sqlite3.connect(tmp_path / "no" / "folder")
    assert trouble_of(raised(refused.value)) == Trouble.AWAY


def of(connection: sqlite3.Connection, statement: str) -> Exception:
    with pytest.raises(sqlite3.OperationalError) as refused:
        connection.execute(statement)
    return raised(refused.value)


def test_of_the_disk() -> None:
    assert trouble_of(OSError(errno.ENOSPC, "No space left on device")) == Trouble.FULL
    assert trouble_of(OSError(errno.EROFS, "Read-only file system")) == Trouble.READ_ONLY
    assert trouble_of(OSError(errno.ENOENT, "No such file")) is None


@pytest.mark.parametrize(
    "error",
    [
        raised(errors.UniqueViolation("twice"), IntegrityError),
        raised(errors.NumericValueOutOfRange("too large"), DataError),
        raised(errors.SyntaxError("at or near"), ProgrammingError),
        raised(sqlite3.ProgrammingError("wrong number of bindings"), ProgrammingError),
        raised(sqlite3.InterfaceError("bad parameter"), InterfaceError),
        ValueError("no database at all"),
        None,
    ],
)
def test_what_is_ours_is_no_trouble(error: Exception | None) -> None:
    assert trouble_of(error) is None
