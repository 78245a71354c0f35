"""Who is let in, and what every refusal looks like."""

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from incidents.access.tokens import new_secret
from incidents.api import limits
from incidents.models import Token
from tests.api.programs import ROOT, Program
from tests.factories import a_restricted_incident, a_user, an_incident

pytestmark = pytest.mark.django_db
PROBLEM = "application/problem+json"


def refused(answer: Any, status: int) -> dict[str, Any]:
    assert answer.status_code == status, answer.content
    assert answer["Content-Type"] == PROBLEM
    told: dict[str, Any] = answer.json()
    assert told["type"] == "about:blank"
    assert told["status"] == status
    assert told["title"]
    assert told["detail"].endswith(".")
    return told


def test_it_works() -> None:
    program = Program()
    assert program.reads("incidents/") == {"next": None, "previous": None, "results": []}
    assert Token.objects.get().last_used_at is not None


def test_who_is_signed_in_may_read_too(client: Client) -> None:
    client.force_login(a_user("reader"))
    assert client.get(f"{ROOT}incidents/").status_code == 200


def test_nobody_is_asked_for_a_token(client: Client) -> None:
    answer = client.get(f"{ROOT}incidents/")
    refused(answer, 401)
    assert answer["WWW-Authenticate"].startswith("Bearer")


@pytest.mark.parametrize(
    "over",
    [
        {"expires_at": timezone.now() - timedelta(seconds=1)},
        {"revoked_at": timezone.now()},
    ],
)
def test_a_token_that_opens_nothing_is_refused(over: dict[str, Any]) -> None:
    answer = Program(**over).asks("incidents/")
    assert "revoked" in refused(answer, 401)["detail"]
    assert "WWW-Authenticate" in answer


def test_a_wrong_token_is_refused_also_beside_a_session(client: Client) -> None:
    client.force_login(a_user())
    headers = {"Authorization": f"Bearer {new_secret()}"}
    refused(client.get(f"{ROOT}incidents/", headers=headers), 401)


def test_who_is_deactivated_is_refused() -> None:
    program = Program()
    program.owner.is_active = False
    program.owner.save()
    refused(program.asks("incidents/"), 401)


@pytest.mark.parametrize(
    ("path", "allowed"),
    [
        ("lookup/", "GET, HEAD"),
        ("people/", "GET, HEAD"),
        ("incidents/", "GET, HEAD, POST"),
        ("incidents/INC-1/", "GET, HEAD, PATCH"),
        ("incidents/INC-1/publish/", "POST"),
        ("incidents/INC-1/events/1/", "GET, HEAD, PATCH, DELETE"),
    ],
)
@pytest.mark.parametrize("method", ["get", "post", "put", "patch", "delete", "options"])
def test_what_an_address_does_not_take_it_refuses(path: str, allowed: str, method: str) -> None:
    if method.upper() in allowed:
        return
    answer = getattr(Program().client, method)(ROOT + path)
    refused(answer, 405)
    assert answer["Allow"] == allowed


def test_a_session_writes_nothing_without_its_own_token() -> None:
    client = Client(enforce_csrf_checks=True)
    client.force_login(a_user())
    refused(client.post(f"{ROOT}incidents/"), 403)


@pytest.mark.parametrize(
    "path",
    [
        "incidents/INC-99/",
        "runbooks/none/",
        "lessons/LES-99/",
        "factors/none/",
        "knobs/99/",
        "knobs/99/turns/",
        "knobs/9999999999999999999999/",
        "incidents/INC-9999999999999999999/",
        "actions/ACT-99/",
        "services/none/",
        "teams/none/",
        "people/none/",
        "people/%00/",
        "reviews/99/",
        "nowhere/",
    ],
)
def test_what_is_not_there_is_not_found(path: str) -> None:
    refused(Program().asks(path), 404)


def test_what_is_not_open_is_not_there() -> None:
    hidden = a_restricted_incident()
    answers = [Program().asks(f"incidents/{name}/") for name in (hidden.reference, "INC-99999")]
    assert answers[0].content == answers[1].content
    refused(answers[0], 404)


def test_only_json_is_answered() -> None:
    refused(Program().asks("incidents/", accept="application/xml"), 406)


