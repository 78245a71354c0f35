"""PostgreSQL goes and comes back: who asks meanwhile is told so, and nothing that was kept is lost.

The server is the tests' own. It ends as if the power went, and recovers from its log.
"""

import re
import signal
from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Event
from time import monotonic
from unittest import mock

import pytest
from django.utils import timezone

from incidents.jobs.kinds import KINDS
from incidents.jobs.operations import owe
from tests.factories import a_user
from tests.faults.killing.kinds import EFFECT, register
from tests.faults.killing.programs import EMBEDDED, running
from tests.faults.own_postgres import OwnPostgres, own_postgres
from tests.faults.own_site import BARE, CUT, Answer, OwnSite, served, signed_in
from tests.processes import until

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.of_database("postgresql"),
    pytest.mark.timeout(300),
]

PAGES = ("/lookup/?q=disk", "/incidents/", "/runbooks/")
AT_ONCE = 8
"""As many as the site has threads, and its pool connections."""
ROUNDS = 4
JOBS = 400


@pytest.fixture
def cookie() -> str:
    return signed_in(a_user())


@pytest.fixture
def postgres(cookie: str) -> Iterator[OwnPostgres]:
    """With all that the test's own database has by now."""
    with own_postgres() as server:
        yield server


def pages_at_once(site: OwnSite, count: int = AT_ONCE) -> list[int]:
    with ThreadPoolExecutor(count) as people:
        return [answer.status for answer in people.map(site.get, (PAGES * count)[:count])]


def test_who_asks_meanwhile_is_told_and_the_next_is_served(
    postgres: OwnPostgres, cookie: str, tmp_path: Path
) -> None:
    with served(postgres.url, tmp_path, cookie=cookie) as site:
        assert pages_at_once(site) == [200] * AT_ONCE
        postgres.programs.stop(signal.SIGQUIT)

        away = [site.get(path) for path in PAGES * 3]
        for_programs = site.get("/api/v1/incidents/", Accept="application/json")
        health = [site.get(f"/{name}/", Cookie="").status for name in ("healthz", "readyz")]
        told = site.tell_of_an_alert("Meanwhile")

        postgres.programs.start()
        back = pages_at_once(site)
        told_again = site.tell_of_an_alert("Afterwards")

    assert all(answer.is_refusal_in_words for answer in [*away, for_programs, told])
    assert "The database cannot be reached" in away[0].body
    assert for_programs.headers["content-type"] == "application/problem+json"
    assert "The database cannot be reached" in for_programs.body
    assert health == [200, 503]
    assert back == [200] * AT_ONCE
    assert told_again.status == 200


def test_the_pool_says_so_once_a_minute(postgres: OwnPostgres, cookie: str, tmp_path: Path) -> None:
    with served(postgres.url, tmp_path, cookie=cookie) as site:
        assert pages_at_once(site) == [200] * AT_ONCE
        postgres.programs.stop(signal.SIGQUIT)
        began = monotonic()
        assert {site.get(path).status for path in PAGES * 8} == {503}
        minutes = (monotonic() - began) // 60
        told = site.log.read_text().splitlines()

    said = [re.sub(r"[\d.]+|0x\w+", "", line) for line in told if " psycopg.pool " in line]
    said = [line.partition(" (")[0] for line in said if "error connecting" in line]
    assert said
    assert max(Counter(said).values()) <= 1 + minutes


def test_connections_that_were_ended_are_given_to_nobody(
    postgres: OwnPostgres, cookie: str, tmp_path: Path
) -> None:
    with served(postgres.url, tmp_path, cookie=cookie) as site:
        assert pages_at_once(site) == [200] * AT_ONCE
        ended = postgres.end_all()
        answers = pages_at_once(site)

    assert ended
    assert answers == [200] * AT_ONCE


def test_without_protection_they_are_and_it_is_an_error(
    postgres: OwnPostgres, cookie: str, tmp_path: Path
) -> None:
    """The control."""
    with served(postgres.url, tmp_path, cookie=cookie, DJANGO_SETTINGS_MODULE=BARE) as site:
        assert pages_at_once(site) == [200] * AT_ONCE
        postgres.end_all()
        answers = pages_at_once(site)

    assert 500 in answers


def test_nothing_that_was_acknowledged_is_lost(
    postgres: OwnPostgres, cookie: str, tmp_path: Path
) -> None:
    """Alerts are told of while the server is crashed again and again; each answer is noted."""
    over = Event()

    def tell(person: int) -> list[Answer]:
        answers: list[Answer] = []
        while not over.is_set():
            answers.append(site.tell_of_an_alert(f"Alert{person}n{len(answers)}"))
        return answers

    with served(postgres.url, tmp_path, cookie=cookie) as site, ThreadPoolExecutor(4) as people:
        telling = [people.submit(tell, person) for person in range(4)]
        try:
            for _ in range(ROUNDS):
                require_more_than(len(site.kept) + 10, lambda: len(site.kept))
                postgres.programs.stop(signal.SIGQUIT)
                postgres.programs.start()
        finally:
            over.set()
        answers = [answer for one in telling for answer in one.result()]
        there = {name for (name,) in postgres.rows("SELECT fingerprint FROM incidents_alert")}

    told = Counter(answer.status for answer in answers)
    assert set(told) <= {200, 503}
    # The fault was there.
    assert told[503]
    assert all(answer.is_refusal_in_words for answer in answers if answer.status != 200)
    assert CUT not in answers
    assert set(site.kept) <= there


def test_workers_go_on_by_themselves(tmp_path: Path) -> None:
    with mock.patch.dict(KINDS):
        register()
        for number in range(JOBS):
            owe(EFFECT, {"number": number}, at=timezone.now())
    with (
        own_postgres() as postgres,
        running(EMBEDDED, tmp_path, DATABASE_URL=postgres.url) as programs,
    ):
        supervisor = programs.roots()
        for share in (0.1, 0.4, 0.7):
            require_more_than(share * JOBS, lambda: done(postgres))
            postgres.programs.stop(signal.SIGQUIT)
            postgres.programs.start()
        assert until(lambda: done(postgres) == JOBS), programs.log.read_text()[-3000:]
        effects = postgres.rows(
            "SELECT count(*), count(DISTINCT document_id) FROM incidents_change"
            f" WHERE document_type = '{EFFECT}'"
        )
        assert programs.roots() == supervisor

    assert effects == [(JOBS, JOBS)]


def require_more_than(least: float, count: Callable[[], int]) -> None:
    assert until(lambda: count() > least), f"It stays at {count()}."


def done(postgres: OwnPostgres) -> int:
    rows = postgres.rows(
        f"SELECT count(*) FROM incidents_job WHERE state = 'done' AND kind = '{EFFECT}'"
    )
    return int(str(rows[0][0]))
