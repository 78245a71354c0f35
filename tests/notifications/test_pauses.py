"""A server that does not answer costs a few attempts, not one for each message; nothing is lost."""

from datetime import datetime, timedelta

import pytest
from django.test import Client
from django.utils import timezone
from pytest_django import Settings

from incidents.directory.operations import ask_for_new_password
from incidents.models import Delivery, Event, Job, JobState, Pause, User
from incidents.notifications.channels.parcel import NotBrought, NotTaken
from incidents.notifications.operations import tell
from incidents.notifications.pauses import (
    EMAIL,
    FIRST,
    LONGEST,
    MOST_FAILURES,
    note_failure,
    paused_until,
    unless_paused,
    way_to,
)
from tests.factories import NOW, a_user, an_incident
from tests.jobs.doing import do_all_jobs
from tests.notifications.post_office import post_office
from tests.notifications.receiver import Receiver
from tests.notifications.rooms import a_room

pytestmark = pytest.mark.django_db

MANY = 12


def told_by_mail(count: int) -> None:
    for _ in range(count):
        person = a_user()
        tell(Event.ASSIGNED, about=an_incident(owner=person), to=[person], by=None, at=NOW)


def fail(times: int, way: str = EMAIL, at: datetime = NOW) -> None:
    for _ in range(times):
        note_failure(way, at=at)


@pytest.fixture(autouse=True)
def _by_smtp(settings: Settings) -> None:
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST = "127.0.0.1"


def test_it_works(settings: Settings) -> None:
    told_by_mail(MANY)
    with post_office(lambda number, word: True) as office:
        settings.EMAIL_PORT = office.port
        do_all_jobs()

    # The others were not tried, and none has used up an attempt for that.
    assert office.connections == MOST_FAILURES
    assert sorted(Job.objects.values_list("attempts", flat=True)) == [0] * 9 + [1] * 3
    assert set(Job.objects.values_list("state", flat=True)) == {JobState.OWED}
    with post_office() as office:
        settings.EMAIL_PORT = office.port
        do_all_jobs(at=timezone.now() + timedelta(days=1))
    assert len(office.mails) == MANY
    assert set(Delivery.objects.values_list("state", flat=True)) == {"sent"}
    assert not Pause.objects.exists()


def test_after_a_pause_one_attempt_finds_out(settings: Settings) -> None:
    fail(MOST_FAILURES, at=timezone.now() - 2 * FIRST)
    told_by_mail(MANY)
    with post_office(lambda number, word: True) as office:
        settings.EMAIL_PORT = office.port
        do_all_jobs()

    assert office.connections == 1


def test_pauses_grow_up_to_the_longest() -> None:
    fail(MOST_FAILURES - 1)
    assert paused_until(EMAIL, at=NOW) is None
    fail(1)
    assert paused_until(EMAIL, at=NOW) == NOW + FIRST
    fail(1)
    assert paused_until(EMAIL, at=NOW) == NOW + 2 * FIRST
    fail(40)
    assert paused_until(EMAIL, at=NOW) == NOW + LONGEST
    assert paused_until(EMAIL, at=NOW + LONGEST) is None


def test_a_server_that_refuses_one_message_is_there() -> None:
    fail(MOST_FAILURES - 1)

    with pytest.raises(NotBrought), unless_paused(EMAIL, at=NOW):
        raise NotBrought

    assert not Pause.objects.exists()


@pytest.mark.parametrize("why", [NotTaken, KeyError])
def test_what_was_not_brought_says_nothing_of_the_server(why: type[Exception]) -> None:
    fail(MOST_FAILURES - 1)

    with pytest.raises(why), unless_paused(EMAIL, at=NOW):
        raise why

    assert Pause.objects.get().failures == MOST_FAILURES - 1


def test_one_channel_holds_up_no_other(receiver: Receiver) -> None:
    down, up = a_room(), a_room(url=receiver.url)
    fail(MOST_FAILURES, way_to(down), at=timezone.now())
    tell(Event.PUBLISHED, about=an_incident(), to=[], by=None, at=NOW)
    do_all_jobs()

    assert len(receiver.heard) == 1
    assert Delivery.objects.get(endpoint=up).state == "sent"
    job = Delivery.objects.get(endpoint=down).job
    assert job is not None
    assert (job.state, job.attempts) == (JobState.OWED, 0)
    assert "did not answer" in job.error


def test_mails_about_accounts_wait_too() -> None:
    fail(MOST_FAILURES, at=timezone.now())
    ask_for_new_password(a_user().email, by=None, at=NOW)
    do_all_jobs()

    assert Job.objects.get().state == JobState.OWED
    assert Job.objects.get().attempts == 0


@pytest.fixture
def admin(client: Client) -> User:
    user = a_user("admin")
    client.force_login(user)
    return user


def test_the_list_of_channels_says_so(client: Client, admin: User) -> None:
    room = a_room()
    assert "does not answer" not in client.get("/notifications/channels/").content.decode()
    fail(MOST_FAILURES, at=timezone.now())
    fail(MOST_FAILURES, way_to(room), at=timezone.now())

    page = client.get("/notifications/channels/").content.decode()

    assert "The mail server does not answer" in page
    assert "Its server does not answer" in page


def test_a_test_message_that_arrives_ends_it(
    client: Client, admin: User, receiver: Receiver
) -> None:
    room = a_room(url=receiver.url)
    fail(MOST_FAILURES, way_to(room), at=timezone.now())

    client.post(f"/notifications/channels/{room.pk}/test/")
    do_all_jobs()

    assert len(receiver.heard) == 1
    assert not Pause.objects.exists()
