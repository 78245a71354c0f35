"""A copy of SQLite: of one moment, sound, and compared by every value of every row."""

import os
import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from django.db import connection

from incidents.backups.engines import CannotCopy, CannotRestore
from incidents.backups.engines.sqlite import Sqlite, reading, require_sound, tables_in
from incidents.backups.manifest import Table

TABLES = """
    CREATE TABLE django_migrations (id integer PRIMARY KEY, app text, name text);
    INSERT INTO django_migrations (app, name) VALUES ('incidents', '0001_initial');
    CREATE TABLE notes (id integer PRIMARY KEY AUTOINCREMENT, words text, number real, data blob);
    INSERT INTO notes (words, number, data) VALUES
        ('Ünïcode', 1.5, x'00ff'), (NULL, NULL, NULL), ('', 0.1, zeroblob(5000));
    CREATE TABLE pairs (one text, two text, PRIMARY KEY (one, two)) WITHOUT ROWID;
    INSERT INTO pairs VALUES ('a', 'b');
    CREATE VIRTUAL TABLE found USING fts5(words);
    INSERT INTO found VALUES ('pool exhausted');
"""


def silent(what: str, done: int, total: int) -> None:
    """Nobody waits."""


@pytest.fixture
def live(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    path = tmp_path / "site.sqlite3"
    with closing(sqlite3.connect(path)) as database:
        database.execute("PRAGMA journal_mode=WAL")
        database.executescript(TABLES)
    monkeypatch.setitem(connection.settings_dict, "NAME", str(path))
    return path


def figures(path: Path) -> dict[str, Table]:
    with reading(path) as database:
        return tables_in(database, silent)


def write(path: Path, words: str) -> None:
    with closing(sqlite3.connect(path)) as database, database:
        database.execute(words)


def test_it_works(live: Path, tmp_path: Path) -> None:
    copied = Sqlite().copy(tmp_path / "copy.gz", tell=silent)
    draft = Sqlite().load(tmp_path / "copy.gz", near=tmp_path, tell=silent)

    assert copied.migrations == {("incidents", "0001_initial")}
    assert copied.tables["notes"].rows == 3
    assert copied.tables == Sqlite().tables(draft, tell=silent) == figures(live)
    # Numbers that were given once, and what is found by words, are data too.
    assert {"sqlite_sequence", "found_data"} <= set(copied.tables)


@pytest.mark.parametrize(
    ("words", "table"),
    [
        ("UPDATE notes SET words = 'Unicode' WHERE id = 1", "notes"),
        ("UPDATE notes SET words = '' WHERE id = 2", "notes"),
        ("UPDATE notes SET number = 0.1000000000000001 WHERE id = 3", "notes"),
        ("UPDATE notes SET data = zeroblob(5001) WHERE id = 3", "notes"),
        ("UPDATE notes SET id = 9 WHERE id = 3", "notes"),
        ("DELETE FROM pairs", "pairs"),
        ("UPDATE sqlite_sequence SET seq = 2", "sqlite_sequence"),
    ],
)
def test_every_value_is_compared(live: Path, words: str, table: str) -> None:
    before = figures(live)
    write(live, words)
    after = figures(live)

    assert [name for name in before if before[name] != after[name]] == [table]


def test_a_copy_is_of_the_moment_at_which_it_began(live: Path, tmp_path: Path) -> None:
    before, told = figures(live), []

    def meanwhile(what: str, done: int, total: int) -> None:
        if not told:
            write(live, "INSERT INTO notes (words) VALUES ('written meanwhile')")
        told.append(what)

    copied = Sqlite().copy(tmp_path / "copy.gz", tell=meanwhile)
    draft = Sqlite().load(tmp_path / "copy.gz", near=tmp_path, tell=silent)

    assert told
    assert figures(live)["notes"].rows == 4
    assert copied.tables == Sqlite().tables(draft, tell=silent) == before


def test_without_a_database_there_is_nothing_to_copy(live: Path, tmp_path: Path) -> None:
    live.unlink()

    with pytest.raises(CannotCopy, match="nothing to copy"):
        Sqlite().copy(tmp_path / "copy.gz", tell=silent)
    assert not live.exists()


def test_a_spoilt_database_gives_no_copy(live: Path, tmp_path: Path) -> None:
    live.write_bytes(b"spoilt" * 1000)

    with pytest.raises(CannotCopy, match="not a database"):
        Sqlite().copy(tmp_path / "copy.gz", tell=silent)


def test_pages_that_do_not_fit_together_are_noticed(tmp_path: Path) -> None:
    path = tmp_path / "site.sqlite3"
    write(path, "CREATE TABLE words (id integer PRIMARY KEY, word text)")
    with closing(sqlite3.connect(path)) as database, database:
        rows = [(f"{number}" * 50,) for number in range(1000)]
        database.executemany("INSERT INTO words (word) VALUES (?)", rows)
    require_sound(path)
    content = bytearray(path.read_bytes())
    content[4096 * 3 : 4096 * 4] = bytes(4096)
    path.write_bytes(content)

    with pytest.raises(sqlite3.DatabaseError):
        require_sound(path)


def test_what_was_there_is_kept_with_what_stood_beside_it(live: Path, tmp_path: Path) -> None:
    Sqlite().copy(tmp_path / "copy.gz", tell=silent)
    draft = Sqlite().load(tmp_path / "copy.gz", near=None, tell=silent)
    copied = figures(live)
    live.write_bytes(b"spoilt")
    beside = Path(f"{live}-wal")
    beside.write_bytes(b"spoilt, too")

    kept = Sqlite().swap(draft, keep="-before")

    assert figures(live) == copied
    assert Path(kept).read_bytes() == b"spoilt"
    assert Path(f"{kept}-wal").read_bytes() == b"spoilt, too"
    assert not beside.exists()
    assert not Path(draft).exists()


def test_who_has_it_open_is_in_the_way(live: Path, tmp_path: Path) -> None:
    with closing(sqlite3.connect(live)) as reader:
        reader.execute("SELECT * FROM notes").fetchall()
        with pytest.raises(CannotRestore, match="stop the web server"):
            Sqlite().require_unused()
    Sqlite().require_unused()


@pytest.mark.parametrize("spoil", [lambda content: content[:-20], lambda content: b"no gzip"])
def test_a_copy_that_cannot_be_unpacked_leaves_nothing(
    live: Path, tmp_path: Path, spoil: Any
) -> None:
    Sqlite().copy(tmp_path / "copy.gz", tell=silent)
    (tmp_path / "copy.gz").write_bytes(spoil((tmp_path / "copy.gz").read_bytes()))

    with pytest.raises(CannotRestore, match="damaged"):
        Sqlite().load(tmp_path / "copy.gz", near=tmp_path, tell=silent)
    assert drafts(tmp_path) == []


def drafts(folder: Path) -> list[Path]:
    return list(folder.glob(".site.sqlite3-draft-*"))


def test_what_a_killed_restore_has_left_goes_after_a_day(live: Path, tmp_path: Path) -> None:
    Sqlite().copy(tmp_path / "copy.gz", tell=silent)
    old, new = (tmp_path / f".site.sqlite3-draft-{name}" for name in ("old", "new"))
    for path in (old, new):
        path.touch()
    os.utime(old, (1, 1))

    draft = Sqlite().load(tmp_path / "copy.gz", near=None, tell=silent)

    assert sorted(drafts(tmp_path)) == sorted([new, Path(draft)])
