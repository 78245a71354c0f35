"""Reminding of what is due soon, late, or to be verified: each once, and each by its own day."""

from collections import Counter
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.core import mail
from pytest_django import DjangoAssertNumQueries, Settings

from incidents.action_items import reminders
from incidents.action_items.reminders import ask_to_verify, remind
from incidents.action_items.tasks import remind_of_action_items
from incidents.jobs.work import Work
from incidents.models import ActionItem, ActionState, Event, Job, Lesson, Message, User
from incidents.records.parts.operations import add_lesson_link
from tests.factories import (
    NOW,
    a_lesson,
    a_restricted_incident,
    a_team,
    a_user,
    an_action_item,
    an_incident,
)
from tests.jobs.doing import do_all_jobs

pytestmark = pytest.mark.django_db

DAY = timedelta(days=1)
TODAY = NOW.date()


@pytest.fixture
def owner() -> User:
    return a_user(time_zone="UTC")


def told(event: Event) -> list[tuple[User | None, Any]]:
    return [(row.person, row.about) for row in Message.objects.filter(event=event).order_by("id")]


def remind_at(at: datetime) -> int:
    return remind(by=None, at=at)


def due(days: int, **fields: Any) -> ActionItem:
    return an_action_item(due_date=TODAY + days * DAY, **fields)


def test_it_works(owner: User) -> None:
    soon, late = due(3, owner=owner), due(-1, owner=owner)
    due(4, owner=owner)
    an_action_item(owner=owner)

    remind_at(NOW)

    assert told(Event.DUE_SOON) == [(owner, soon)]
    assert told(Event.LATE) == [(owner, late)]
    details = Message.objects.order_by("id").values_list("detail", flat=True)
    assert list(details) == ["It is due on 2026-03-17.", "It was due on 2026-03-13."]


def test_each_is_told_once_and_what_is_late_every_week(owner: User) -> None:
    due(1, owner=owner)
    counts = []
    for days in (0, 1, 2, 3, 8, 9, 15, 16):
        for hours in (0, 1, 5):
            remind_at(NOW + days * DAY + timedelta(hours=hours))
        counts.append((len(told(Event.DUE_SOON)), len(told(Event.LATE))))
    assert counts == [(1, 0), (1, 0), (1, 1), (1, 1), (1, 1), (1, 2), (1, 2), (1, 3)]


def test_a_night_off_does_not_lose_the_first_day(owner: User) -> None:
    due(-3, owner=owner)
    remind_at(NOW)
    assert len(told(Event.LATE)) == 1


def test_another_date_begins_anew(owner: User) -> None:
    item = due(-1, owner=owner)
    remind_at(NOW)
    ActionItem.objects.filter(pk=item.pk).update(due_date=TODAY - 2 * DAY)
    remind_at(NOW)
    assert len(told(Event.LATE)) == 2


def test_what_is_finished_presses_nobody(owner: User) -> None:
    due(-1, owner=owner, state=ActionState.DONE, evidence="x")
    due(-1, owner=owner, state=ActionState.WONT_DO, wont_do_reason="x")
    assert remind_at(NOW) == 0
    assert not Message.objects.exists()


def test_without_an_owner_the_team_hears_of_it(owner: User) -> None:
    other = a_user()
    item = due(-1, team=a_team(owner, other))
    due(-1)
    remind_at(NOW)
    assert {person for person, about in told(Event.LATE) if about == item} == {owner, other}
    assert len(told(Event.LATE)) == 2


def test_it_is_late_where_its_owner_is(owner: User) -> None:
    there = a_user(time_zone="Pacific/Auckland")
    due(0, owner=owner)
    item = due(0, owner=there)
    # Past midnight in Auckland, noon in Greenwich.
    remind_at(NOW)
    assert told(Event.LATE) == [(there, item)]


def test_how_soon_is_for_the_settings_to_say(owner: User, settings: Settings) -> None:
    due(10, owner=owner)
    remind_at(NOW)
    assert told(Event.DUE_SOON) == []
    settings.ACTION_SOON_DAYS = 10
    remind_at(NOW)
    assert len(told(Event.DUE_SOON)) == 1


def test_however_many_are_late_each_owner_gets_one_mail(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As on the first day of a site with a past."""
    settings.EMAIL_CONFIGURED = True
    monkeypatch.setattr(reminders, "AT_ONCE", 20)
    owners = [a_user(email=f"{name}@example.com") for name in ("ada", "ed")]
    for number in range(130):
        due(-1 if number % 4 else 2, owner=owners[number % 2])

    assert remind_at(NOW) == 130
    do_all_jobs(at=NOW + 2 * DAY)

    assert Counter(str(one.to) for one in mail.outbox) == {
        "['ada@example.com']": 1,
        "['ed@example.com']": 1,
    }
    assert "And 15 more" in mail.outbox[0].body


def test_who_may_not_know_of_the_incident_hears_nothing(owner: User) -> None:
    due(-1, owner=owner, incident=a_restricted_incident(a_user()))
    remind_at(NOW)
    assert not Message.objects.exists()


def done(days: int, **fields: Any) -> ActionItem:
    return an_action_item(
        state=ActionState.DONE, evidence="Merged", done_at=NOW - days * DAY, **fields
    )


def test_somebody_else_is_asked_to_verify_it_once(owner: User, settings: Settings) -> None:
    settings.ACTION_VERIFY_DAYS = 5
    doer = a_user()
    item = done(6, incident=an_incident(owner=owner), team=a_team(doer), done_by=doer)
    done(4, incident=an_incident(owner=owner))
    done(6, incident=an_incident(owner=owner), verified_at=NOW, verified_by=owner)
    done(6, incident=an_incident(owner=owner), done_by=owner)
    for _ in range(2):
        ask_to_verify(by=None, at=NOW)
    assert told(Event.TO_VERIFY) == [(owner, item)]


def test_the_job_says_how_many(owner: User) -> None:
    due(-1, owner=owner)
    done(60, incident=an_incident(owner=owner))
    said = remind_of_action_items(Work(Job(), NOW))
    assert said == "Items that press: 1; to be verified: 1"


def test_the_owner_hears_that_a_violation_reopened_it(owner: User) -> None:
    lesson: Lesson = a_lesson()
    item = done(6, lesson=lesson, owner=owner, kind="prevent")
    values = {"lesson": lesson, "relation": "violated"}
    add_lesson_link(an_incident(), values=values, by=a_user(), at=NOW)
    assert told(Event.REOPENED) == [(owner, item)]
    assert Message.objects.get().detail == "Its lesson was violated again."


def test_more_items_are_not_more_queries(
    owner: User, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    for number in (3, 27):
        for _ in range(number):
            due(-1, owner=owner, team=a_team(owner))
            due(1, team=a_team(a_user()), incident=an_incident())
        with django_assert_max_num_queries(25):
            remind_at(NOW)
