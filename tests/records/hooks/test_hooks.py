"""What pagers and other programs tell: one draft for each incident, each message once, in any
order, and nothing that people wrote is lost."""

import json
import sqlite3
from itertools import permutations
from typing import Any

import pytest
from django.db import OperationalError, connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from pytest_django import Settings

from incidents.action_items.trackers import views
from incidents.models import (
    Change,
    HookedIncident,
    Incident,
    Severity,
    TimelineEvent,
    TrackerDelivery,
)
from incidents.records.hooks import operations
from incidents.records.operations import change_incident
from tests.factories import NOW, a_service, a_team, a_user
from tests.records.hooks.sending import (
    PAGERDUTY,
    PROGRAMS,
    SECRET,
    an_event,
    iso,
    minutes,
    page,
    send,
    send_event,
    signed,
    tell,
)

pytestmark = pytest.mark.django_db
OPENED, ADDED = (200, {"outcome": "opened"}), (200, {"outcome": "added to the timeline"})


@pytest.fixture(autouse=True)
def secrets(settings: Settings) -> None:
    settings.PAGERDUTY_HOOK_SECRETS = settings.INCIDENT_HOOK_TOKENS = [SECRET]


def texts() -> list[str]:
    return list(TimelineEvent.objects.order_by("position").values_list("text", flat=True))


def test_pagerduty_opens_a_draft() -> None:
    service, team = a_service(name="payments", slug="pay"), a_team(name="Platform")
    assert page("triggered") == OPENED
    incident = Incident.objects.get()
    assert (incident.title, incident.state, incident.severity) == (
        "Orders time out",
        "draft",
        "sev2",
    )
    assert (incident.detected_at, incident.detected_precision) == (NOW, "minute")
    assert (incident.detection, incident.kind, incident.owner) == ("monitoring", "own", None)
    assert incident.began_at is None
    assert incident.external_key == "pagerduty:PGR0VU2"
    assert incident.source_url == "https://acme.pagerduty.com/incidents/PGR0VU2"
    assert incident.source_title == "PagerDuty incident 2"
    assert (list(incident.services.all()), list(incident.teams.all())) == ([service], [team])
    event = TimelineEvent.objects.get()
    assert (event.text, event.kind) == ("Triggered: Orders time out", "detection")
    assert (event.actor, event.source, event.known_then) == ("Alice Doe", "PagerDuty", True)
    assert Change.objects.filter(by=None).count() == 2


def test_pagerduty_is_followed_to_the_end() -> None:
    page("triggered")
    assert page("acknowledged", at=minutes(2)) == ADDED
    page("escalated", at=minutes(3))
    page("annotated", at=minutes(4), content="The pool is *full*.")
    page("status_update_published", at=minutes(5), message="We are looking.")
    page("priority_updated", at=minutes(6), priority={"summary": "SEV-1"})
    page("resolved", at=minutes(30))
    assert texts() == [
        "Triggered: Orders time out",
        "Acknowledged",
        "Escalated to Alice Doe",
        "The pool is *full*.",
        "We are looking.",
        "The priority is SEV-1",
        "Resolved",
    ]
    incident = Incident.objects.get()
    assert (incident.severity, incident.resolved_at) == (Severity.SEV1, minutes(30))
    page("reopened", at=minutes(40))
    assert Incident.objects.get().resolved_at is None


STORY = [
    an_event("triggered", name="1"),
    an_event("acknowledged", at=minutes(1), name="2"),
    an_event("resolved", at=minutes(10), name="3"),
    an_event("reopened", at=minutes(20), name="4"),
    an_event("resolved", at=minutes(30), name="5"),
]


@pytest.mark.parametrize("order", list(permutations(range(5)))[::7])
def test_the_order_in_which_they_arrive_means_nothing(order: tuple[int, ...]) -> None:
    for number in order:
        assert send_event(STORY[number])[0] == 200
    incident = Incident.objects.get()
    assert incident.resolved_at == minutes(30)
    assert texts() == [
        "Triggered: Orders time out",
        "Acknowledged",
        "Resolved",
        "Reopened",
        "Resolved",
    ]


def test_what_comes_twice_counts_once() -> None:
    message = an_event("triggered")
    assert send_event(message) == OPENED
    assert send_event(message) == OPENED
    assert TimelineEvent.objects.count() == Incident.objects.count() == 1
    assert tell(id="one", text="It grew") == OPENED
    assert tell(id="one", text="It grew") == OPENED
    assert tell(id="one", text="Another")[0] == 409
    assert tell() == ADDED
    # Without a name of its own it is known by what it says.
    assert tell() == ADDED
    assert TimelineEvent.objects.count() == 3


def test_a_late_priority_does_not_undo_a_newer_one() -> None:
    page("triggered")
    page("priority_updated", at=minutes(9), priority={"summary": "P4"})
    page("priority_updated", at=minutes(5), priority={"summary": "P1"})
    assert Incident.objects.get().severity == "sev4"


