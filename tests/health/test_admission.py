"""A process works at as many requests as it can, and tells the others at once to come again."""

import json
from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor
from threading import Event
from typing import Any
from wsgiref.types import StartResponse, WSGIEnvironment
from wsgiref.util import setup_testing_defaults

import pytest

from incidents.health.admission import (
    FREE,
    TOO_MANY,
    Admission,
    Places,
    admitted,
    refuse_what_is_sent,
)

GOOD_WHILE = 20
"""Seconds after which a test gives up."""


def test_as_many_as_there_are_places() -> None:
    places = Places(2, wait=0)
    assert [places.take(first=True) for _ in range(3)] == [True, True, False]
    places.leave(first=True)
    assert places.take(first=True)


def test_a_place_is_kept_for_what_goes_first() -> None:
    places = Places(3, wait=0)
    assert [places.take(first=False) for _ in range(3)] == [True, True, False]
    assert places.take(first=True)
    assert not places.take(first=True)
    places.leave(first=False)
    assert places.take(first=False)


def test_the_only_place_is_for_all() -> None:
    places = Places(1, wait=0)
    assert places.take(first=False)
    assert not places.take(first=True)


def test_the_others_wait_in_line_and_what_goes_first_before_them() -> None:
    places, began = Places(2, wait=GOOD_WHILE), list[str]()

    def wait(name: str, *, first: bool) -> None:
        assert places.take(first=first)
        began.append(name)
        places.leave(first=first)

    assert places.take(first=True)
    assert places.take(first=True)
    with ThreadPoolExecutor() as threads:
        waiting = []
        for number, (name, first) in enumerate((("page", False), ("lookup", True)), start=1):
            waiting.append(threads.submit(wait, name, first=first))
            with places.changed:
                assert places.changed.wait_for(lambda: places.waiting == number, GOOD_WHILE)  # noqa: B023
        # The line is full: nobody else is kept.
        assert not places.take(first=True)
        places.leave(first=True)
        for one in waiting:
            one.result(GOOD_WHILE)
    assert began == ["lookup", "page"]
    assert (places.taken, places.taken_by_others, places.waiting) == (1, 0, 0)


def test_who_has_waited_for_nothing_leaves_the_line() -> None:
    places = Places(1, wait=0)
    assert places.take(first=True)
    assert not places.take(first=True)
    assert places.waiting == 0


class Site:
    """What stands behind: it says which path it was asked for, and may be held."""

    def __init__(self) -> None:
        self.begun, self.go_on = Event(), Event()
        self.held = ""

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        path = environ["PATH_INFO"]
        if path == self.held:
            self.begun.set()
            assert self.go_on.wait(GOOD_WHILE)
        if path == "/broken/":
            raise ValueError(path)
        start_response("200 OK", [])
        return [path.encode()]


def asked(site: Any, path: str) -> tuple[str, dict[str, str], bytes]:
    environ: WSGIEnvironment = {"PATH_INFO": path}
    setup_testing_defaults(environ)
    told: list[Any] = []
    body = b"".join(site(environ, lambda *said: told.extend(said)))
    return told[0], dict(told[1]), body


@pytest.fixture
def full() -> Admission:
    """All places are taken, and so is the line."""
    site = Admission(Site(), at_once=2)
    site.places.taken = 2
    site.places.lines[True].extend(object() for _ in range(2))
    return site


def test_who_comes_when_all_is_full_is_told_when_to_come_again(full: Admission) -> None:
    status, headers, body = asked(full, "/incidents/")
    assert (status, headers["Retry-After"]) == (
        "503 Service Unavailable",
        str(TOO_MANY.again_after),
    )
    assert headers["Content-Type"].startswith("text/html")
    assert b"Too many are asking at once" in body
    assert len(body) == int(headers["Content-Length"])
    assert headers["Cache-Control"] == "private, no-store"
    assert "frame-ancestors 'none'" in headers["Content-Security-Policy"]
    assert headers["Cross-Origin-Opener-Policy"] == "same-origin"


@pytest.mark.parametrize("path", ["/api/v1/incidents/", "/hooks/alertmanager/", "/mcp"])
def test_a_program_is_told_as_programs_are(full: Admission, path: str) -> None:
    status, headers, body = asked(full, path)
    assert (status[:3], headers["Content-Type"]) == ("503", "application/problem+json")
    told = json.loads(body)
    assert (told["title"], told["status"]) == ("Service Unavailable", 503)
    assert told["detail"].startswith("Too many are asking at once. ")


def test_who_sends_too_much_is_told_in_the_same_way() -> None:
    status, headers, body = asked(refuse_what_is_sent, "/incidents/new/")
    assert (status, headers["Retry-After"]) == ("503 Service Unavailable", "5")
    assert headers["Cache-Control"] == "private, no-store"
    assert b"Nothing was kept: send it again." in body


@pytest.mark.parametrize("path", FREE)
def test_what_is_asked_about_the_site_never_waits(full: Admission, path: str) -> None:
    assert asked(full, path) == ("200 OK", {}, path.encode())


def test_a_lookup_is_answered_while_all_others_are_held() -> None:
    behind = Site()
    behind.held = "/reviews/"
    site = Admission(behind, at_once=2)
    site.places.wait = 0
    with ThreadPoolExecutor() as threads:
        slow = threads.submit(asked, site, "/reviews/")
        assert behind.begun.wait(GOOD_WHILE)
        assert [asked(site, path)[0][:3] for path in ("/incidents/", "/lookup/", "/")] == [
            "503",
            "200",
            "200",
        ]
        behind.go_on.set()
        assert slow.result(GOOD_WHILE)[0] == "200 OK"
    assert asked(site, "/incidents/")[0] == "200 OK"


def test_what_breaks_leaves_its_place() -> None:
    site = Admission(Site(), at_once=1)
    for _ in range(3):
        with pytest.raises(ValueError, match="broken"):
            asked(site, "/broken/")
    assert asked(site, "/incidents/")[0] == "200 OK"


def test_it_can_be_left_out(settings: Any) -> None:
    site = Site()
    settings.REQUESTS_AT_ONCE = 0
    assert admitted(site) is site
    settings.REQUESTS_AT_ONCE = 3
    found = admitted(site)
    assert isinstance(found, Admission)
    assert found.places.at_once == 3
