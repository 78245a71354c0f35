"""The lookup for programs."""

from datetime import date
from typing import Any

import pytest
from django.test import Client

from incidents.access.permissions import everybody
from incidents.lookup.operations import keep_findable
from incidents.models import Incident, Knob, Lesson, Role
from tests.factories import (
    a_delta,
    a_knob,
    a_lesson,
    a_restricted_incident,
    a_runbook,
    a_runbook_use,
    a_service,
    a_team,
    a_user,
    an_incident,
)
from tests.lookup.hostile import PIECES

pytestmark = pytest.mark.django_db

ADDRESS = "/api/v1/lookup/"


def asked(client: Client, **parameters: str) -> dict[str, Any]:
    client.force_login(a_user("reader"))
    answer = client.get(ADDRESS, parameters)
    assert answer.status_code == 200
    told: dict[str, Any] = answer.json()
    return told


def test_it_works(client: Client) -> None:
    runbook = a_runbook(
        title="Make room",
        slug="room",
        alerts="DiskFull",
        body_html="<ol><li>Look.</li></ol>",
        last_verified_date=date(2026, 1, 2),
    )
    runbook.services.add(a_service(name="Orders", slug="orders"))
    incident = an_incident(title="DiskFull in March")
    a_delta(incident, knob=a_knob(component="disk", key="reserve"), before="1", after="2")
    a_runbook_use(incident, runbook=runbook, served="helped")
    keep_findable(runbook, incident)

    told = asked(client, alertname="DiskFull", service="orders")

    assert told["question"]["labels"] == {"alertname": "DiskFull", "service": "orders"}
    assert told["runbooks"] == [
        {
            "slug": "room",
            "title": "Make room",
            "url": "/runbooks/room/",
            "summary": "",
            "why": {
                "exact_alert": True,
                "alert_line": "DiskFull",
                "services": ["Orders"],
                "words": True,
            },
            "verified": "2026-01-02",
            "unverified_since": None,
            "helped": 1,
            "failed": 0,
            "first_steps": ["1. Look."],
        }
    ]
    (past,) = told["incidents"]
    assert past["reference"] == incident.reference
    assert past["turned"] == [
        {
            "component": "disk",
            "key": "reserve",
            "before": "1",
            "after": "2",
            "unit": "",
            "part": "fixed",
        }
    ]


def test_the_limit_is_of_each_kind(client: Client) -> None:
    keep_findable(*(a_runbook(title="Disk") for _ in range(4)))
    keep_findable(*(an_incident(title="Disk") for _ in range(4)))
    told = asked(client, q="disk", limit="3")
    assert len(told["runbooks"]) == len(told["incidents"]) == 3


@pytest.mark.parametrize("limit", ["0", "-1", "51", "x", "", "9" * 5_000, "²", "00000000051"])
def test_a_limit_that_is_none_is_refused(client: Client, limit: str) -> None:
    client.force_login(a_user("reader"))
    answer = client.get(ADDRESS, {"q": "disk", "limit": limit})
    assert answer.status_code == 400
    assert "from 1 to 50" in answer.json()["detail"]


def test_nothing_asked_is_nothing_found(client: Client) -> None:
    told = asked(client)
    assert told["runbooks"] == told["incidents"] == told["knobs"] == told["lessons"] == []


def test_nobody_is_refused_in_its_own_words(client: Client) -> None:
    answer = client.get(ADDRESS, {"q": "disk"})
    assert answer.status_code == 401
    assert "credentials" in answer.json()["detail"]


def test_what_would_change_something_is_refused(client: Client) -> None:
    client.force_login(a_user("reader"))
    for method in ("post", "put", "patch", "delete"):
        answer = getattr(client, method)(ADDRESS)
        assert answer.status_code == 405
        assert answer["Allow"] == "GET, HEAD"
        assert "not allowed" in answer.json()["detail"]


def test_any_text_is_answered(client: Client) -> None:
    client.force_login(a_user("reader"))
    keep_findable(a_runbook(alerts='alertname=~".*"'))
    for text in PIECES:
        assert client.get(ADDRESS, {"q": text, "alertname": text}).status_code == 200


def hide() -> tuple[Incident, Knob, Lesson]:
    # Of a team without anybody in it, too: nobody is not its member.
    incident = a_restricted_incident(teams=(a_team(),), title="Zanzibar breach")
    knob = a_knob(component="zanzibar")
    a_delta(incident, knob=knob)
    lesson = a_lesson(sentence="Zanzibar.", learned_from=incident)
    keep_findable(incident, knob, lesson)
    return incident, knob, lesson


def test_what_is_restricted_is_as_if_it_were_not(client: Client) -> None:
    hide()
    told, nonsense = asked(client, q="zanzibar"), asked(client, q="xqzwv")
    assert {**told, "question": None} == {**nonsense, "question": None}


def test_everybody_is_a_reader_who_is_named_nowhere() -> None:
    hide()
    shown = an_incident()
    user = everybody()
    assert user.role == Role.READER
    assert list(Incident.objects.visible_to(user)) == [shown]
    assert not Knob.objects.visible_to(user).exists()
    assert not Lesson.objects.visible_to(user).exists()
