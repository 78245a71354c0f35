"""Who hears of what, and when it is brought to them."""

from datetime import UTC, datetime, timedelta

import pytest
from django.core import mail
from pytest_django import DjangoAssertNumQueries, Settings

from incidents.models import (
    Batch,
    Channel,
    Delivery,
    Event,
    Job,
    Message,
    Rhythm,
    Visibility,
)
from incidents.notifications.operations import News, tell, tell_many
from tests.factories import (
    NOW,
    a_lesson,
    a_restricted_incident,
    a_runbook,
    a_service,
    a_team,
    a_user,
    an_action_item,
    an_incident,
)
from tests.jobs.doing import do_all_jobs
from tests.notifications.rooms import a_room, never_sleeps, prefers

pytestmark = pytest.mark.django_db
EVENING = datetime(2026, 3, 14, 21, 30, tzinfo=UTC)


def test_it_works() -> None:
    person, by = a_user(), a_user(username="olga")
    incident = an_incident()

    tell(Event.ASSIGNED, about=incident, to=[person], by=by, at=NOW)

    message = Message.objects.get()
    assert (message.person, message.event, message.about) == (person, "assigned", incident)
    assert (message.by, message.made_at, message.in_inbox, message.read_at) == (by, NOW, True, None)
    delivery = Delivery.objects.get()
    assert (delivery.channel, delivery.person, delivery.due_at) == ("email", person, NOW)
    assert delivery.job == Job.objects.get()
    assert delivery.job.arguments == {"delivery": delivery.pk}


@pytest.mark.parametrize("make", [an_incident, an_action_item, a_lesson, a_runbook])
def test_one_hears_of_every_kind_of_record(make: object) -> None:
    record = make()  # type: ignore[operator]

    tell(Event.MENTIONED, about=record, to=[a_user()], by=None, at=NOW)

    assert Message.objects.get().about == record


def test_nobody_hears_of_what_they_did_themselves() -> None:
    by = a_user()

    tell(Event.ASSIGNED, about=an_incident(), to=[by, None], by=by, at=NOW)

    assert not Message.objects.exists()


def test_nobody_hears_of_it_twice() -> None:
    person = a_user()

    tell(Event.PUBLISHED, about=an_incident(), to=[person, person], by=None, at=NOW)

    assert Message.objects.count() == 1


def test_a_stranger_hears_nothing_of_a_restricted_incident() -> None:
    named, stranger, closed = a_user(), a_user("admin"), a_user(is_active=False)
    incident = a_restricted_incident(named)
    item = an_action_item(incident=incident)
    lesson = a_lesson(learned_from=incident)

    for record in (incident, item, lesson):
        to = [named, stranger, closed]
        tell(Event.MENTIONED, about=record, to=to, by=None, at=NOW)

    assert set(Message.objects.values_list("person", flat=True)) == {named.pk}
    assert Message.objects.count() == 3


def test_a_closed_account_hears_nothing() -> None:
    tell(Event.ASSIGNED, about=a_runbook(), to=[a_user(is_active=False)], by=None, at=NOW)

    assert not Message.objects.exists()


def test_an_occasion_is_told_once() -> None:
    person, item, other = a_user(), an_action_item(), an_action_item()
    for about in (item, item, other):
        tell(Event.LATE, about=about, to=[person], by=None, at=NOW, once="2026-03-14")
    tell(Event.LATE, about=item, to=[person, a_user()], by=None, at=NOW, once="2026-03-14")
    tell(Event.LATE, about=item, to=[person], by=None, at=NOW, once="2026-03-21")

    assert Message.objects.filter(person=person, action_item=item).count() == 2
    assert Message.objects.count() == 4


def test_at_night_it_waits_for_the_morning() -> None:
    person = a_user(time_zone="Europe/Berlin")
    incident = an_incident()
    tell(Event.ASSIGNED, about=incident, to=[person], by=None, at=EVENING)
    tell(Event.MENTIONED, about=incident, to=[person], by=None, at=EVENING + timedelta(hours=1))

    delivery = Delivery.objects.get()
    # Eight o'clock in Berlin.
    assert delivery.due_at == datetime(2026, 3, 15, 7, 0, tzinfo=UTC)
    assert delivery.messages.count() == 2
    assert Job.objects.get().due_at == delivery.due_at


