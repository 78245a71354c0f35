"""SQLite: its own backup in one read transaction, so that a writer neither waits nor is seen."""

import gzip
import os
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from hashlib import sha256
from pathlib import Path
from tempfile import mkstemp
from typing import Any, BinaryIO
from urllib.parse import quote

from django.db import connection

from incidents.backups.engines import CannotCopy, CannotRestore, Copied, Tell
from incidents.backups.manifest import Table
from incidents.backups.places import remove_abandoned

PAGES = 1000
"""Pages that are copied between two words about how far it is."""
PIECE = 1024 * 1024
SPEED = 1
"""Of gzip: the file of a real archive is a quarter as large, at twice the speed of the default."""
BEGINNING = b"SQLite format 3\0"
BESIDE = ("-wal", "-shm", "-journal")


class Sqlite:
    vendor = "sqlite"
    member = "database.sqlite3.gz"

    @property
    def path(self) -> Path:
        return Path(connection.settings_dict["NAME"])

    def copy(self, target: Path, *, tell: Tell) -> Copied:
        if not self.path.exists():
            raise CannotCopy(f"There is no database at {self.path}: nothing to copy.")
        plain = target.with_name("database.sqlite3")
        try:
            with reading(self.path) as source:
                copy_pages(source, plain, tell)
                tables = tables_in(source, tell)
                migrations = migrations_in(source)
            require_sound(plain)
        except sqlite3.Error as error:
            raise CannotCopy(f"{self.path}: {in_words(error)}.") from error
        pack(plain, target, tell)
        plain.unlink()
        return Copied(sqlite3.sqlite_version, migrations, tables)

    def rows_of(self, wanted: frozenset[str]) -> str:
        if not self.path.exists():
            return ""
        try:
            with reading(self.path) as database:
                for name in sorted(wanted & set(tables_named(database))):
                    if database.execute(f"SELECT 1 FROM {quoted(name)} LIMIT 1").fetchone():  # noqa: S608 (our own names)
                        return name
        except sqlite3.Error as error:
            raise CannotRestore(f"{self.path}: {in_words(error)}.") from error
        return ""

    def require_server(self, version: str) -> None:
        """Its files are read by every version 3."""

    def require_unused(self) -> None:
        connection.close()
        if not self.path.exists() or not is_database(self.path):
            return
        try:
            with closing(sqlite3.connect(self.path, timeout=2, isolation_level=None)) as database:
                # Refused while anybody else has the file open; and what stood beside it is in it.
                mode = database.execute("PRAGMA journal_mode=DELETE").fetchone()[0]
        except sqlite3.OperationalError as error:
            if "locked" not in str(error):
                raise CannotRestore(f"{self.path}: {in_words(error)}.") from error
            mode = "wal"
        except sqlite3.DatabaseError:
            # Spoilt: then it is moved aside as it is, with what stands beside it.
            return
        if mode != "delete":
            raise CannotRestore(
                f"{self.path} is in use: stop the web server and the workers first."
            )

    def load(self, source: Path, *, near: Path | None, tell: Tell) -> str:
        folder, beginning = near or self.path.parent, f".{self.path.name}-draft-"
        remove_abandoned(folder, beginning)
        number, draft = mkstemp(dir=folder, prefix=beginning)
        try:
            with os.fdopen(number, "wb") as plain:
                unpack(source, plain, tell)
            require_sound(Path(draft))
        except (sqlite3.Error, gzip.BadGzipFile, EOFError) as error:
            self.discard(draft)
            raise CannotRestore(f"The copy of the database is damaged: {error}.") from error
        except BaseException:
            self.discard(draft)
            raise
        return draft

    def tables(self, draft: str, *, tell: Tell) -> dict[str, Table]:
        with reading(Path(draft)) as database:
            return tables_in(database, tell)

    @contextmanager
    def at(self, draft: str) -> Iterator[None]:
        usual = connection.settings_dict["NAME"]
        connection.close()
        connection.settings_dict["NAME"] = draft
        try:
            yield
        finally:
            connection.close()
            connection.settings_dict["NAME"] = usual

    def swap(self, draft: str, *, keep: str) -> str:
        self.require_unused()
        with closing(sqlite3.connect(draft, isolation_level=None)) as database:
            database.execute("PRAGMA journal_mode=DELETE")
        on_disk(Path(draft))
        kept = self.path.with_name(f"{self.path.name}{keep}") if keep and self.path.exists() else ""
        if kept:
            os.link(self.path, kept)
            for ending in BESIDE:
                with suppress(FileNotFoundError):
                    Path(f"{self.path}{ending}").rename(f"{kept}{ending}")
        for ending in BESIDE:
            Path(f"{self.path}{ending}").unlink(missing_ok=True)
        Path(draft).replace(self.path)
        on_disk(self.path.parent)
        return str(kept)

    def discard(self, draft: str) -> None:
        for ending in ("", *BESIDE):
            Path(f"{draft}{ending}").unlink(missing_ok=True)


