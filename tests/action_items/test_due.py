"""When a new action item is due, where nobody says."""

from datetime import date, timedelta

import pytest
from django.test import Client
from django.utils import timezone
from pytest_django import Settings

from incidents.action_items.due import due_by_policy, policy_in_words
from incidents.action_items.operations import create_action_item
from incidents.models import ActionItem, Incident
from tests.factories import NOW, a_form, a_restricted_incident, a_user, an_incident

pytestmark = pytest.mark.django_db
TODAY = date(2026, 3, 14)


@pytest.fixture(autouse=True)
def policy(settings: Settings) -> None:
    settings.ACTION_DUE_DAYS = {"sev1": 7, "sev3": 1}


def form(**fields: object) -> dict[str, object]:
    return a_form(title="Alert on memory", kind="detect", origin="decided", **fields)


def test_it_works() -> None:
    assert due_by_policy(Incident(severity="sev1"), today=TODAY) == date(2026, 3, 21)
    assert policy_in_words() == "SEV1 critical 7 days, SEV3 moderate 1 day"


@pytest.mark.parametrize("severity", ["sev2", "unknown"])
def test_a_severity_of_which_it_says_nothing_has_none(severity: str) -> None:
    assert due_by_policy(Incident(severity=severity), today=TODAY) is None


def test_without_an_incident_there_is_none() -> None:
    assert due_by_policy(None, today=TODAY) is None


def test_it_is_counted_where_the_person_is() -> None:
    late_in_utc = NOW.replace(hour=23)
    values = {"title": "Alert", "incident": an_incident(severity="sev1")}
    there = a_user(time_zone="Asia/Tokyo")

    item = create_action_item(values=values, by=there, at=late_in_utc)
    assert item.due_date == date(2026, 3, 22)
    assert create_action_item(values=values, by=None, at=late_in_utc).due_date == date(2026, 3, 21)


def test_what_somebody_says_holds() -> None:
    values = {"title": "Alert", "incident": an_incident(severity="sev1")}
    for said in (None, date(2026, 5, 1)):
        item = create_action_item(values={**values, "due_date": said}, by=None, at=NOW)
        assert item.due_date == said


def test_the_form_proposes_it_and_says_why(client: Client) -> None:
    user = a_user()
    client.force_login(user)
    incident = an_incident(severity="sev1")

    text = client.get(f"/actions/new/?incident={incident.reference}").content.decode()

    assert f'value="{user.date_at(timezone.now()) + timedelta(days=7)}"' in text
    assert "SEV1 critical 7 days" in text


def test_the_form_takes_it_where_the_date_is_left_empty(client: Client) -> None:
    user, incident = a_user(), an_incident(severity="sev3")
    client.force_login(user)
    client.post("/actions/new/", form(incident=incident.reference))
    assert ActionItem.objects.get().due_date == user.date_at(timezone.now()) + timedelta(days=1)


def test_one_can_say_that_there_is_none(client: Client) -> None:
    client.force_login(a_user())
    incident = an_incident(severity="sev1")
    client.post(
        "/actions/new/",
        form(incident=incident.reference, due_date="2026-05-01", no_due_date="on"),
    )
    assert ActionItem.objects.get().due_date is None


def test_the_proposal_does_not_tell_how_severe_a_restricted_incident_is(client: Client) -> None:
    secret = a_restricted_incident(a_user(), severity="sev1")
    client.force_login(a_user("admin"))
    for named in (secret.reference, "INC-", "INC-²", "INC-" + "9" * 30):
        answer = client.get("/actions/new/", {"incident": named})
        assert answer.context["form"]["due_date"].value() is None


def test_without_a_policy_the_form_does_not_speak_of_it(client: Client, settings: Settings) -> None:
    settings.ACTION_DUE_DAYS = {}
    client.force_login(a_user())
    assert "severity of the incident" not in client.get("/actions/new/").content.decode()
    client.post("/actions/new/", form())
    assert ActionItem.objects.get().due_date is None
