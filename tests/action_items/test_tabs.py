"""The lists of action items: mine, my teams', late, to verify, all."""

from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries, Settings

from incidents.models import ActionItem, ActionState, User
from tests.factories import a_restricted_incident, a_team, a_user, an_action_item, an_incident

pytestmark = pytest.mark.django_db

TABS = {
    "Mine": "/actions/mine/",
    "My teams’": "/actions/team/",
    "Late": "/actions/late/",
    "To verify": "/actions/verify/",
    "All": "/actions/",
}


@pytest.fixture
def me(client: Client) -> User:
    user = a_user()
    client.force_login(user)
    return user


def done(days: int, **fields: object) -> ActionItem:
    at = timezone.now() - timedelta(days=days)
    return an_action_item(state=ActionState.DONE, evidence="Merged", done_at=at, **fields)


def titles(client: Client, path: str) -> list[str]:
    answer = client.get(path)
    assert answer.status_code == 200
    return [item.title for item in answer.context["page"]]


def counts(client: Client) -> dict[str, int]:
    return {tab["label"]: tab["count"] for tab in client.get("/actions/").context["tabs"]}


def test_it_works(client: Client, me: User) -> None:
    mine, other = a_team(me), a_team(a_user())
    today = timezone.now().date()
    an_action_item(title="Mine", owner=me, team=other)
    an_action_item(title="Ours", team=mine)
    an_action_item(title="Late", due_date=today - timedelta(days=3))
    done(20, title="To verify", done_by=a_user())
    done(20, title="Mine, done", owner=me, team=mine, done_by=me)

    found = {label: titles(client, path) for label, path in TABS.items()}

    assert found == {
        "Mine": ["Mine"],
        "My teams’": ["Ours"],
        "Late": ["Late"],
        "To verify": ["To verify"],
        "All": ["Late", "Mine", "Ours"],
    }
    assert counts(client) == {label: len(rows) for label, rows in found.items()}
    assert titles(client, "/actions/mine/?state=done") == ["Mine, done"]


def test_a_team_with_several_members_is_counted_once(client: Client, me: User) -> None:
    an_action_item(title="Ours", team=a_team(me, a_user(), a_user()))
    assert (titles(client, "/actions/team/"), counts(client)["My teams’"]) == (["Ours"], 1)


def test_to_verify_is_what_others_did_a_while_ago(
    client: Client, me: User, settings: Settings
) -> None:
    settings.ACTION_VERIFY_DAYS = 5
    done(6, title="By nobody in particular")
    done(4, title="Too early", done_by=a_user())
    done(6, title="My own", done_by=me)
    done(6, title="Verified", verified_by=me, verified_at=timezone.now())
    ActionItem.objects.filter(pk=done(6, title="Nobody knows when").pk).update(done_at=None)

    assert titles(client, "/actions/verify/") == ["By nobody in particular"]
    settings.ACTION_VERIFY_DAYS = 0
    assert len(titles(client, "/actions/verify/")) == 2


@pytest.mark.parametrize("path", TABS.values())
def test_strangers_learn_nothing_of_restricted_incidents(client: Client, path: str) -> None:
    owner, stranger = a_user(), a_user("admin")
    secret = a_restricted_incident(owner)
    team = a_team(owner, stranger)
    late = timezone.now().date() - timedelta(days=3)
    for by in (owner, stranger):
        an_action_item(incident=secret, owner=by, team=team, due_date=late)
    done(30, incident=secret, done_by=a_user())

    client.force_login(stranger)
    assert titles(client, path) == []
    assert set(counts(client).values()) == {0}
    client.force_login(owner)
    assert titles(client, path) != []


@pytest.mark.parametrize(
    ("path", "words"),
    [
        ("/actions/mine/", "You have nothing left to do"),
        ("/actions/team/", "Your teams have nothing left to do"),
        ("/actions/late/", "Nothing is late"),
        ("/actions/verify/", "Nothing asks you to verify it"),
        ("/actions/", "Nothing is left to do"),
        ("/actions/mine/?q=x", "No action item fits these filters"),
    ],
)
def test_an_empty_list_says_what_would_stand_there(
    client: Client, me: User, path: str, words: str
) -> None:
    assert words in client.get(path).content.decode()


@pytest.mark.parametrize("path", TABS.values())
def test_more_rows_are_not_more_queries(
    client: Client, me: User, path: str, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    team, late = a_team(me), timezone.now().date() - timedelta(days=3)
    for number in (3, 27):
        for _ in range(number):
            done(30, done_by=a_user(), owner=a_user())
            an_action_item(owner=me, team=team, due_date=late, incident=an_incident())
        with django_assert_max_num_queries(10):
            client.get(path)


def test_two_thousand_are_no_more_queries(
    client: Client, me: User, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    ActionItem.objects.bulk_create(ActionItem(title="Do it", owner=me) for _ in range(2000))
    with django_assert_max_num_queries(10):
        assert len(titles(client, "/actions/mine/?page=7")) == 50
    assert counts(client)["All"] == 2000


@pytest.mark.parametrize("sort", ["kind", "owner", "due", "done", "incident", "state", "title"])
def test_every_column_sorts_both_ways(client: Client, me: User, sort: str) -> None:
    an_action_item(title="A", kind="detect", owner=me)
    an_action_item(title="B", kind="prevent", incident=an_incident())
    for path in (f"/actions/?sort={sort}", f"/actions/?sort=-{sort}"):
        assert sorted(titles(client, path)) == ["A", "B"]
