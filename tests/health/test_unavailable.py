"""Whoever gets 503 is told why and when to come again, and the log has one line of it."""

import json
import logging
from collections.abc import Iterable
from typing import Any
from wsgiref.util import setup_testing_defaults

import pytest
from django.test import Client

from incidents.health.unavailable import SAID_TO_BROWSERS, refuse
from incidents.lib.database_trouble import Trouble, Words
from tests.factories import a_user

WORDS = Words("It is away", "Others have it.", 7)
PAGE, PROBLEM, LINE = "text/html; charset=utf-8", "application/problem+json", "text/plain"


def refused(path: str = "/incidents/", **environ: str) -> tuple[str, dict[str, str], bytes]:
    asked: dict[str, Any] = {"PATH_INFO": path, **environ}
    setup_testing_defaults(asked)
    told: list[Any] = []
    body: Iterable[bytes] = refuse(asked, lambda *said: told.extend(said), WORDS)  # type: ignore[arg-type,return-value]
    return told[0], dict(told[1]), b"".join(body)


@pytest.mark.parametrize(
    ("path", "accept", "kind"),
    [
        ("/incidents/", "", PAGE),
        ("/incidents/", "*/*", PAGE),
        ("/incidents/", "text/html,application/xhtml+xml,*/*;q=0.8", PAGE),
        ("/incidents/", "application/json", PROBLEM),
        ("/incidents/", "application/problem+json", PROBLEM),
        ("/api/v1/incidents/", "text/html", PROBLEM),
        ("/hooks/alertmanager/", "*/*", PROBLEM),
        ("/mcp", "text/event-stream", PROBLEM),
        ("/calendar/", "text/calendar", LINE),
    ],
)
def test_each_is_told_in_its_way(path: str, accept: str, kind: str) -> None:
    given = {"HTTP_ACCEPT": accept} if accept else {}
    status, headers, body = refused(path, **given)
    assert (status, headers["Retry-After"]) == ("503 Service Unavailable", "7")
    assert headers["Content-Type"].startswith(kind)
    assert int(headers["Content-Length"]) == len(body)
    assert b"It is away" in body
    assert b"Others have it." in body
    if kind == PROBLEM:
        assert json.loads(body) == {
            "type": "about:blank",
            "title": "Service Unavailable",
            "status": 503,
            "detail": "It is away. Others have it.",
        }


def test_browsers_hear_what_every_answer_says_and_the_number_that_a_proxy_gave() -> None:
    _, headers, _ = refused(HTTP_X_REQUEST_ID="of-the-proxy")
    assert headers.items() >= SAID_TO_BROWSERS.items()
    assert headers["X-Request-ID"] == "of-the-proxy"


def test_without_one_it_gets_a_number() -> None:
    _, headers, _ = refused()
    assert len(headers["X-Request-ID"]) == 36


def test_whoever_asks_for_the_head_gets_no_body() -> None:
    _, headers, body = refused(REQUEST_METHOD="HEAD")
    assert body == b""
    assert int(headers["Content-Length"]) > 0


@pytest.mark.django_db
def test_the_log_has_one_line_without_a_traceback(
    client: Client, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def fail(*_: object, **__: object) -> None:
        raise OSError(28, "No space left on device")

    client.force_login(a_user("reader"))
    client.raise_request_exception = False
    monkeypatch.setattr("incidents.lookup.alerts.queries.alerts", fail)
    with caplog.at_level(logging.WARNING):
        answer = client.get("/alerts/", headers={"X-Request-ID": "n-1"})
    assert answer.status_code == 503
    assert str(Trouble.FULL.value.heading) in answer.content.decode()
    told = [record for record in caplog.records if "503" in record.getMessage()]
    assert [record.getMessage() for record in told] == [
        f"GET lookup:alerts 503: {Trouble.FULL.value.heading}"
    ]
    assert all(record.exc_info is None for record in caplog.records)


@pytest.mark.django_db
def test_what_nobody_foresaw_still_leaves_its_traceback(
    client: Client, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    """The control."""

    def fail(*_: object, **__: object) -> None:
        raise ValueError("a mistake of ours")

    client.force_login(a_user("reader"))
    client.raise_request_exception = False
    monkeypatch.setattr("incidents.lookup.alerts.queries.alerts", fail)
    answer = client.get("/alerts/")
    assert answer.status_code == 500
    assert any(record.exc_info for record in caplog.records)