@contextmanager
def reading(path: Path) -> Iterator[sqlite3.Connection]:
    """One read transaction: all is of one moment, also while others write."""
    address = f"file:{quote(str(path))}?mode=ro"
    with closing(sqlite3.connect(address, uri=True, isolation_level=None, timeout=20)) as database:
        # Texts as they are stored, whatever they are.
        database.text_factory = bytes
        database.execute("BEGIN")
        database.execute("SELECT count(*) FROM sqlite_master").fetchone()
        yield database


def is_database(path: Path) -> bool:
    """SQLite throws away what stands beside a file that is none; it is to be kept."""
    with path.open("rb") as file:
        return file.read(len(BEGINNING)) in {BEGINNING, b""}


def copy_pages(source: sqlite3.Connection, target: Path, tell: Tell) -> None:
    with closing(sqlite3.connect(target, isolation_level=None)) as copy:
        source.backup(
            copy,
            pages=PAGES,
            progress=lambda _, left, total: tell("pages copied", total - left, total),
        )
        # It stands alone: nothing of it is in a file beside it.
        copy.execute("PRAGMA journal_mode=DELETE")
    target.chmod(0o600)


def require_sound(path: Path) -> None:
    """Raises `sqlite3.DatabaseError`."""
    with closing(sqlite3.connect(path, isolation_level=None)) as database:
        found = database.execute("PRAGMA integrity_check(1)").fetchone()[0]
    if found != "ok":
        raise sqlite3.DatabaseError(f"its pages do not fit together ({found})")


def tables_named(database: sqlite3.Connection) -> list[str]:
    """What holds rows of its own; a virtual table's are in others, which are among them."""
    found = database.execute(
        "SELECT name, sql FROM sqlite_master WHERE type = 'table' ORDER BY name"
    )
    return [
        name.decode()
        for name, sql in found
        if not sql.upper().startswith(b"CREATE VIRTUAL")
        and (name == b"sqlite_sequence" or not name.startswith(b"sqlite_"))
    ]


def tables_in(database: sqlite3.Connection, tell: Tell) -> dict[str, Table]:
    found, names = {}, tables_named(database)
    for number, name in enumerate(names):
        tell("tables compared row by row", number, len(names))
        found[name] = table_of(database, name)
    tell("tables compared row by row", len(names), len(names))
    return found


def table_of(database: sqlite3.Connection, name: str) -> Table:
    columns = database.execute(f"PRAGMA table_info({quoted(name)})").fetchall()
    key = [
        quoted(each[1].decode()) for each in sorted(columns, key=lambda each: each[5]) if each[5]
    ]
    # As Python writes it, a file is four times as long in memory.
    has_files = any("BLOB" in each[2].decode().upper() for each in columns)
    digest, count = sha256(), 0
    order = ", ".join(key) or "rowid"
    for row in database.execute(f"SELECT * FROM {quoted(name)} ORDER BY {order}"):  # noqa: S608 (the database's own names)
        for piece in pieces(row) if has_files else (repr(row).encode(),):
            digest.update(piece)
        count += 1
    return Table(count, digest.hexdigest())


def pieces(row: tuple[Any, ...]) -> Iterator[bytes]:
    """No two rows that differ give the same."""
    for value in row:
        if isinstance(value, bytes):
            yield f"{len(value)} bytes,".encode()
            yield value
        else:
            yield f"{value!r},".encode()


def migrations_in(database: sqlite3.Connection) -> frozenset[tuple[str, str]]:
    rows = database.execute("SELECT app, name FROM django_migrations")
    return frozenset((app.decode(), name.decode()) for app, name in rows)


def quoted(name: str) -> str:
    doubled = name.replace('"', '""')
    return f'"{doubled}"'


def pack(plain: Path, target: Path, tell: Tell) -> None:
    size = plain.stat().st_size
    with (
        plain.open("rb") as source,
        target.open("xb") as file,
        gzip.GzipFile("", "wb", SPEED, file, mtime=0) as packed,
    ):
        while piece := source.read(PIECE):
            packed.write(piece)
            tell("bytes packed", source.tell(), size)


def unpack(source: Path, target: BinaryIO, tell: Tell) -> None:
    size = source.stat().st_size
    with source.open("rb") as file, gzip.GzipFile("", "rb", fileobj=file) as packed:
        while piece := packed.read(PIECE):
            target.write(piece)
            tell("bytes unpacked", file.tell(), size)


def on_disk(path: Path) -> None:
    number = os.open(path, os.O_RDONLY)
    try:
        os.fsync(number)
    finally:
        os.close(number)


def in_words(error: sqlite3.Error) -> str:
    """Right: "no room is left on the disk"."""
    if getattr(error, "sqlite_errorname", "") == "SQLITE_FULL":
        return "no room is left on the disk"
    return str(error)
