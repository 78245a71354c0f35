"""A request that takes too long in PostgreSQL is ended and told so; a worker's work is not."""

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import psycopg
import pytest

from tests.factories import a_runbook, a_user
from tests.faults.killing.programs import ROOT
from tests.faults.own_postgres import NAME, OwnPostgres, own_postgres
from tests.faults.own_site import OwnSite, served, signed_in

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.of_database("postgresql"),
    pytest.mark.timeout(300),
]

SECONDS = "3"
# Whoever reads runbooks reads for a minute.
ENDLESS = """
    ALTER TABLE incidents_runbook RENAME TO incidents_runbook_as_it_was;
    CREATE VIEW incidents_runbook AS
        SELECT runbook.* FROM incidents_runbook_as_it_was AS runbook, pg_sleep(60)
"""
ASKED = "from django.db import connection as c; q = c.cursor(); q.execute('SHOW statement_timeout')"


@pytest.fixture
def cookie() -> str:
    a_runbook(title="Make room", slug="room")
    return signed_in(a_user())


@pytest.fixture
def postgres(cookie: str) -> Iterator[OwnPostgres]:
    with own_postgres() as server:
        yield server


@pytest.fixture
def site(postgres: OwnPostgres, cookie: str, tmp_path: Path) -> Iterator[OwnSite]:
    with served(postgres.url, tmp_path, cookie=cookie, REQUEST_SECONDS=SECONDS) as one:
        yield one


def test_a_statement_without_end_is_ended(postgres: OwnPostgres, site: OwnSite) -> None:
    assert site.get("/runbooks/").status == 200
    postgres.rows(ENDLESS)
    told = site.get("/runbooks/")
    others = site.get("/factors/")

    assert told.is_refusal_in_words
    assert "That took too long" in told.body
    assert others.status == 200


def test_without_the_limit_it_goes_on(postgres: OwnPostgres, cookie: str, tmp_path: Path) -> None:
    """The control: nobody has ended it long after the limit would have."""
    postgres.rows(ENDLESS)
    with served(postgres.url, tmp_path, cookie=cookie, REQUEST_SECONDS="0") as site:
        told = site.get("/runbooks/", timeout=2 * float(SECONDS))
        postgres.end_all()

    assert told.status == 0


def test_who_waits_for_a_lock_is_told_that_others_write(
    postgres: OwnPostgres, site: OwnSite
) -> None:
    with closing(
        psycopg.connect(host=str(postgres.server.socket_folder), user="postgres", dbname=NAME)
    ) as somebody:
        somebody.execute("LOCK TABLE incidents_alert IN EXCLUSIVE MODE")
        told = site.tell_of_an_alert("Meanwhile")
        read = site.get("/alerts/").status
        somebody.rollback()
    again = site.tell_of_an_alert("Afterwards")

    assert told.is_refusal_in_words
    assert "The database is busy" in told.body
    assert (read, again.status) == (200, 200)


def test_workers_and_migrations_have_no_limit(postgres: OwnPostgres, tmp_path: Path) -> None:
    command = [sys.executable, str(ROOT / "manage.py"), "shell", "-c"]
    told = subprocess.run(
        [*command, f"{ASKED}; print(*q.fetchone())"],
        env={
            **os.environ,
            "DJANGO_SETTINGS_MODULE": "postmortems.settings",
            "DATABASE_URL": postgres.url,
            "VAR_DIR": str(tmp_path),
            "REQUEST_SECONDS": SECONDS,
        },
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    )
    assert told.stdout.split()[-1] == "0"