def test_who_wants_no_quiet_hours_has_none() -> None:
    person = a_user()
    never_sleeps(person)

    tell(Event.ASSIGNED, about=an_incident(), to=[person], by=None, at=EVENING)

    assert Delivery.objects.get().due_at == EVENING


@pytest.mark.parametrize(
    ("rhythm", "due"),
    [
        (Rhythm.DAILY, datetime(2026, 3, 15, 8, 0, tzinfo=UTC)),
        (Rhythm.WEEKLY, datetime(2026, 3, 16, 8, 0, tzinfo=UTC)),
    ],
)
def test_a_digest_is_one_mail(rhythm: Rhythm, due: datetime) -> None:
    person = a_user()
    for event in (Event.ASSIGNED, Event.MENTIONED):
        prefers(person, Channel.EMAIL, event, rhythm)
    for hours, event in enumerate([Event.ASSIGNED, Event.MENTIONED, Event.MENTIONED]):
        at = NOW + timedelta(hours=hours)
        tell(event, about=an_incident(owner=person), to=[person], by=None, at=at)

    assert Delivery.objects.get().due_at == due
    assert do_all_jobs(at=due - timedelta(minutes=1)) == 0
    assert do_all_jobs(at=due) == 1
    assert len(mail.outbox) == 1
    assert "3 messages" in mail.outbox[0].subject


def test_what_comes_after_a_digest_has_gone_comes_with_the_next() -> None:
    person = a_user()
    prefers(person, Channel.EMAIL, Event.MENTIONED, Rhythm.DAILY)
    incident = an_incident()
    morning = datetime(2026, 3, 15, 8, 0, tzinfo=UTC)
    tell(Event.MENTIONED, about=incident, to=[person], by=None, at=NOW)
    do_all_jobs(at=morning)

    tell(Event.MENTIONED, about=incident, to=[person], by=None, at=NOW)
    tell(Event.MENTIONED, about=incident, to=[person], by=None, at=morning)

    assert [row.due_at for row in Delivery.objects.order_by("id")] == [
        morning,
        # As if its transaction had begun before the digest went.
        morning,
        morning + timedelta(days=1),
    ]
    assert do_all_jobs(at=morning + timedelta(days=1)) == 2
    assert len(mail.outbox) == 3


def test_what_is_off_is_not_told() -> None:
    person = a_user()
    prefers(person, Channel.EMAIL, Event.LATE, Rhythm.OFF)
    prefers(person, Channel.INBOX, Event.DUE_SOON, Rhythm.OFF)
    prefers(person, Channel.INBOX, Event.REOPENED, Rhythm.OFF)
    prefers(person, Channel.EMAIL, Event.REOPENED, Rhythm.OFF)

    for event in (Event.LATE, Event.DUE_SOON, Event.REOPENED):
        tell(event, about=an_action_item(), to=[person], by=None, at=NOW)

    told = {row.event: (row.in_inbox, row.delivery is not None) for row in Message.objects.all()}
    assert told == {"late": (True, False), "due_soon": (False, True)}


def test_without_a_mail_server_there_is_the_inbox(settings: Settings) -> None:
    settings.EMAIL_CONFIGURED = False

    tell(Event.ASSIGNED, about=an_incident(), to=[a_user()], by=None, at=NOW)

    assert Message.objects.get().in_inbox
    assert not Delivery.objects.exists()
    assert not Job.objects.exists()


