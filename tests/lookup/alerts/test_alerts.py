"""The webhook that takes alerts, and the page that shows them."""

import json
from typing import Any

import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries, Settings

from incidents.lookup.operations import keep_findable
from incidents.models import Alert, Incident
from tests.factories import a_runbook, a_user, an_incident
from tests.lookup.alerts.test_payload import ALERT, payload

pytestmark = pytest.mark.django_db

HOOK, PAGE, TOKEN = "/hooks/alertmanager/", "/alerts/", "a secret of our own"


@pytest.fixture(autouse=True)
def token(settings: Settings) -> None:
    settings.ALERTMANAGER_TOKEN = TOKEN


def sent(body: bytes, token: str = TOKEN, scheme: str = "Bearer") -> tuple[int, Any]:
    answer = Client(enforce_csrf_checks=True).post(
        HOOK,
        body,
        content_type="application/json",
        headers={"Authorization": f"{scheme} {token}"},
    )
    return answer.status_code, json.loads(answer.content)


def shown(client: Client, **asked: str) -> str:
    answer = client.get(PAGE, asked)
    assert answer.status_code == 200
    return answer.content.decode()


@pytest.fixture
def reader(client: Client) -> Client:
    client.force_login(a_user("reader"))
    return client


def test_it_works(reader: Client) -> None:
    keep_findable(a_runbook(title="The pool is dry", slug="pool", alerts="PoolEmpty"))
    assert sent(payload(ALERT)) == (200, {"alerts": 1})
    page = shown(reader)
    assert "No connection is left" in page
    assert 'href="/runbooks/pool/"' in page
    assert 'href="/lookup/?alertname=PoolEmpty&amp;severity=critical"' in page


def test_incidents_like_it_are_shown_as_long_as_one_may_know_of_them(reader: Client) -> None:
    like = an_incident(title="No connection is left in the pool")
    keep_findable(like)
    sent(payload(ALERT))
    assert f'href="{like.get_absolute_url()}"' in shown(reader)
    Incident.objects.update(visibility="restricted")
    page = shown(reader)
    assert like.get_absolute_url() not in page
    assert "No connection is left in the pool" not in page


def test_the_front_page_says_how_many_are_firing(reader: Client) -> None:
    assert "firing" not in reader.get("/").content.decode()
    sent(payload(ALERT, {**ALERT, "fingerprint": "over", "status": "resolved"}))
    assert "1 alert firing" in reader.get("/").content.decode()


def test_what_is_over_is_shown_when_asked_for(reader: Client) -> None:
    sent(payload({**ALERT, "status": "resolved"}))
    assert "Nothing is firing" in shown(reader)
    assert "PoolEmpty" in shown(reader, all="1")


def test_a_wrong_token_is_refused() -> None:
    for wrong in ("", "another", TOKEN + "x", "é"):
        status, told = sent(payload(ALERT), wrong)
        assert status == 401
        assert "bearer token" in told["error"]
    assert sent(payload(ALERT), scheme="Basic")[0] == 401
    assert not Alert.objects.exists()


def test_without_a_token_of_its_own_the_site_takes_none(settings: Settings, reader: Client) -> None:
    settings.ALERTMANAGER_TOKEN = ""
    status, told = sent(payload(ALERT), "")
    assert status == 403
    assert "ALERTMANAGER_TOKEN" in told["error"]
    assert "takes no alerts yet" in shown(reader)


def test_what_is_no_payload_is_told() -> None:
    assert sent(b"nonsense") == (400, {"error": "The payload is not JSON."})


def test_an_alert_is_no_way_to_send_a_script(reader: Client) -> None:
    labels = {"alertname": "<script>alert(1)</script>", "severity": "<b>", "service": "&"}
    sent(payload({**ALERT, "labels": labels, "annotations": {"summary": "<img>"}}))
    page = shown(reader)
    assert "<script>alert" not in page
    assert "<img>" not in page


def test_nobody_is_asked_to_sign_in(client: Client) -> None:
    assert client.get(PAGE).status_code == 302


def test_the_page_takes_no_more_queries_for_many(
    reader: Client, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    keep_findable(a_runbook(title="PoolEmpty it is"), an_incident(title="PoolEmpty it was"))
    sent(payload(ALERT))
    with django_assert_max_num_queries(14) as few:
        shown(reader)
    # A request begins the log of queries anew.
    number = len(few)
    assert number
    sent(payload(*({**ALERT, "fingerprint": f"f{key}"} for key in range(30))))
    with django_assert_max_num_queries(number):
        shown(reader)
