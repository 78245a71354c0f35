"""Changing several action items at once: each by itself, with its history."""

from typing import Any

import pytest
from django.http import HttpResponse
from django.test import Client

from incidents.action_items.operations import change_action_item
from incidents.models import ActionItem, ActionState, Change, User
from tests.factories import NOW, a_restricted_incident, a_team, a_user, an_action_item

pytestmark = pytest.mark.django_db

PATH = "/actions/change/"


@pytest.fixture
def me(client: Client) -> User:
    user = a_user()
    client.force_login(user)
    return user


def change(client: Client, *items: ActionItem, **wishes: Any) -> HttpResponse:
    chosen = [f"{item.pk}.{item.version}" for item in items]
    answer: HttpResponse = client.post(PATH, {"item": chosen, "next": "/actions/late/", **wishes})
    for item in items:
        item.refresh_from_db()
    return answer


def test_it_works(client: Client, me: User) -> None:
    team = a_team()
    items = [an_action_item(), an_action_item(state=ActionState.IN_PROGRESS)]
    other = an_action_item()

    answer = change(client, *items, owner=me.pk, team=team.pk, due_date="2026-05-01", start="on")

    assert (answer.status_code, answer["Location"]) == (302, "/actions/late/")
    for item in items:
        assert (item.owner, item.team, str(item.due_date)) == (me, team, "2026-05-01")
        assert item.state == ActionState.IN_PROGRESS
    other.refresh_from_db()
    assert (other.owner, other.state) == (None, "open")
    told = [(line.document_id, line.summary, line.by) for line in Change.objects.all()]
    first, second = (item.pk for item in items)
    assert told == [
        (first, "Started", me),
        (first, "Changed the action item", me),
        (second, "Changed the action item", me),
    ]
    assert "2 action items have what you asked for" in client.get("/actions/").content.decode()


def test_what_is_not_asked_for_stays(client: Client, me: User) -> None:
    item = an_action_item(owner=me, team=a_team(), due_date="2026-05-01")
    change(client, item, owner="nobody")
    assert (item.owner, item.team is None, str(item.due_date)) == (None, False, "2026-05-01")
    change(client, item, team="nobody", no_due_date="on")
    assert (item.team, item.due_date, item.state) == (None, None, "open")


def test_one_that_somebody_else_changed_is_left_and_the_others_are_not(
    client: Client, me: User
) -> None:
    hers = a_user(first_name="Olga")
    stale, fine = an_action_item(title="Stale"), an_action_item(title="Fine")
    change_action_item(stale, version=1, values={"owner": hers}, by=hers, at=NOW)

    answer = change(client, stale, fine, owner=me.pk)

    assert answer.status_code == 409
    assert (stale.owner, fine.owner) == (hers, me)
    text = answer.content.decode()
    assert "Somebody else changed it meanwhile: owner is" in text
    assert "1 action item has what you asked for" in text
    # Sent again as it came back, it is a choice made in sight of the other's.
    assert f'value="{stale.pk}.2" checked' in text
    assert change(client, stale, owner=me.pk).status_code == 302
    assert stale.owner == me


def test_what_somebody_else_changed_beside_it_is_kept(client: Client, me: User) -> None:
    item = an_action_item(title="One")
    change_action_item(item, version=1, values={"title": "Two"}, by=a_user(), at=NOW)
    assert change(client, item, owner=me.pk).status_code == 302
    assert (item.title, item.owner) == ("Two", me)


def test_what_is_finished_is_not_started_nor_changed_half(client: Client, me: User) -> None:
    finished = an_action_item(state=ActionState.DONE, evidence="Merged")
    answer = change(client, finished, owner=me.pk, start="on")
    assert answer.status_code == 409
    assert "is done, so it cannot be started" in answer.content.decode()
    assert (finished.owner, finished.version) == (None, 1)


@pytest.mark.parametrize(
    ("wishes", "words"),
    [
        ({}, "Say what is to change"),
        ({"due_date": "soon"}, "Enter a valid date"),
        ({"due_date": "2026-05-01", "no_due_date": "on"}, "say that there is none"),
        ({"owner": "99999"}, "Select a valid choice"),
        ({"team": "x"}, "Select a valid choice"),
    ],
)
def test_bad_input_keeps_what_was_selected(
    client: Client, me: User, wishes: dict[str, str], words: str
) -> None:
    item = an_action_item()
    answer = change(client, item, **wishes)
    assert (answer.status_code, item.version) == (422, 1)
    text = answer.content.decode()
    assert words in text
    assert f'value="{item.pk}.1" checked' in text


@pytest.mark.parametrize("chosen", [[], ["x"], ["0.1"], ["9" * 30 + ".1"], ["1"]])
def test_nothing_selected_is_said(client: Client, me: User, chosen: list[str]) -> None:
    answer = client.post(PATH, {"item": chosen, "owner": me.pk})
    assert answer.status_code == 422
    assert "Select the action items" in answer.content.decode()


def test_too_many_are_refused(client: Client, me: User) -> None:
    chosen = [f"{number}.1" for number in range(1, 202)]
    answer = client.post(PATH, {"item": chosen, "owner": me.pk})
    assert answer.status_code == 422
    assert "200 at once" in answer.content.decode()


def test_what_one_may_not_know_of_is_as_good_as_not_there(client: Client, me: User) -> None:
    secret = an_action_item(title="Hush", incident=a_restricted_incident(a_user()))
    for one in (f"{secret.pk}.1", "999999.1"):
        answer = client.post(PATH, {"item": [one], "owner": me.pk})
        assert answer.status_code == 409
        assert "not there for you" in answer.content.decode()
        assert "Hush" not in answer.content.decode()
    secret.refresh_from_db()
    assert secret.owner is None


def test_it_leads_to_no_other_site(client: Client, me: User) -> None:
    for address in ("https://evil.example/", "//evil.example/", "javascript:alert(1)", ""):
        answer = change(client, an_action_item(), owner=me.pk, next=address)
        assert answer["Location"] == "/actions/"


def test_a_reader_may_not(client: Client) -> None:
    client.force_login(a_user("reader"))
    item = an_action_item()
    assert change(client, item, owner="nobody").status_code == 403
    assert 'name="item"' not in client.get("/actions/").content.decode()


def test_nothing_is_changed_by_looking(client: Client, me: User) -> None:
    assert client.get(PATH).status_code == 405
