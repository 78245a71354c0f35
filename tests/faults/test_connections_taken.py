"""Somebody else has all connections of PostgreSQL: nobody waits for long, and all come after it."""

from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path
from unittest import mock

import psycopg
import pytest
from django.utils import timezone

from incidents.jobs.kinds import KINDS
from incidents.jobs.operations import owe
from tests.factories import a_user
from tests.faults.killing.kinds import EFFECT, register
from tests.faults.killing.programs import EMBEDDED, running
from tests.faults.own_postgres import NAME, OwnPostgres, own_postgres
from tests.faults.own_site import BARE, Answer, OwnSite, served, signed_in
from tests.processes import until

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.of_database("postgresql"),
    pytest.mark.timeout(300),
]

MOST = "14"
CLIENTS = 40
JOBS = 50
PAGES = ("/lookup/?q=disk", "/incidents/", "/runbooks/")


@contextmanager
def all_taken(postgres: OwnPostgres) -> Iterator[Callable[[int], None]]:
    """Every connection that there is; gives what lets go of some."""
    with ExitStack() as held:
        taken: list[psycopg.Connection] = []
        with suppress(psycopg.OperationalError):
            while True:
                taken.append(held.enter_context(connection_of(postgres)))

        def let_go(count: int) -> None:
            for one in taken[:count]:
                one.close()

        yield let_go


def connection_of(postgres: OwnPostgres) -> psycopg.Connection:
    return psycopg.connect(
        host=str(postgres.server.socket_folder), user="postgres", dbname=NAME, autocommit=True
    )


def ask(site: OwnSite, clients: int = CLIENTS) -> list[Answer]:
    with ThreadPoolExecutor(clients) as people:
        return list(people.map(site.get, (PAGES * clients)[:clients]))


def test_nobody_waits_for_long_and_all_come_afterwards(tmp_path: Path) -> None:
    cookie = signed_in(a_user())
    with mock.patch.dict(KINDS):
        register()
        for number in range(JOBS):
            owe(EFFECT, {"number": number}, at=timezone.now())
    with (
        own_postgres(max_connections=MOST) as postgres,
        connection_of(postgres) as observer,
        ExitStack() as programs,
    ):
        with all_taken(postgres) as let_go:
            # Who is sent away before Django wants no connection.
            all_come = {"REQUESTS_AT_ONCE": "0"}
            site = programs.enter_context(served(postgres.url, tmp_path, cookie=cookie, **all_come))
            programs.enter_context(running(EMBEDDED, tmp_path, DATABASE_URL=postgres.url))
            none_free = ask(site)
            let_go(2)
            few_free = ask(site)
        assert until(lambda: {answer.status for answer in ask(site, 8)} == {200}, seconds=60)
        all_free = Counter(answer.status for answer in ask(site))
        assert until(lambda: effects(observer) == JOBS)

    assert all(answer.is_refusal_in_words for answer in none_free)
    assert "The database cannot be reached" in none_free[0].body
    assert {answer.status for answer in few_free} <= {200, 503}
    assert all_free == {200: CLIENTS}


def effects(observer: psycopg.Connection) -> int:
    rows = observer.execute(
        "SELECT count(DISTINCT document_id) FROM incidents_change WHERE document_type = %s",
        [EFFECT],
    )
    return int(rows.fetchall()[0][0])


def test_without_protection_it_is_an_error(tmp_path: Path) -> None:
    """The control."""
    cookie = signed_in(a_user())
    told = {"DJANGO_SETTINGS_MODULE": BARE}
    with (
        own_postgres(max_connections=MOST) as postgres,
        all_taken(postgres),
        served(postgres.url, tmp_path, cookie=cookie, **told) as site,
    ):
        assert {answer.status for answer in ask(site, 4)} == {500}
