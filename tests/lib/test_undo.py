"""What the message that says what was done takes back, and when it does not any more."""

from typing import Any

import pytest
from django.test import Client

from incidents.history.operations import change_record
from incidents.lib.undo import Undo, undo_of
from incidents.models import Change, Incident, Lesson, Runbook, State, User
from tests.factories import NOW, a_lesson, a_restricted_incident, a_runbook, a_user, an_incident

pytestmark = pytest.mark.django_db


@pytest.fixture
def editor(client: Client) -> User:
    user = a_user("editor")
    client.force_login(user)
    return user


def offered(answer: Any) -> Undo:
    """The one way back on the page that was led to."""
    (message,) = answer.context["messages"]
    undo = undo_of(message)
    assert undo is not None
    assert f'action="{undo.url}"' in answer.content.decode()
    return undo


def said(client: Client, undo: Undo) -> str:
    answer = client.post(undo.url, undo.fields, follow=True)
    assert answer.status_code == 200
    return " ".join(str(message) for message in answer.context["messages"])


def summaries() -> list[str]:
    return list(Change.objects.order_by("id").values_list("summary", flat=True))


def withdrawn(client: Client, incident: Incident) -> Undo:
    address = f"{incident.get_absolute_url()}withdraw/"
    return offered(client.post(address, {"reason": "Twice"}, follow=True))


@pytest.mark.parametrize("state", [State.DRAFT, State.IN_REVIEW, State.PUBLISHED])
def test_a_withdrawn_record_is_again_what_it_was(
    client: Client, editor: User, state: State
) -> None:
    published_at = NOW if state == State.PUBLISHED else None
    incident = an_incident(state=state, owner=editor, published_at=published_at)

    assert "as it was before" in said(client, withdrawn(client, incident))

    found = Incident.objects.get()
    assert (found.state, found.withdrawn_reason) == (state, "")
    assert found.published_at == published_at
    assert summaries()[-2:] == ["Withdrew the record", "Undid the withdrawal"]


def test_what_was_changed_since_stays_withdrawn(client: Client, editor: User) -> None:
    incident = an_incident(owner=editor)
    undo = withdrawn(client, incident)
    incident.refresh_from_db()
    version, values = incident.version, {"title": "Recorded twice"}
    change_record(incident, version=version, values=values, by=editor, at=NOW, summary="Edited")

    assert "Somebody changed it since" in said(client, undo)
    answer = client.post(undo.url, {"version": version + 1})

    assert answer.status_code == 422
    assert "Somebody changed it since" in answer.content.decode()
    assert Incident.objects.get().state == State.WITHDRAWN


def test_a_withdrawal_is_undone_once_and_by_editors(client: Client, editor: User) -> None:
    incident, secret = an_incident(owner=editor), a_restricted_incident(a_user())
    undo = withdrawn(client, incident)
    assert client.post(f"{secret.get_absolute_url()}withdraw/undo/").status_code == 404
    assert client.get(undo.url).status_code == 405
    said(client, undo)
    assert client.post(undo.url).status_code == 422
    assert Incident.objects.get(pk=incident.pk).state == State.DRAFT
    client.force_login(a_user("reader"))
    assert client.post(undo.url, undo.fields).status_code == 403


def retired(client: Client, runbook: Runbook) -> Undo:
    sent = {"version": runbook.version, "title": "Redis", "slug": "redis", "body": "Two"}
    address = f"{runbook.get_absolute_url()}edit/"
    return offered(client.post(address, {**sent, "state": "retired"}, follow=True))


def test_a_retired_runbook_is_active_again(client: Client, editor: User) -> None:
    runbook = a_runbook(title="Redis", slug="redis", body="One")

    assert "active again" in said(client, retired(client, runbook))

    found = Runbook.objects.get()
    # What else was written with it stays.
    assert (found.state, found.body) == ("active", "Two")
    assert summaries()[-1] == "Changed the runbook"


def test_a_runbook_changed_since_stays_retired(client: Client, editor: User) -> None:
    undo = retired(client, a_runbook(title="Redis", slug="redis"))
    Runbook.objects.update(version=99)
    assert "Somebody changed it since" in said(client, undo)
    assert Runbook.objects.get().state == "retired"
    client.force_login(a_user("reader"))
    assert client.post(undo.url, {"version": 99}).status_code == 403


def test_nothing_is_offered_where_no_runbook_was_retired(client: Client, editor: User) -> None:
    runbook = a_runbook(title="Redis", slug="redis", state="retired")
    sent = {"version": 1, "title": "Redis", "slug": "redis", "state": "retired", "body": "Three"}
    answer = client.post(f"{runbook.get_absolute_url()}edit/", sent, follow=True)
    assert list(answer.context["messages"]) == []


@pytest.mark.parametrize("step", ["retire", "supersede"])
def test_a_lesson_holds_again(client: Client, editor: User, step: str) -> None:
    lesson, other = a_lesson(), a_lesson()
    address = f"{lesson.get_absolute_url()}{step}/"
    undo = offered(client.post(address, {"replacement": other.reference}, follow=True))

    assert said(client, Undo(undo.url, {"version": 99})).startswith("Somebody changed it since")
    assert Lesson.objects.get(pk=lesson.pk).state != "active"
    assert "active again" in said(client, undo)

    found = Lesson.objects.get(pk=lesson.pk)
    assert (found.state, found.superseded_by) == ("active", None)
    assert summaries()[-1] == "Made active again"
