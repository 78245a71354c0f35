"""A restore makes the site what it was, or changes nothing."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from incidents.backups import restoring
from incidents.backups.engines import CannotRestore, Tell
from incidents.backups.manifest import Manifest, NotWhole, Table
from incidents.backups.package import member_of, write_package
from incidents.backups.restoring import NotEmpty, known_migrations, restore_backup
from tests.factories import NOW

TABLES = {"incidents_incident": Table(3, "ab" * 32)}


class Database:
    """Of one file: what stands in it is the database."""

    vendor, member = "sqlite", "database.sqlite3.gz"

    def __init__(self, folder: Path) -> None:
        self.place = folder / "site"
        self.there = ""
        self.found = TABLES
        self.refusal = ""

    def rows_of(self, wanted: frozenset[str]) -> str:
        assert "incidents_incident" in wanted
        return self.there

    def require_server(self, version: str) -> None:
        assert version == "3.40.1"

    def require_unused(self) -> None:
        """Nobody has it open."""

    def load(self, source: Path, *, near: Path | None, tell: Tell) -> str:
        draft = self.place.with_name("draft")
        draft.write_bytes(source.read_bytes())
        return str(draft)

    def tables(self, draft: str, *, tell: Tell) -> dict[str, Table]:
        return self.found

    @contextmanager
    def at(self, draft: str) -> Iterator[None]:
        yield

    def swap(self, draft: str, *, keep: str) -> str:
        if self.refusal:
            raise CannotRestore(self.refusal)
        Path(draft).replace(self.place)
        return f"site{keep}" if keep else ""

    def discard(self, draft: str) -> None:
        Path(draft).unlink(missing_ok=True)


@pytest.fixture
def database(tmp_path: Path, settings: Any, monkeypatch: pytest.MonkeyPatch) -> Database:
    settings.VAR_DIR = tmp_path / "var"
    settings.VAR_DIR.mkdir()
    (settings.VAR_DIR / "secret-key").write_text("of today")
    settings.LOOKUP_DIR = tmp_path / "lookup"
    (settings.LOOKUP_DIR / "archive-1-sqlite-0").mkdir(parents=True)
    found = Database(tmp_path)
    found.place.write_text("of today")
    monkeypatch.setattr(restoring, "engine", lambda: found)
    # Only it leads to a connection.
    monkeypatch.setattr(restoring, "connection", found)
    monkeypatch.setattr(Database, "close", lambda self: None, raising=False)
    return found


def a_backup(folder: Path, *, more: str = "", **fields: Any) -> Path:
    source = folder / "source"
    source.mkdir()
    files = {}
    for name in [Database.member, "secret-key", *([more] if more else [])]:
        files[name] = source / name
        files[name].write_text("of then")
    told: dict[str, Any] = {
        "made_at": NOW,
        "site": "https://postmortems.example",
        "vendor": "sqlite",
        "server": "3.40.1",
        "migrations": known_migrations(),
        "tables": TABLES,
        "members": {name: member_of(path) for name, path in files.items()},
        **fields,
    }
    path = folder / "a.backup"
    write_package(path, Manifest(**told), files)
    return path


def silent(what: str, done: int, total: int) -> None:
    """Nobody waits."""


def restored(path: Path, *, replace: bool = False) -> list[str]:
    return restore_backup(path, replace=replace, at=NOW, tell=silent).kept


def require_untouched(database: Database, var: Path) -> None:
    assert database.place.read_text() == "of today"
    assert (var / "secret-key").read_text() == "of today"
    assert [path.name for path in var.iterdir()] == ["secret-key"]
    assert not database.place.with_name("draft").exists()


def test_it_works(database: Database, tmp_path: Path, settings: Any) -> None:
    assert restored(a_backup(tmp_path)) == []
    assert database.place.read_text() == "of then"
    assert (settings.VAR_DIR / "secret-key").read_text() == "of then"
    assert [path.name for path in settings.VAR_DIR.iterdir()] == ["secret-key"]
    # The index of another state would find what is not there.
    assert list(settings.LOOKUP_DIR.iterdir()) == []


def test_to_replace_keeps_what_was_there(database: Database, tmp_path: Path, settings: Any) -> None:
    database.there = "incidents_incident"
    key = settings.VAR_DIR / "secret-key-before-20260314T120000Z"

    kept = restored(a_backup(tmp_path), replace=True)

    assert kept == ["site-before-20260314T120000Z", str(key)]
    assert key.read_text() == "of today"


def test_what_is_there_is_not_replaced_unasked(
    database: Database, tmp_path: Path, settings: Any
) -> None:
    database.there = "incidents_incident"

    with pytest.raises(NotEmpty, match=r"it has incidents\. --replace restores all the same"):
        restored(a_backup(tmp_path))
    require_untouched(database, settings.VAR_DIR)


def test_rows_that_are_not_those_that_were_copied_are_refused(
    database: Database, tmp_path: Path, settings: Any
) -> None:
    database.found = {"incidents_incident": Table(2, "ab" * 32)}

    with pytest.raises(NotWhole, match="is not what was copied: incidents_incident"):
        restored(a_backup(tmp_path))
    require_untouched(database, settings.VAR_DIR)


def test_where_they_cannot_change_places_nothing_is_changed(
    database: Database, tmp_path: Path, settings: Any
) -> None:
    database.refusal = "It is in use."

    with pytest.raises(CannotRestore, match="It is in use"):
        restored(a_backup(tmp_path), replace=True)
    require_untouched(database, settings.VAR_DIR)


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"vendor": "postgresql"}, "export_records and import_records lead"),
        ({"migrations": frozenset({("incidents", "9999_x")})}, "a newer version of the program"),
        ({"more": "settings.py"}, "does not have the parts"),
    ],
)
def test_what_this_site_cannot_use_is_refused(
    database: Database, tmp_path: Path, settings: Any, fields: dict[str, Any], words: str
) -> None:
    with pytest.raises((CannotRestore, NotWhole), match=words):
        restored(a_backup(tmp_path, **fields))
    require_untouched(database, settings.VAR_DIR)


def test_a_file_that_is_not_there_is_told(database: Database, tmp_path: Path) -> None:
    with pytest.raises(CannotRestore, match="nothing cannot be read: No such file"):
        restored(tmp_path / "nothing")