@pytest.mark.parametrize(
    ("path", "data", "name"),
    [
        ("incidents/", {"bogus": "1"}, "bogus"),
        ("incidents/", {"severity": "9"}, "severity"),
        ("incidents/", {"period": "yesterday"}, "period"),
        ("incidents/", {"knob": "x"}, "knob"),
        ("incidents/", {"q": "\0"}, "q"),
        ("incidents/", {"limit": "101"}, "limit"),
        ("incidents/", {"limit": "0"}, "limit"),
        ("incidents/", {"limit": "²"}, "limit"),
        ("incidents/", {"cursor": "x"}, "cursor"),
        # `p=abc`, `p=` and a number of 30 digits: what no list ever said.
        ("incidents/", {"cursor": "cD1hYmM="}, "cursor"),
        ("incidents/", {"cursor": "cD0="}, "cursor"),
        ("incidents/", {"cursor": "cD05OTk5OTk5OTk5OTk5OTk5OTk5OTk5OTk5OTk5OTk="}, "cursor"),
        ("incidents/INC-1/", {"q": "x"}, "q"),
        ("actions/", {"owner": "9999"}, "owner"),
        ("actions/", {"incident": "INC-99"}, "incident"),
        ("knobs/", {"component": "none"}, "component"),
        ("lessons/", {"state": "lost"}, "state"),
        ("runbooks/", {"verified": "perhaps"}, "verified"),
        ("services/", {"team": "none"}, "team"),
        ("people/", {"role": "admin"}, "role"),
        ("reviews/", {"q": "x"}, "q"),
        ("schema/", {"format": "yaml"}, "format"),
        ("lookup/", {"limit": "51"}, "limit"),
    ],
)
def test_what_is_not_understood_is_refused(path: str, data: dict[str, str], name: str) -> None:
    told = refused(Program().asks(path, data), 400)
    assert list(told["errors"]) == [name]
    assert name in told["detail"]


def test_what_breaks_is_told_as_such(monkeypatch: pytest.MonkeyPatch) -> None:
    def breaks(*_: Any, **__: Any) -> None:
        raise RuntimeError("secret words")

    monkeypatch.setattr("incidents.api.resources.incidents.incidents_for", breaks)
    program = Program()
    program.client.raise_request_exception = False
    assert "secret" not in str(refused(program.asks("incidents/"), 500))


def test_a_host_that_is_none_is_refused_in_the_same_shape() -> None:
    refused(Program().asks("incidents/", host="elsewhere.example"), 400)


@pytest.mark.parametrize("name", ["API_RATE", "API_ADDRESS_RATE"])
def test_who_asks_too_often_waits(name: str, settings: Any, monkeypatch: Any) -> None:
    monkeypatch.setattr(limits, "counter", limits.Counter(lambda: 75.5))
    setattr(settings, name, 2)
    program = Program()
    first, _, third = (program.asks("incidents/") for _ in range(3))
    if name == "API_RATE":
        assert first["RateLimit-Limit"] == "2"
        assert first["RateLimit-Remaining"] == "1"
        assert first["RateLimit-Reset"] == "45"
    assert "2 times a minute" in refused(third, 429)["detail"]
    assert third["Retry-After"] == "45"
    assert third["RateLimit-Remaining"] == "0"


def test_who_tries_tokens_is_counted(settings: Any, monkeypatch: Any, client: Client) -> None:
    monkeypatch.setattr(limits, "counter", limits.Counter(lambda: 0))
    settings.API_ADDRESS_RATE = 2
    headers = {"Authorization": "Bearer pmk_nonsense"}
    answers = [client.get(f"{ROOT}incidents/", headers=headers) for _ in range(3)]
    assert [answer.status_code for answer in answers] == [401, 401, 429]


def test_each_minute_and_each_asker_is_counted_by_itself() -> None:
    now = [0.0]
    counter = limits.Counter(lambda: now[0])
    assert [counter.count("a", 1).is_over for _ in range(2)] == [False, True]
    assert not counter.count("b", 1).is_over
    now[0] = 60.0
    assert not counter.count("a", 1).is_over


def test_little_reach_is_ones_own() -> None:
    owner = a_user()
    mine, _other = an_incident(owner=owner), an_incident()
    program = Program(owner, reach="own")
    told = program.reads("incidents/")
    assert [row["reference"] for row in told["results"]] == [mine.reference]
    assert "own incidents" in refused(program.asks("reviews/"), 403)["detail"]
    assert "own incidents" in refused(program.asks("reviews/1/"), 403)["detail"]


def test_nothing_is_kept_on_the_way() -> None:
    answer = Program().asks("incidents/")
    assert answer["Cache-Control"] == "private, no-store"
    assert {"Authorization", "Cookie"} <= set(answer["Vary"].split(", "))


def test_the_lookup_takes_a_token() -> None:
    assert Program().reads("lookup/", {"q": "disk"})["question"]["text"] == "disk"
