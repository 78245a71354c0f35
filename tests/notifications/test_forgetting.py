"""The inbox is emptied of what was read long ago, and of nothing else."""

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from pytest_django import Settings

from incidents.action_items.reminders import ask_to_verify
from incidents.jobs.work import Work
from incidents.models import ActionState, Delivery, Event, Job, Message, User
from incidents.notifications import forgetting
from incidents.notifications.operations import tell
from incidents.notifications.tasks import forget
from tests.factories import NOW, a_user, an_action_item, an_incident
from tests.jobs.doing import do_all_jobs
from tests.notifications.rooms import a_room

pytestmark = pytest.mark.django_db

LONG_AGO = NOW - timedelta(days=91)


@pytest.fixture
def grace() -> User:
    return a_user(username="grace")


def forget_at_now() -> str:
    return forget(Work(Job(kind="notifications.forget"), NOW))


def a_message(person: User, **fields: Any) -> Message:
    values = {"event": Event.ASSIGNED, "incident": an_incident(), "made_at": LONG_AGO}
    return Message.objects.create(**{**values, "person": person, "in_inbox": True, **fields})


def test_it_works(grace: User, client: Client) -> None:
    old = a_message(grace, read_at=LONG_AGO)
    stay = [a_message(grace, read_at=NOW - timedelta(days=89)), a_message(grace)]

    assert forget_at_now() == "Old messages forgotten: 1"

    assert set(Message.objects.all()) == set(stay)
    assert not Message.objects.filter(pk=old.pk).exists()
    assert forget_at_now() == "Old messages forgotten: 0"


def test_the_days_are_a_setting(grace: User, settings: Settings) -> None:
    settings.NOTIFICATION_DAYS = 365
    a_message(grace, read_at=LONG_AGO)

    forget_at_now()

    assert Message.objects.exists()


def test_however_many_there_are(grace: User, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(forgetting, "AT_A_TIME", 2)
    for _ in range(5):
        a_message(grace, read_at=LONG_AGO)

    assert forget_at_now() == "Old messages forgotten: 5"


def test_what_was_only_sent_goes_when_it_has_been_sent(grace: User) -> None:
    a_room(url="https://127.0.0.1/refused")
    tell(Event.PUBLISHED, about=an_incident(), to=[grace], by=None, at=LONG_AGO)
    forget_at_now()
    assert Message.objects.filter(endpoint__isnull=False).exists()

    Delivery.objects.update(state="sent", ended_at=LONG_AGO)
    forget_at_now()

    assert not Message.objects.filter(endpoint__isnull=False).exists()
    # How much a channel was sent is still counted.
    assert Delivery.objects.filter(endpoint__isnull=False).exists()


def test_mails_go_with_their_messages(grace: User) -> None:
    tell(Event.ASSIGNED, about=an_incident(owner=grace), to=[grace], by=None, at=LONG_AGO)
    do_all_jobs()
    Delivery.objects.update(ended_at=LONG_AGO)
    forget_at_now()
    assert Delivery.objects.exists()

    Message.objects.update(read_at=LONG_AGO)
    forget_at_now()

    assert not Delivery.objects.exists()


def test_who_was_asked_to_verify_is_not_asked_again(grace: User) -> None:
    """By the row it is known that they were asked; it only leaves the inbox."""
    done_at = LONG_AGO - timedelta(days=20)
    an_action_item(
        incident=an_incident(owner=grace),
        state=ActionState.DONE,
        evidence="See there.",
        done_at=done_at,
        done_by=a_user(),
    )
    assert ask_to_verify(by=None, at=LONG_AGO) == 1
    Message.objects.update(read_at=LONG_AGO)

    assert forget_at_now() == "Old messages forgotten: 1"
    ask_to_verify(by=None, at=NOW)

    assert Message.objects.get().in_inbox is False


def test_what_is_still_due_soon_is_not_told_again(grace: User, settings: Settings) -> None:
    settings.ACTION_SOON_DAYS = 200
    a_message(grace, event=Event.DUE_SOON, once="2026-09-01", read_at=LONG_AGO)

    forget_at_now()

    assert Message.objects.exists()
