"""That a review is frozen is told to whom it concerns, without a word of what is in it."""

import json
from datetime import UTC, datetime
from typing import Any

import pytest
from django.core import mail
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from incidents.access.permissions import everybody
from incidents.lib.periods import read_period
from incidents.models import Channel, Event, Message, Review, Rhythm, Service, Severity, User
from incidents.notifications.channels import slack, webhook
from incidents.notifications.channels.parcel import Parcel
from incidents.notifications.queries import count_unread
from incidents.notifications.sending import take
from incidents.review.operations import freeze_review
from incidents.review.scope import Scope
from tests.factories import a_restricted_incident, a_service, a_team, a_user
from tests.jobs.doing import do_all_jobs
from tests.notifications.rooms import a_room, never_sleeps, prefers

pytestmark = pytest.mark.django_db

AT = datetime(2026, 10, 5, 9, 0, tzinfo=UTC)
NEXT_MORNING = datetime(2026, 10, 6, 9, 0, tzinfo=UTC)


def freeze(by: User, period: str = "2026Q3", **of: Any) -> Review:
    return freeze_review(Scope(period=read_period(period), user=None, **of), by=by, at=AT)


def told() -> set[User | None]:
    rows = Message.objects.filter(event=Event.REVIEW_FROZEN, person__isnull=False)
    return {message.person for message in rows}


@pytest.fixture
def olga() -> User:
    return a_user(first_name="Olga")


def test_it_works(client: Client, olga: User) -> None:
    reader = a_user("reader")

    freeze(olga)

    client.force_login(reader)
    page = client.get("/notifications/").content.decode()
    assert "Olga froze" in page
    assert "the review of <bdi>Q3 2026</bdi>" in page
    opened = client.post(f"/notifications/{Message.objects.get(person=reader).pk}/open/")
    assert opened["Location"] == "/reviews/2026Q3/"


def test_everybody_hears_of_the_review_of_all(olga: User) -> None:
    others = {a_user("reader"), a_user("admin")}
    a_user(is_active=False)

    freeze(olga)

    assert told() == others


def test_a_team_hears_of_its_own_and_of_its_services(olga: User) -> None:
    member, _stranger = a_user(), a_user()
    team = a_team(member)

    for of in ({"team": team}, {"service": a_service(team=team)}, {"service": a_service()}):
        freeze(olga, **of)

    assert told() == {member}
    assert Message.objects.count() == 2


def test_whoever_switched_it_off_hears_nothing(olga: User) -> None:
    person = a_user()
    for channel in (Channel.INBOX, Channel.EMAIL):
        prefers(person, channel, Event.REVIEW_FROZEN, Rhythm.OFF)

    freeze(olga)

    assert told() == set()


def test_by_mail_it_comes_with_the_daily_digest(olga: User) -> None:
    never_sleeps(a_user(email="ed@example.com"))

    freeze(olga)
    do_all_jobs(at=AT)
    assert mail.outbox == []
    do_all_jobs(at=NEXT_MORNING)

    (sent,) = mail.outbox
    assert sent.to == ["ed@example.com"]
    assert "Olga froze the review of Q3 2026" in sent.body
    assert "https://postmortems.example/reviews/2026Q3/" in sent.body


def parcel(room: Any) -> Parcel:
    message = Message.objects.get(endpoint=room)
    found = take(message.delivery_id or 0)
    assert found is not None
    return found


def test_rooms_and_programs_hear_of_it(olga: User) -> None:
    a_user()
    team = a_team()
    here, of_team = a_room(Event.REVIEW_FROZEN), a_room(Event.REVIEW_FROZEN, team=team)
    program = a_room(Event.REVIEW_FROZEN, channel=Channel.WEBHOOK)

    freeze(olga)

    address = "https://postmortems.example/reviews/2026Q3/"
    assert slack.text_of(parcel(here)) == f"<{address}|the review of Q3 2026> was frozen"
    (posted,) = json.loads(webhook.body_of(parcel(program)))["data"]["messages"]
    assert posted["event"] == "review_frozen"
    assert (posted["text"], posted["url"]) == ("The review of Q3 2026 was frozen", address)
    assert not Message.objects.filter(endpoint=of_team).exists()

    freeze(olga, team=team)
    assert f"{address}?team={team.slug}" in slack.text_of(parcel(of_team))


def test_it_tells_nothing_of_what_is_restricted(olga: User) -> None:
    """The same words whether there are restricted records or none."""
    began = {"began_at": datetime(2026, 8, 3, tzinfo=UTC), "began_precision": "minute"}
    a_restricted_incident(olga, severity=Severity.SEV1, title="Telling", **began)
    room = a_room(Event.REVIEW_FROZEN)
    a_user()

    freeze(olga)

    assert {message.detail for message in Message.objects.all()} == {""}
    (line,) = parcel(room).lines
    assert line.sentence == "The review of Q3 2026 was frozen"


def test_the_bell_counts_it(olga: User) -> None:
    person = a_user()

    freeze(olga)

    assert count_unread(person) == 1
    assert not Message.objects.visible_to(everybody()).exists()


def test_the_queries_of_the_inbox_do_not_grow(
    client: Client, olga: User, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    person = a_user()
    client.force_login(person)
    team = a_team(person)
    counts = []
    for number, periods in ((1, ["2026Q2"]), (2, ["2026Q1", "2025Q4", "2025Q3", "2025Q2"])):
        for period in periods:
            service: Service = a_service(team=team, name=f"{period} {number}")
            freeze(olga, period, service=service)
        with django_assert_max_num_queries(16) as asked:
            client.get("/notifications/")
        counts.append(len(asked))

    assert counts[0] == counts[1]
