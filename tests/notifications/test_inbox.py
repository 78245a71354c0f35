"""The inbox shows what one was told, of what one may still see."""

from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils.html import escape
from pytest_django import DjangoAssertNumQueries

from incidents.models import Channel, Event, Message, Rhythm, User, Visibility
from incidents.notifications.operations import tell
from incidents.notifications.queries import count_unread
from tests.factories import (
    NOW,
    a_lesson,
    a_runbook,
    a_user,
    an_action_item,
    an_incident,
)
from tests.notifications.rooms import prefers

pytestmark = pytest.mark.django_db
INBOX = "/notifications/"


def told(person: User, event: Event = Event.ASSIGNED, *, title: str = "Orders time out") -> Message:
    tell(event, about=an_incident(title=title), to=[person], by=None, at=NOW)
    return Message.objects.latest("id")


def shown(client: Client) -> str:
    return client.get(INBOX).content.decode()


@pytest.fixture
def person(client: Client) -> User:
    user = a_user("reader")
    client.force_login(user)
    return user


def test_it_works(client: Client, person: User) -> None:
    olga = a_user(first_name="Olga")
    incident = an_incident(title="Orders time out", owner=person)
    tell(Event.ASSIGNED, about=incident, to=[person], by=olga, at=NOW, detail="Since Friday.")

    page = shown(client)

    assert "Olga made you the owner of" in page
    assert f"INC-{incident.pk}" in page
    assert "Orders time out" in page
    assert "Since Friday." in page
    assert "Notifications, unread: " in page


def test_nothing_is_told_yet(client: Client, person: User) -> None:
    page = shown(client)

    assert "Nothing to tell" in page
    assert "unread: " not in page


def test_the_unread_come_first(client: Client, person: User) -> None:
    for title in ("The first", "The second", "The third"):
        told(person, title=title)
    Message.objects.filter(incident__title="The third").update(read_at=NOW)

    page = shown(client)

    places = [page.index(title) for title in ("The second", "The first", "The third")]
    assert places == sorted(places)


def test_opening_one_marks_it_read(client: Client, person: User) -> None:
    message = told(person)

    answer = client.post(f"/notifications/{message.pk}/open/")

    assert answer["Location"] == message.about.get_absolute_url()
    message.refresh_from_db()
    assert message.read_at is not None
    assert f"{message.pk}/open/" not in shown(client)


def test_one_is_marked_read(client: Client, person: User) -> None:
    first, second = told(person), told(person)

    assert client.post(f"/notifications/{first.pk}/read/").status_code == 302

    unread = Message.objects.filter(read_at=None)
    assert list(unread) == [second]
    when = Message.objects.get(pk=first.pk).read_at
    # Again, it stays when it was.
    client.post(f"/notifications/{first.pk}/read/")
    assert Message.objects.get(pk=first.pk).read_at == when


def test_all_are_marked_read(client: Client, person: User) -> None:
    other = a_user()
    for _ in range(3):
        told(person)
    told(other)

    client.post("/notifications/read/")

    assert not Message.objects.filter(person=person, read_at=None).exists()
    assert Message.objects.filter(person=other, read_at=None).exists()


def test_looking_marks_nothing(client: Client, person: User) -> None:
    message = told(person)
    shown(client)

    for path in ("open", "read"):
        assert client.get(f"/notifications/{message.pk}/{path}/").status_code == 405

    assert Message.objects.get().read_at is None


def test_anothers_message_is_not_there(client: Client, person: User) -> None:
    message = told(a_user())

    for path in ("open", "read"):
        assert client.post(f"/notifications/{message.pk}/{path}/").status_code == 404
    assert Message.objects.get().read_at is None


def test_an_incident_that_is_restricted_later_shows_nothing_of_itself(
    client: Client, person: User
) -> None:
    incident = an_incident(title="The secret")
    records = [incident, an_action_item(incident=incident), a_lesson(learned_from=incident)]
    for record in records:
        tell(Event.MENTIONED, about=record, to=[person], by=None, at=NOW)
    assert "The secret" in shown(client)

    incident.visibility = Visibility.RESTRICTED
    incident.save()

    page = shown(client)
    assert "Nothing to tell" in page
    assert "unread: " not in page
    message = Message.objects.first()
    assert message is not None
    assert client.post(f"/notifications/{message.pk}/open/").status_code == 404
    # It was not read either: open again, it is told.
    client.post("/notifications/read/")
    incident.visibility = Visibility.EVERYONE
    incident.save()
    assert "The secret" in shown(client)


def test_what_is_not_wanted_here_is_not_here(client: Client, person: User) -> None:
    prefers(person, Channel.INBOX, Event.ASSIGNED, Rhythm.OFF)
    told(person)

    assert Message.objects.exists()
    assert "Nothing to tell" in shown(client)


def test_no_title_is_html(client: Client, person: User) -> None:
    title = '<img src=x onerror="alert(1)">'
    told(person, title=title)

    page = shown(client)

    assert title not in page
    assert escape(title) in page


def test_the_bell_counts_to_a_hundred(client: Client, person: User) -> None:
    incident = an_incident()
    Message.objects.bulk_create(
        Message(
            person=person,
            event=Event.LATE,
            incident=incident,
            made_at=NOW + timedelta(minutes=number),
            in_inbox=True,
        )
        for number in range(120)
    )

    assert '<span class="count">99+</span>' in shown(client)


@pytest.mark.parametrize("hidden", [1, 60, 120])
def test_the_bell_counts_what_may_be_seen(client: Client, person: User, hidden: int) -> None:
    shut = an_incident(visibility=Visibility.RESTRICTED)
    for _ in range(2):
        for about in (an_incident(), an_action_item(), a_lesson(), a_runbook()):
            tell(Event.MENTIONED, about=about, to=[person], by=None, at=NOW)
    secrets: list[dict[str, Any]] = [
        {"incident": shut},
        {"action_item": an_action_item(incident=shut)},
        {"lesson": a_lesson(learned_from=shut)},
    ]
    Message.objects.bulk_create(
        Message(person=person, event=Event.LATE, made_at=NOW, in_inbox=True, **secrets[each % 3])
        for each in range(hidden)
    )

    assert '<span class="count">8</span>' in shown(client)


def test_nothing_unread_costs_a_page_one_query(person: User) -> None:
    with CaptureQueriesContext(connection) as asked:
        assert count_unread(person) == 0

    assert len(asked) == 1


def test_the_queries_do_not_grow_with_the_messages(
    client: Client, person: User, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    makes = [an_incident, an_action_item, a_lesson, a_runbook]
    counts = []
    for number in (3, 30):
        for each in range(number):
            about = makes[each % 4]()
            tell(Event.MENTIONED, about=about, to=[person], by=a_user(), at=NOW)
        with django_assert_max_num_queries(14) as asked:
            shown(client)
        counts.append(len(asked))

    assert counts[0] == counts[1]


def test_nobody_who_is_not_signed_in_has_one(client: Client) -> None:
    assert client.get(INBOX).status_code == 302
