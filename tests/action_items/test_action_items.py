"""The list of action items."""

from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from incidents.action_items.queries import mine_for
from incidents.models import ActionState
from tests.factories import (
    NOW,
    a_lesson,
    a_restricted_incident,
    a_team,
    a_user,
    an_action_item,
    an_incident,
)

pytestmark = pytest.mark.django_db


def titles(client: Client, query: str = "") -> list[str]:
    answer = client.get(f"/actions/{query}")
    assert answer.status_code == 200
    return [item.title for item in answer.context["page"]]


def test_it_works(client: Client) -> None:
    client.force_login(a_user("reader"))
    today = timezone.now().date()
    an_action_item(title="Some day")
    an_action_item(title="Later", due_date=today + timedelta(days=9))
    an_action_item(title="Overdue", due_date=today - timedelta(days=9), state="in_progress")
    an_action_item(title="Closed", state=ActionState.DONE, evidence="Merged")

    answer = client.get("/actions/")

    page = list(answer.context["page"])
    assert [item.title for item in page] == ["Overdue", "Later", "Some day"]
    assert [item.is_late for item in page] == [True, False, False]
    assert "late" in answer.content.decode()
    assert "New action item" not in answer.content.decode()


def test_it_can_be_narrowed(client: Client) -> None:
    me, other = a_user(), a_user()
    client.force_login(me)
    incident = an_incident()
    an_action_item(title="Mine", owner=me, kind="learn")
    an_action_item(title="Hers", owner=other, team=a_team(slug="core"))
    an_action_item(title="Nobody's", incident=incident, due_date=NOW.date().replace(year=2020))
    an_action_item(title="Closed", state=ActionState.DONE, evidence="x")

    assert titles(client, "?owner=me") == ["Mine"]
    assert titles(client, f"?owner={other.pk}") == ["Hers"]
    assert titles(client, "?owner=nobody") == ["Nobody's"]
    assert titles(client, "?kind=learn") == ["Mine"]
    assert titles(client, "?team=core") == ["Hers"]
    assert titles(client, "?late=on") == ["Nobody's"]
    assert titles(client, f"?incident={incident.reference}") == ["Nobody's"]
    assert titles(client, "?q=her") == ["Hers"]
    assert titles(client, "?state=done") == ["Closed"]
    assert len(titles(client, "?state=any")) == 4
    assert titles(client, "?sort=-title&state=any") == ["Nobody's", "Mine", "Hers", "Closed"]


@pytest.mark.parametrize(
    "query", ["?owner=99", "?owner=x", "?incident=x", "?state=x", "?state=", "?late=x", "?page=0"]
)
def test_a_wish_that_makes_no_sense_is_answered(client: Client, query: str) -> None:
    client.force_login(a_user())
    an_action_item()

    assert client.get(f"/actions/{query}").status_code == 200


def test_strangers_learn_nothing_of_restricted_incidents(client: Client) -> None:
    named = a_user()
    secret = a_restricted_incident(named)
    an_action_item(title="Of the incident", incident=secret, owner=named)
    an_action_item(title="Of its lesson", lesson=a_lesson(learned_from=secret))

    client.force_login(named)
    assert len(titles(client)) == 2
    client.force_login(a_user("admin"))
    assert titles(client) == []
    # Asking for it is answered as for a record that does not exist.
    answer = client.get(f"/actions/?incident={secret.reference}")
    assert "not open to you" in answer.content.decode()


def test_mine_is_what_i_have_promised_and_may_see() -> None:
    me = a_user()
    item = an_action_item(owner=me)
    an_action_item(owner=a_user())
    an_action_item(owner=me, state=ActionState.WONT_DO, wont_do_reason="Gone")
    an_action_item(owner=me, incident=a_restricted_incident())

    assert list(mine_for(me, today=NOW.date())) == [item]
