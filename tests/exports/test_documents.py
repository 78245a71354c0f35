"""A document has all of a record that its reader may see, and nothing that they may not."""

import json
from typing import Any

import pytest
from pytest_django import DjangoAssertNumQueries

from incidents.access.permissions import everybody
from incidents.exports.documents import Document, document_of
from incidents.exports.queries import some_whole
from incidents.models import (
    ActionItem,
    ImpactMeasure,
    Incident,
    LessonLink,
    Participant,
    RelatedIncident,
    RunbookUse,
    User,
)
from tests.factories import (
    NOW,
    a_contributing_factor,
    a_delta,
    a_lesson,
    a_restricted_incident,
    a_runbook,
    a_service,
    a_user,
    an_event,
    an_incident,
)

pytestmark = pytest.mark.django_db


def a_full_incident(**fields: Any) -> Incident:
    incident = an_incident(began_at=NOW, began_precision="day", summary="It *broke*.", **fields)
    incident.services.set([a_service()])
    an_event(incident, event_at=NOW, event_precision="minute", actor="Ada")
    a_contributing_factor(incident)
    a_delta(incident, note="Raised")
    ImpactMeasure.objects.create(incident=incident, name="Orders", value="12.5", out_of=100)
    Participant.objects.create(incident=incident, name="The host on call", hours=3)
    lesson = a_lesson(learned_from=incident)
    LessonLink.objects.create(incident=incident, lesson=a_lesson(), relation="violated")
    RunbookUse.objects.create(incident=incident, runbook=a_runbook(), served="helped")
    RelatedIncident.objects.create(incident=incident, other=an_incident(title="Another"))
    ActionItem.objects.create(title="Do this", incident=incident, lesson=lesson)
    return incident


def told(incident: Incident, user: User | None = None) -> Document:
    (whole,) = some_whole([incident.pk], user=user or everybody())
    return document_of(whole)


def test_it_works() -> None:
    incident = a_full_incident(title="Orders time out")
    data = told(incident).data

    assert data["reference"] == incident.reference
    assert data["address"] == f"http://127.0.0.1:8000/incidents/{incident.reference}/"
    assert data["times"]["began"]["text"] == "14 Mar 2026"
    assert data["prose"][0]["heading"] == "Summary"
    assert data["impact"][0] | {"source": ""} == {
        "name": "Orders",
        "value": 12.5,
        "out_of": 100,
        "unit": "",
        "approximate": False,
        "note": "",
        "source": "",
    }
    for name in ("events", "factors", "deltas", "people", "lessons", "earlier_lessons"):
        assert len(data[name]) == 1, name
    for name in ("runbooks", "related", "action_items"):
        assert len(data[name]) == 1, name


def test_unknown_stays_unknown() -> None:
    data = told(an_incident()).data

    assert data["times"]["began"] == {"at": None, "precision": "unknown", "text": "time unknown"}
    assert data["owner"] is None
    assert data["prose"] == []


def test_what_is_restricted_is_left_out() -> None:
    named = a_user()
    secret = a_restricted_incident(named, title="Zqvxabc")
    incident = an_incident()
    lesson = a_lesson(sentence="Zqvxabd", learned_from=secret)
    LessonLink.objects.create(incident=incident, lesson=lesson, relation="upheld", note="Zqvxabe")
    RelatedIncident.objects.create(incident=incident, other=secret, note="Zqvxabf")
    ActionItem.objects.create(title="Zqvxabg", incident=incident, lesson=lesson)
    ActionItem.objects.create(title="Zqvxabh", incident=secret, reopened_for=incident)

    assert "Zqvx" not in json.dumps(told(incident).data)
    seen = told(incident, named)
    assert all(f"Zqvxab{letter}" in json.dumps(seen.data) for letter in "cdefgh")
    assert seen.touched == {incident.pk, secret.pk}
    assert some_whole([secret.pk], user=everybody()) == []


def test_queries_do_not_grow_with_records(
    django_assert_max_num_queries: DjangoAssertNumQueries,
) -> None:
    few = [a_full_incident().pk for _ in range(2)]
    many = few + [a_full_incident().pk for _ in range(10)]
    for keys in (few, many):
        with django_assert_max_num_queries(14):
            documents = [document_of(whole) for whole in some_whole(keys, user=everybody())]
        assert [document.data["reference"] for document in documents] == [
            f"INC-{key}" for key in keys
        ]


def test_they_come_in_the_order_asked_for() -> None:
    keys = [an_incident().pk for _ in range(5)][::-1]

    assert [whole.incident.pk for whole in some_whole(keys, user=everybody())] == keys


def test_it_is_as_of_its_latest_change() -> None:
    incident = a_full_incident()
    late = NOW.replace(year=2199)
    incident.timelineevents.update(changed_at=late)
    (whole,) = some_whole([incident.pk], user=everybody())

    assert whole.changed_at == late
