"""Who is let in at `/mcp`, and what it takes."""

import threading
from typing import Any

import pytest
from django.test import Client

from incidents.api import limits
from incidents.models import Token
from tests.api.agents.asking import ADDRESS, LOOKUP, Agent
from tests.factories import a_user

pytestmark = pytest.mark.django_db
PING = {"jsonrpc": "2.0", "id": 1, "method": "ping"}


def test_it_works() -> None:
    agent = Agent()
    assert agent.asks("ping") == {"jsonrpc": "2.0", "id": 1, "result": {}}
    assert Token.objects.get().last_used_at is not None


def test_nobody_is_asked_for_a_token(client: Client) -> None:
    answer = client.post(ADDRESS, PING, content_type="application/json")
    assert answer.status_code == 401
    assert answer["WWW-Authenticate"].startswith("Bearer")


def test_a_cookie_counts_for_nothing(client: Client) -> None:
    client.force_login(a_user("admin"))
    assert client.post(ADDRESS, PING, content_type="application/json").status_code == 401


@pytest.mark.parametrize("method", ["get", "delete", "put", "options"])
def test_there_are_no_streams_and_no_sessions(method: str) -> None:
    answer = getattr(Agent().client, method)(ADDRESS)
    assert answer.status_code == 405
    assert answer["Allow"] == "POST"


@pytest.mark.parametrize("origin", ["https://evil.example", "null", "http://127.0.0.1:9"])
def test_another_site_is_answered_nothing(origin: str) -> None:
    answer = Agent().sends(PING, Origin=origin)
    assert answer.status_code == 403
    assert "another site" in answer.json()["detail"]


def test_our_own_pages_may_ask(settings: Any) -> None:
    settings.CSRF_TRUSTED_ORIGINS = ["https://console.example"]
    for origin in (settings.SITE_URL, "https://console.example"):
        assert Agent().sends(PING, Origin=origin).status_code == 200


@pytest.mark.parametrize(
    ("body", "status"),
    [
        ("", 400),
        ("{", 400),
        ("[" * 100_000, 400),
        ('{"a": ' + "9" * 5000 + "}", 400),
        ("[]", 400),
        ("3", 400),
        ({"jsonrpc": "1.0", "id": 1, "method": "ping"}, 400),
        ([PING, PING], 400),
        ({"jsonrpc": "2.0", "method": "notifications/initialized"}, 202),
        (b"\xff\xfe\x00", 400),
        (" " * 5_000_001, 413),
    ],
)
@pytest.mark.parametrize("version", ["", "2025-06-18", "2026-07-28"])
def test_what_is_no_message_is_refused(body: Any, status: int, version: str) -> None:
    headers = {"MCP-Protocol-Version": version} if version else {}
    assert Agent().sends(body, **headers).status_code == status


@pytest.mark.parametrize("version", ["1999-01-01", "x", "2026-07-28, 2025-06-18", "\x7f"])
def test_a_version_that_is_none_is_refused(version: str) -> None:
    assert Agent().sends(PING, **{"MCP-Protocol-Version": version}).status_code == 400


def test_only_json_is_taken_and_answered() -> None:
    agent = Agent()
    assert agent.sends(PING, Accept="text/html").status_code == 406
    sent_as_text = agent.client.post(ADDRESS, "{}", content_type="text/plain")
    assert sent_as_text.status_code in {400, 415}


@pytest.mark.parametrize("method", ["tools/nothing", "resources/list", "logging/setLevel", ""])
def test_a_method_that_is_none_is_told(method: str) -> None:
    assert "error" in Agent().asks(method)


def test_who_asks_too_often_waits(settings: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits, "counter", limits.Counter(lambda: 75.5))
    settings.API_RATE = 1
    agent = Agent()
    assert agent.sends(PING)["RateLimit-Remaining"] == "0"
    refused = agent.sends(PING)
    assert refused.status_code == 429
    assert refused["Retry-After"] == "45"


def test_a_request_leaves_no_thread_behind() -> None:
    agent = Agent()
    before = set(threading.enumerate())
    for _ in range(5):
        agent.calls("lookup", **LOOKUP)
    new = set(threading.enumerate()) - before
    for thread in new:
        # It ends when nothing waits for it any more: a moment after the answer.
        thread.join(60)
    assert not any(thread.is_alive() for thread in new)
