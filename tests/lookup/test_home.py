"""The page of who comes to the site: the lookup box, and what needs them."""

from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from incidents.lookup.queries import waiting_for
from incidents.models import ActionState, Incident, Reviewer, State, User
from tests.factories import NOW, a_restricted_incident, a_user, an_action_item, an_incident

pytestmark = pytest.mark.django_db


@pytest.fixture
def me(client: Client) -> User:
    user = a_user()
    client.force_login(user)
    return user


def published(**fields: object) -> Incident:
    return an_incident(state=State.PUBLISHED, published_at=NOW, **fields)


def test_it_works(client: Client, me: User) -> None:
    answer = client.get("/")
    assert answer.status_code == 200
    box = answer.content.decode().partition('id="lookup-text"')[2].partition(">")[0]
    assert 'name="q"' in box
    assert "autofocus" in box


def test_my_open_action_items_lead_with_the_late_ones(client: Client, me: User) -> None:
    today = timezone.localdate()
    someday = an_action_item(owner=me)
    soon = an_action_item(owner=me, due_date=today + timedelta(days=3))
    late = an_action_item(owner=me, due_date=today - timedelta(days=1), state="in_progress")
    an_action_item(owner=me, state=ActionState.DONE, evidence="seen")
    an_action_item(owner=a_user())

    waiting = waiting_for(me)

    assert waiting.actions == [late, soon, someday]
    assert waiting.actions_count == 3
    assert client.get("/").content.decode().count("badge-danger") == 1


def test_my_unpublished_records_and_the_reviews_asked_of_me(me: User) -> None:
    draft = an_incident(owner=me)
    published(owner=me)
    an_incident(owner=a_user())
    asked = an_incident(state=State.IN_REVIEW)
    review = Reviewer.objects.create(incident=asked, person=me)
    answered = an_incident(state=State.IN_REVIEW)
    Reviewer.objects.create(incident=answered, person=me, answer="approved", answered_at=NOW)
    Reviewer.objects.create(incident=draft, person=me)

    waiting = waiting_for(me)

    assert waiting.drafts == [draft]
    assert waiting.reviews == [review]


def test_the_latest_published_are_everybodys(me: User) -> None:
    old = published(title="Old")
    new = an_incident(state=State.PUBLISHED, published_at=NOW + timedelta(days=1))
    assert waiting_for(me).published == [new, old]


def test_nothing_restricted_is_told_to_who_is_not_named(me: User) -> None:
    hidden = a_restricted_incident(owner=me, state=State.IN_REVIEW)
    Reviewer.objects.create(incident=hidden, person=me)
    an_action_item(owner=me, incident=hidden)
    a_restricted_incident(state=State.PUBLISHED, published_at=NOW)

    waiting = waiting_for(me)

    assert waiting.actions == waiting.drafts == waiting.reviews == waiting.published == []
    assert waiting.actions_count == 0
    assert waiting.is_first_run


def test_an_empty_site_says_how_to_begin(client: Client, me: User) -> None:
    assert "There is no record yet" in client.get("/").content.decode()


def test_the_queries_do_not_grow_with_what_waits(
    client: Client, me: User, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    an_action_item(owner=me)
    with django_assert_max_num_queries(12) as few:
        client.get("/")
    for _ in range(8):
        an_action_item(owner=me)
    with django_assert_max_num_queries(len(few)):
        client.get("/")


def test_nobody_is_asked_to_sign_in(client: Client) -> None:
    answer = client.get("/")
    assert answer.status_code == 302
    assert "/accounts/login/" in answer["Location"]
