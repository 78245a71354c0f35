"""Editing an action item."""

import pytest
from django.test import Client

from incidents.models import ActionItem, Change
from tests.factories import a_restricted_incident, a_user, an_action_item, an_incident

pytestmark = pytest.mark.django_db


@pytest.fixture
def item() -> ActionItem:
    return an_action_item(title="Alert", body="One", incident=an_incident())


def form(item: ActionItem, **fields: object) -> dict[str, object]:
    incident = item.incident.reference if item.incident else ""
    return {
        "version": 1,
        "title": "Alert",
        "body": "Two",
        "kind": "prevent",
        "origin": "decided",
        "incident": incident,
        **fields,
    }


def test_it_works(client: Client, item: ActionItem) -> None:
    client.force_login(a_user())
    url = f"/actions/{item.reference}/edit/"
    assert item.incident is not None
    assert f'value="{item.incident.reference}"' in client.get(url).content.decode()

    assert client.post(url, form(item)).status_code == 302

    before = item.incident
    item.refresh_from_db()
    assert (item.body, item.incident) == ("Two", before)
    assert Change.objects.get().parts[0]["fields"] == {"body": ["One", "Two"]}


def test_the_second_saver_sees_both_texts(client: Client, item: ActionItem) -> None:
    client.force_login(a_user())
    url = f"/actions/{item.reference}/edit/"
    client.post(url, form(item, body="Hers"))

    answer = client.post(url, form(item, body="His"))

    assert answer.status_code == 409
    (both,) = answer.context["form"].conflicts
    assert (both.saved, both.wanted) == ("Hers", "His")


def test_it_is_not_moved_to_an_incident_that_one_may_not_know_of(
    client: Client, item: ActionItem
) -> None:
    secret = a_restricted_incident(a_user())
    client.force_login(a_user("admin"))

    answer = client.post(f"/actions/{item.reference}/edit/", form(item, incident=secret.reference))

    assert answer.status_code == 422
    assert "incident" in answer.context["form"].errors


def test_the_state_is_not_changed_by_the_way(client: Client, item: ActionItem) -> None:
    client.force_login(a_user())

    client.post(f"/actions/{item.reference}/edit/", form(item, state="done", evidence="No"))

    item.refresh_from_db()
    assert item.state == "open"


def test_a_reader_may_not(client: Client, item: ActionItem) -> None:
    client.force_login(a_user("reader"))
    assert client.post(f"/actions/{item.reference}/edit/", form(item)).status_code == 403