def test_what_people_wrote_stays() -> None:
    page("triggered")
    incident, person = Incident.objects.get(), a_user()
    wanted = {
        "severity": "sev5",
        "resolved_at": minutes(7),
        "resolved_precision": "minute",
        "title": "Our own words",
    }
    change_incident(incident, version=incident.version, values=wanted, by=person, at=NOW)
    page("priority_updated", at=minutes(8), priority={"summary": "P1"})
    page("resolved", at=minutes(9))
    page("reopened", at=minutes(10))
    now = Incident.objects.get()
    assert (now.severity, now.resolved_at, now.title) == ("sev5", minutes(7), "Our own words")
    assert len(texts()) == 4


def test_a_time_that_contradicts_a_person_is_told_in_the_timeline_alone() -> None:
    page("triggered")
    incident = Incident.objects.get()
    began = {
        "began_at": minutes(50),
        "began_precision": "minute",
        "detected_at": None,
        "detected_precision": "unknown",
    }
    change_incident(incident, version=incident.version, values=began, by=a_user(), at=NOW)
    assert page("resolved", at=minutes(40)) == ADDED
    assert Incident.objects.get().resolved_at is None


@pytest.mark.parametrize("state", ["published", "withdrawn"])
def test_a_record_that_is_done_is_left_alone(state: str) -> None:
    page("triggered")
    more = {"published_at": NOW, "withdrawn_reason": "A test"}
    Incident.objects.update(state=state, **more)
    status, told = page("resolved", at=minutes(9))
    assert status == 200
    assert "left alone" in told["outcome"]
    assert (len(texts()), Incident.objects.get().resolved_at) == (1, None)


def test_in_review_only_the_timeline_grows() -> None:
    page("triggered")
    Incident.objects.update(state="in_review")
    assert page("resolved", at=minutes(9)) == ADDED
    assert (len(texts()), Incident.objects.get().resolved_at) == (2, None)


def test_a_note_may_come_first() -> None:
    page("annotated", at=minutes(3), content="It is the pool.")
    page("triggered")
    assert Incident.objects.get().title == "Orders time out"
    assert texts() == ["Triggered: Orders time out", "It is the pool."]


@pytest.mark.parametrize(
    "what", ["incident.workflow.started", "service.updated", "pagey.ping", "incident.conference"]
)
def test_what_a_timeline_has_no_use_for_is_taken_and_left(what: str) -> None:
    message = an_event("triggered")
    message["event"]["event_type"] = what
    assert send_event(message) == (200, {"outcome": "nothing to do"})
    assert not Incident.objects.exists()


def test_a_program_tells_of_all_of_it() -> None:
    service = a_service()
    status = tell(
        severity="sev3",
        detection="customer",
        summary="Uploads fail.",
        began=iso(minutes(-9)),
        detected=iso(minutes(-1)),
        services=[service.slug, "none"],
        url="https://monitor.example/7",
        text="97 % on `db1`",
        kind="symptom",
        actor="monitor",
    )
    assert status == OPENED
    incident = Incident.objects.get()
    assert (incident.external_key, incident.severity) == ("hook:disk-7", "sev3")
    assert (incident.began_at, incident.detected_at) == (minutes(-9), minutes(-1))
    assert (incident.summary, incident.source_url) == ("Uploads fail.", "https://monitor.example/7")
    assert list(incident.services.all()) == [service]
    event = TimelineEvent.objects.get()
    assert (event.text, event.kind, event.actor) == ("97 % on `db1`", "symptom", "monitor")

    tell(status="mitigated", at=minutes(5))
    tell(status="severity", severity="sev1", at=minutes(6))
    tell(status="resolved", at=minutes(9))
    incident.refresh_from_db()
    assert (incident.mitigated_at, incident.resolved_at) == (minutes(5), minutes(9))
    assert incident.severity == "sev1"


def test_two_tellers_do_not_share_their_keys() -> None:
    tell(key="PGR0VU2")
    page("triggered")
    assert Incident.objects.count() == 2


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({"key": ""}, "which incident"),
        ({"key": "x" * 300}, "which incident"),
        ({"key": "a\nb"}, "which incident"),
        ({"key": 7}, "“key”"),
        ({"status": "burning"}, "open, note, acknowledged"),
        ({"status": ["open"]}, "“status”"),
        ({"title": ""}, "title"),
        ({"at": ""}, "at"),
        ({"at": "2026-03-14 12:00"}, "at"),
        ({"at": "0001-01-01T00:00:00Z"}, "at"),
        ({"at": "9999-12-31T23:59:59-23:00"}, "at"),
        ({"severity": "P1"}, "sev1"),
        ({"status": "severity"}, "severity"),
        ({"status": "note"}, "text"),
        ({"kind": "party"}, "“kind”"),
        ({"detection": "luck"}, "“detection”"),
        ({"services": "payments"}, "“services”"),
        ({"teams": [1]}, "“teams”"),
        ({"url": "javascript:alert(1)"}, "“url”"),
        ({"began": "2027-01-01T00:00:00Z", "detected": "2026-01-01T00:00:00Z"}, "before it began"),
    ],
)
def test_what_a_program_tells_wrongly_is_told_by_field(fields: dict[str, Any], said: str) -> None:
    status, told = tell(**fields)
    assert status == 422
    assert said in told["error"]
    assert not Incident.objects.exists()
    # It may come again, put right.
    assert not TrackerDelivery.objects.exists()
    assert not HookedIncident.objects.exists()


