"""Somebody holds the SQLite file: a writer who does not end, a reader who does not end."""

import os
import sqlite3
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, contextmanager
from pathlib import Path
from threading import Timer

import pytest
from django.conf import settings
from django.db import connection

from incidents.lookup.operations import keep_findable
from tests.factories import a_runbook, a_user
from tests.faults.killing.programs import database_url
from tests.faults.own_site import BARE, OwnSite, served, signed_in

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.of_database("sqlite"),
    pytest.mark.timeout(300),
]

WAITS = "2"
PAGES = ("/lookup/?q=disk", "/incidents/", "/runbooks/room/", "/search/?q=disk")
LIMIT = 16 * 1024 * 1024
PIECE = 1024 * 1024


@pytest.fixture
def site(tmp_path: Path) -> Iterator[OwnSite]:
    with on_sqlite(tmp_path) as one:
        yield one


@contextmanager
def on_sqlite(folder: Path, **told: str) -> Iterator[OwnSite]:
    keep_findable(a_runbook(title="Make room", slug="room", alerts="DiskFull"))
    cookie = signed_in(a_user())
    with served(database_url(), folder, cookie=cookie, SQLITE_WAITS=WAITS, **told) as one:
        yield one


def opened() -> sqlite3.Connection:
    """As somebody else has the file, with a terminal or a backup."""
    return sqlite3.connect(
        connection.settings_dict["NAME"], isolation_level=None, check_same_thread=False
    )


def test_beside_a_writer_who_does_not_end_all_is_read_and_writing_is_refused(
    site: OwnSite,
) -> None:
    with closing(opened()) as somebody:
        somebody.execute("BEGIN IMMEDIATE")
        with ThreadPoolExecutor(4) as people:
            told = [people.submit(site.tell_of_an_alert, f"Held{n}") for n in range(4)]
            read = [answer.status for answer in people.map(site.get, PAGES * 3)]
        refused = [one.result() for one in told]
        somebody.execute("ROLLBACK")
    again = site.tell_of_an_alert("Afterwards")

    assert read == [200] * len(PAGES) * 3
    assert all(answer.is_refusal_in_words for answer in refused)
    assert "The database is busy" in refused[0].body
    assert again.status == 200


def test_a_writer_who_ends_is_waited_for(site: OwnSite) -> None:
    with closing(opened()) as somebody:
        somebody.execute("BEGIN IMMEDIATE")
        Timer(float(WAITS) / 2, somebody.execute, ["ROLLBACK"]).start()
        assert site.tell_of_an_alert("Patience").status == 200


def test_without_protection_it_is_an_error(tmp_path: Path) -> None:
    """The control."""
    with (
        on_sqlite(tmp_path, DJANGO_SETTINGS_MODULE=BARE) as site,
        closing(opened()) as somebody,
    ):
        somebody.execute("BEGIN IMMEDIATE")
        assert site.tell_of_an_alert("Held").status == 500


def test_beside_a_reader_who_does_not_end_all_goes_on(site: OwnSite) -> None:
    with closing(opened()) as somebody:
        somebody.execute("BEGIN")
        before = somebody.execute("SELECT count(*) FROM incidents_alert").fetchone()
        told = [site.tell_of_an_alert(f"Beside{n}").status for n in range(20)]
        read = [site.get(path).status for path in PAGES]
        seen = somebody.execute("SELECT count(*) FROM incidents_alert").fetchone()
        somebody.execute("ROLLBACK")

    assert told == [200] * 20
    assert read == [200] * len(PAGES)
    # The reader was there all the time, and saw one moment.
    assert seen == before == (0,)


@pytest.mark.parametrize("is_limited", [True, False])
def test_the_log_does_not_stay_as_large_as_a_reader_made_it(
    tmp_path: Path, is_limited: bool
) -> None:
    """With the settings of the site; without the limit, the control, it does."""
    path = tmp_path / "a.sqlite3"
    with closing(sqlite3.connect(path, isolation_level=None)) as writer:
        for pragma in settings.DATABASES["default"]["OPTIONS"]["init_command"].split(";"):
            writer.execute(pragma)
        if not is_limited:
            writer.execute("PRAGMA journal_size_limit = -1")
        writer.execute("CREATE TABLE kept (piece BLOB)")
        with closing(sqlite3.connect(path, isolation_level=None)) as reader:
            reader.execute("BEGIN")
            reader.execute("SELECT count(*) FROM kept").fetchone()
            for _ in range(2 * LIMIT // PIECE):
                writer.execute("INSERT INTO kept VALUES (?)", [os.urandom(PIECE)])
            grown = log_of(path)
        for _ in range(3):
            writer.execute("INSERT INTO kept VALUES ('a')")
        left = log_of(path)

    assert grown > LIMIT
    assert (left <= LIMIT) == is_limited


def log_of(path: Path) -> int:
    return path.with_name(f"{path.name}-wal").stat().st_size