def test_many_are_counted_as_a_batch() -> None:
    people = [a_user(time_zone=zone) for zone in ("UTC", "UTC", "Asia/Tokyo")]
    news = [News(Event.LATE, an_action_item(owner=each), [each]) for each in people]

    tell_many("Reminders of 14 March", news, by=None, at=NOW)

    batch = Batch.objects.get()
    assert batch.title == "Reminders of 14 March"
    assert sorted(batch.jobs.values_list("due_at", flat=True)) == [
        NOW,
        NOW,
        # In Tokyo it is nine in the evening.
        datetime(2026, 3, 14, 23, 0, tzinfo=UTC),
    ]
    assert {row.job.arguments["delivery"] for row in Delivery.objects.all() if row.job} == set(
        Delivery.objects.values_list("pk", flat=True)
    )


def test_several_things_at_once_are_one_mail() -> None:
    person = a_user()
    items = [an_action_item(owner=person) for _ in range(3)]

    news = [News(Event.LATE, item, [person]) for item in items]
    tell_many("Reminders of 14 March", news, by=None, at=NOW)
    do_all_jobs()

    assert len(mail.outbox) == 1
    assert all(item.title in mail.outbox[0].body for item in items)


def test_more_people_are_not_more_queries(
    django_assert_max_num_queries: DjangoAssertNumQueries,
) -> None:
    incident = an_incident()
    with django_assert_max_num_queries(22):
        people = [a_user() for _ in range(0)]
        tell(Event.PUBLISHED, about=incident, to=people, by=None, at=NOW)
    people = [a_user() for _ in range(30)]
    with django_assert_max_num_queries(22):
        tell(Event.REVIEW_ASKED, about=incident, to=people, by=None, at=NOW)
    assert Message.objects.count() == 30


# -- Rooms -----------------------------------------------------------------------------------------


def test_a_room_hears_of_what_it_listens_to() -> None:
    room, other = a_room(Event.PUBLISHED), a_room(Event.LATE)

    tell(Event.PUBLISHED, about=an_incident(), to=[], by=a_user(), at=NOW)

    message = Message.objects.get()
    assert (message.endpoint, message.person, message.in_inbox) == (room, None, False)
    assert Delivery.objects.get().endpoint == room
    assert not other.messages.exists()


def test_a_room_of_a_team_hears_of_its_own() -> None:
    team, other = a_team(), a_team()
    room = a_room(team=team)
    service = a_service(team=team)
    mine, by_service, not_mine = an_incident(), an_incident(), an_incident()
    mine.teams.set([team])
    by_service.services.set([service])
    not_mine.teams.set([other])
    runbook = a_runbook()
    runbook.services.set([service])
    records = [
        mine,
        by_service,
        not_mine,
        an_action_item(team=team),
        an_action_item(incident=mine),
        an_action_item(incident=mine, team=other),
        an_action_item(),
        a_runbook(team=team),
        runbook,
        a_runbook(),
        a_lesson(learned_from=mine),
        a_lesson(),
    ]

    for record in records:
        tell(Event.MENTIONED, about=record, to=[], by=None, at=NOW)

    heard = [message.about for message in room.messages.order_by("id")]
    assert heard == [records[number] for number in (0, 1, 3, 4, 7, 8, 10)]


def test_no_room_hears_of_a_restricted_incident() -> None:
    a_room()
    incident = a_restricted_incident(a_user())

    for record in (incident, an_action_item(incident=incident), a_lesson(learned_from=incident)):
        tell(Event.LATE, about=record, to=[], by=None, at=NOW)

    assert not Message.objects.exists()
    assert not Delivery.objects.exists()


def test_nor_if_it_is_restricted_before_it_is_sent() -> None:
    room = a_room()
    incident = an_incident()
    tell(Event.PUBLISHED, about=incident, to=[], by=None, at=NOW)
    incident.visibility = Visibility.RESTRICTED
    incident.save()

    assert do_all_jobs() == 1
    delivery = Delivery.objects.get(endpoint=room)
    assert delivery.state == "nothing_left"
    assert delivery.job is not None
    assert delivery.job.state == "done"


def test_a_room_that_is_off_hears_nothing() -> None:
    a_room(state="off")
    a_room(state="gone")

    tell(Event.PUBLISHED, about=an_incident(), to=[], by=None, at=NOW)

    assert not Message.objects.exists()
