"""A migration beside somebody who reads for long: it waits, and nobody else does."""

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psycopg
import pytest
from django.db import connection

from tests.factories import a_runbook, a_user
from tests.faults.killing.programs import ROOT, database_url
from tests.faults.own_site import served, signed_in
from tests.processes import ended, until

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.of_database("postgresql"),
    pytest.mark.timeout(1200),
]

PAGE = "/runbooks/"
PATIENCE = 300
"""Seconds of a busy machine."""
HELD = "SELECT 1 FROM pg_locks WHERE NOT granted AND relation = 'incidents_runbook'::regclass"
HALF_DONE = "SELECT to_regclass('later_limits') IS NOT NULL"
DONE = "SELECT name FROM django_migrations WHERE app = 'later'"
BACK = """
    DROP TABLE IF EXISTS later_limits;
    ALTER TABLE incidents_runbook DROP COLUMN IF EXISTS later;
    DELETE FROM django_migrations WHERE app = 'later'
"""


def rows(statement: str) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(statement)
        return cursor.fetchall() if cursor.description else []


@pytest.fixture(autouse=True)
def _back_again() -> Iterator[None]:
    yield
    rows(BACK)


@pytest.fixture
def cookie() -> str:
    a_runbook(title="Make room", slug="room")
    return signed_in(a_user())


@contextmanager
def somebody_reads() -> Iterator[psycopg.Connection[Any]]:
    """Runbooks, as a backup does, and does not end."""
    known = connection.settings_dict
    way = {"host": known["HOST"], "user": known["USER"], "dbname": known["NAME"]}
    with closing(psycopg.connect(**way)) as reader:
        reader.execute("SELECT count(*) FROM incidents_runbook")
        yield reader


@dataclass
class Migrating:
    process: subprocess.Popen[bytes]
    log: Path

    @property
    def attempts(self) -> int:
        return self.said().count("Trying again")

    def said(self) -> str:
        return self.log.read_text()


@contextmanager
def migrating(folder: Path, *more: str, **told: str) -> Iterator[Migrating]:
    known = {name: value for name, value in os.environ.items() if name != "TEST_DATABASE_URL"}
    settings = {"DJANGO_SETTINGS_MODULE": "tests.faults.later.settings", "SECRET_KEY": "of-a-test"}
    place = {"DATABASE_URL": database_url(), "VAR_DIR": str(folder)}
    command = [sys.executable, "manage.py", "migrate", "--skip-checks", *more]
    log = folder / "migrate.log"
    with log.open("wb") as output:
        process = subprocess.Popen(
            command,
            cwd=ROOT,
            env=known | settings | place | told,
            stdout=output,
            stderr=subprocess.STDOUT,
        )
    with ended(process):
        yield Migrating(process, log)


def test_everybody_else_is_served_while_it_waits(cookie: str, tmp_path: Path) -> None:
    answers = []

    def visited_until_it_tried_thrice() -> bool:
        answers.append(site.get(PAGE).status)
        return migration.attempts >= 3

    with (
        served(database_url(), tmp_path, cookie=cookie) as site,
        somebody_reads() as reader,
        migrating(tmp_path) as migration,
    ):
        reading = reader.info.backend_pid
        assert until(visited_until_it_tried_thrice, seconds=PATIENCE), migration.said()
        reader.rollback()
        assert migration.process.wait(PATIENCE) == 0, migration.said()
        answers.append(site.get(PAGE).status)

    held = f"in use by process {reading}, idle in transaction, since 20"
    assert set(answers) == {200}
    assert held in migration.said()
    assert "UTC: SELECT count(*) FROM incidents_runbook. Trying" in migration.said()
    assert rows(DONE) == [("0001_initial",)]


def test_without_its_limit_everybody_waits(cookie: str, tmp_path: Path) -> None:
    """The control."""
    with (
        served(database_url(), tmp_path, cookie=cookie, REQUEST_SECONDS="3") as site,
        somebody_reads(),
        migrating(tmp_path, LATER_PLAIN="yes"),
    ):
        assert until(lambda: bool(rows(HELD)), seconds=PATIENCE)
        answer = site.get(PAGE)

    assert answer.is_refusal_in_words


def test_it_gives_up_with_words_and_nothing_is_half_done(tmp_path: Path) -> None:
    with (
        somebody_reads() as reader,
        migrating(tmp_path, "--give-up-after", "0") as migration,
    ):
        reading = reader.info.backend_pid
        assert migration.process.wait(PATIENCE) == 1
        half_done = rows(HALF_DONE)

    assert half_done == [(False,)]
    assert rows(DONE) == []
    (words,) = [line for line in migration.said().splitlines() if "CommandError" in line]
    assert f"process {reading}, " in words
    assert words.endswith("When that has ended, or is ended, run this again.")
    with migrating(tmp_path) as again:
        assert again.process.wait(PATIENCE) == 0, again.said()


@pytest.mark.parametrize(
    ("told", "limits"),
    [
        ({}, {"lock_timeout": "800", "statement_timeout": "0"}),
        ({"LATER_PLAIN": "yes"}, {"lock_timeout": "0", "statement_timeout": "30000"}),
    ],
    ids=["ours", "the control"],
)
def test_what_the_role_allows_to_requests_does_not_cut_it_short(
    tmp_path: Path, told: dict[str, str], limits: dict[str, str]
) -> None:
    name = connection.ops.quote_name(connection.settings_dict["NAME"])
    rows(f"ALTER DATABASE {name} SET statement_timeout = '30s'")
    try:
        with migrating(tmp_path, **told) as migration:
            assert migration.process.wait(PATIENCE) == 0, migration.said()
    finally:
        rows(f"ALTER DATABASE {name} RESET statement_timeout")

    assert dict(rows("SELECT name, setting FROM later_limits")) == limits
