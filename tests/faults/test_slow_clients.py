"""A hundred clients who send a byte a second or read nothing: others are answered as ever."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from incidents.lookup.operations import keep_findable
from tests.factories import a_runbook, a_user
from tests.faults.killing.programs import database_url
from tests.faults.own_site import OwnSite, served, signed_in
from tests.faults.slow_clients import dripping, is_open
from tests.processes import until

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.of_database("sqlite"),
    pytest.mark.timeout(300),
]

CLIENTS = 100
PATIENCE = 30
"""Seconds in which an answer comes on the busiest of machines, if it comes."""
HEADERS = b"GET /lookup/?q=disk HTTP/1.1\r\nHost: 127.0.0.1\r\nX-Slow: "
BODY = (
    b"POST /hooks/alertmanager/ HTTP/1.1\r\nHost: 127.0.0.1\r\nAuthorization: Bearer of-a-test\r\n"
    b"Content-Type: application/json\r\nContent-Length: 100000\r\n\r\n"
)
READER = b"GET /accounts/login/ HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n" * 20


@pytest.fixture
def cookie() -> str:
    keep_findable(a_runbook(title="Make room", slug="room", alerts="DiskFull"))
    return signed_in(a_user())


@pytest.fixture
def site(cookie: str, tmp_path: Path) -> Iterator[OwnSite]:
    with served(database_url(), tmp_path, cookie=cookie) as one:
        yield one


def look_up(site: OwnSite, times: int = 5, *, timeout: float = PATIENCE) -> list[int]:
    return [site.get("/lookup/?q=DiskFull", timeout=timeout).status for _ in range(times)]


@pytest.mark.parametrize("beginning", [HEADERS, BODY, READER], ids=["headers", "body", "reader"])
def test_others_are_answered(site: OwnSite, beginning: bytes) -> None:
    with dripping(site.port, [beginning] * CLIENTS) as clients:
        answers = look_up(site)
        slow = sum(map(is_open, clients))

    # They were there; of those who bring something most are refused.
    assert slow >= (4 if beginning == BODY else CLIENTS)
    assert answers == [200] * 5


def test_who_does_not_end_their_headers_is_left(site: OwnSite) -> None:
    with dripping(site.port, [HEADERS] * CLIENTS) as clients:
        assert until(lambda: not any(map(is_open, clients)), seconds=60)


def test_where_bodies_may_keep_all_threads_they_do(cookie: str, tmp_path: Path) -> None:
    """The control."""
    with (
        served(database_url(), tmp_path, cookie=cookie, WEB_THREADS="1000") as site,
        dripping(site.port, [BODY] * CLIENTS),
    ):
        # Not before the first of them have been taken up.
        assert until(lambda: look_up(site, times=1, timeout=5) == [0])