@pytest.mark.parametrize("what", ["title", "id", "occurred_at"])
def test_what_pagerduty_tells_wrongly_is_refused(what: str) -> None:
    message = an_event("triggered")
    holder = message["event"] if what == "occurred_at" else message["event"]["data"]
    holder[what] = None
    assert send_event(message)[0] == 422
    assert not Incident.objects.exists()


@pytest.mark.parametrize("body", [b"", b"{", b"\xff", b"[" * 100_000])
def test_what_is_no_json_is_refused(body: bytes) -> None:
    assert send_event(body)[0] == 400
    assert send(body)[0] == 400


def test_where_the_database_is_busy_it_may_come_again(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    locked = sqlite3.OperationalError("database is locked")
    locked.sqlite_errorcode = sqlite3.SQLITE_BUSY

    def busy(**_: object) -> str:
        raise OperationalError(str(locked)) from locked

    with monkeypatch.context() as here:
        here.setattr(operations, "receive", busy)
        status, told = page("triggered")
    assert (status, told["status"]) == (503, 503)
    assert told["detail"].startswith("The database is busy. ")
    assert not TrackerDelivery.objects.exists()
    assert page("triggered") == OPENED


@pytest.mark.parametrize("body", [b"[]", b"3", b'"x"', b"null"])
def test_what_is_no_object_is_refused(body: bytes) -> None:
    assert send_event(body)[0] == 400
    assert send(body)[0] == 422


def test_what_is_too_large_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(views, "LARGEST", 10)
    assert page("triggered")[0] == 413


@pytest.mark.parametrize(
    "signature", ["", "v1=", "v1=00", "sha256=00", "v2=x", "é", "v1=00," * 999]
)
def test_who_does_not_sign_is_refused(signature: str) -> None:
    assert send_event(an_event("triggered"), signature=signature)[0] == 401
    assert not Incident.objects.exists()


def test_two_signatures_and_two_secrets_while_one_is_changed(settings: Settings) -> None:
    settings.PAGERDUTY_HOOK_SECRETS = ["new", SECRET]
    body = json.dumps(an_event("triggered")).encode()
    old, new = signed(body), signed(body, "new")
    for shown in (f"v1=00, {old}", f"{new},v1=00", f"{old},{new}"):
        assert send_event(body, signature=shown)[0] == 200
    assert send_event(body, signature=signed(body, "another"))[0] == 401


@pytest.mark.parametrize("token", ["", "wrong", SECRET + "x", "é"])
def test_a_program_without_the_token_is_refused(token: str) -> None:
    assert tell(token=token)[0] == 401


@pytest.mark.parametrize("path", [PAGERDUTY, PROGRAMS])
def test_without_a_secret_nothing_is_taken(path: str, settings: Settings) -> None:
    settings.PAGERDUTY_HOOK_SECRETS = settings.INCIDENT_HOOK_TOKENS = []
    answer = Client().post(path, {}, content_type="application/json")
    assert answer.status_code == 403
    assert "is not set" in answer.json()["error"]
    assert Client().get(path).status_code == 405


def test_hostile_texts_are_taken_as_texts() -> None:
    text = "<script>alert(1)</script>\0\ud800 \x1b[31m" + "x" * 20_000
    page("triggered", title=text, service={"summary": text}, priority={"summary": text})
    page("annotated", at=minutes(1), content=text)
    tell(text=text, title=text, actor=text, services=[text])
    for event in TimelineEvent.objects.all():
        assert "<script" not in event.text_html
        assert len(event.text) <= 10_000
        assert "\0" not in event.text


def test_a_storm_costs_each_message_the_same_and_ends(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(operations, "MOST_EVENTS", 30)
    page("triggered")
    asked = []
    for number in range(1, 35):
        with CaptureQueriesContext(
            connection,
        ) as queries:
            page("annotated", at=minutes(number), content=f"Note {number}")
        asked.append(len(queries))
    assert max(asked[1:29]) <= asked[0]
    assert max(asked[29:]) < asked[0]
    assert TimelineEvent.objects.count() == 30
    # Its end is heard of all the same.
    status, told = page("resolved", at=minutes(99))
    assert (status, told["outcome"]) == (200, "the timeline takes no more messages")
    assert Incident.objects.get().resolved_at == minutes(99)
