"""Which lessons still fire: on a lesson's page, and in the list."""

from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries, Settings

from incidents.models import Lesson, User, Visibility
from tests.factories import a_lesson, a_restricted_incident, a_user, an_incident
from tests.guard.runs.made import BEFORE, FILES, a_guard, a_run

pytestmark = pytest.mark.django_db

DAY = timedelta(days=1)


@pytest.fixture
def reader(client: Client) -> User:
    user = a_user("reader")
    client.force_login(user)
    return user


def fired(client: Client, lesson: Lesson) -> str:
    """What the lesson's page says of it."""
    page = client.get(f"/lessons/LES-{lesson.pk}/").text
    return " ".join(page.partition("<dt>In checks</dt>")[2].partition("</div>")[0].split())


def listed(client: Client, query: str = "") -> list[tuple[int, int, bool]]:
    page = client.get(f"/lessons/?{query}").context["page"]
    return [(one.pk, one.fired_count, one.last_fired_at is not None) for one in page]


def test_it_works(client: Client, reader: User) -> None:
    lesson = a_guard().lesson
    now = timezone.now()
    a_run(name="checkout", at=now - 3 * DAY)
    last = a_run(name="checkout", at=now - 2 * DAY)
    a_run(name="checkout", at=now - DAY, files=BEFORE)
    a_run(name="search", at=now, files=BEFORE)

    told = fired(client, lesson)

    assert f'<a href="/guard/runs/{last.pk}/">Last fired <time' in told
    assert "2 days ago" in told.replace("\xa0", " ")
    assert "in 2 of the last 3 runs of <bdi>checkout</bdi>." in told
    assert "search" not in told
    assert f"/guard/runs/?lesson=LES-{lesson.pk}" in told


def test_of_the_last_twenty_runs(client: Client, reader: User) -> None:
    lesson = a_guard().lesson
    for number in range(25):
        a_run(name="checkout", files=BEFORE if number > 20 else FILES)

    assert "in 16 of the last 20 runs of" in fired(client, lesson)


def test_several_names_the_latest_first(client: Client, reader: User) -> None:
    lesson = a_guard().lesson
    for name in ("", "search", "checkout"):
        a_run(name=name)

    assert (
        "in the only run of <bdi>checkout</bdi>, in the only run of"
        " <bdi>search</bdi>, in the only run without a name." in fired(client, lesson)
    )


def test_one_that_does_not(client: Client, reader: User) -> None:
    lesson = a_guard().lesson
    a_run(files=BEFORE)

    assert "No run that is kept violates it." in fired(client, lesson)
    assert listed(client) == [(lesson.pk, 0, False)]


def test_the_list_is_sorted_by_how_often_and_how_lately(client: Client, reader: User) -> None:
    now = timezone.now()
    often, lately, never = a_guard().lesson, a_guard().lesson, a_lesson()
    lately.guard.state = "draft"
    lately.guard.save()
    for days in (30, 20, 10):
        a_run(at=now - days * DAY)
    lately.guard.state, often.guard.state = "active", "draft"
    lately.guard.save()
    often.guard.save()
    a_run(at=now)

    assert listed(client, "sort=-fired") == [
        (often.pk, 3, True),
        (lately.pk, 1, True),
        (never.pk, 0, False),
    ]
    assert [row[0] for row in listed(client, "sort=-last_fired")] == [
        lately.pk,
        often.pk,
        never.pk,
    ]


def test_what_fired_long_ago_is_not_counted(
    client: Client, reader: User, settings: Settings
) -> None:
    lesson = a_guard().lesson
    a_run(at=timezone.now() - 91 * DAY)
    assert listed(client) == [(lesson.pk, 0, True)]

    # And is forgotten by the next sweep.
    settings.GUARD_RUN_DAYS = 30

    assert listed(client) == [(lesson.pk, 0, False)]
    assert "No run that is kept violates it." in fired(client, lesson)


def test_one_is_told_nothing_of_what_was_restricted_then(client: Client, reader: User) -> None:
    """The lesson has another incident now; the finding is of the one that is restricted."""
    named = a_user()
    lesson = a_guard(a_lesson(learned_from=a_restricted_incident(named))).lesson
    a_run(by=named)
    lesson.learned_from = an_incident(visibility=Visibility.EVERYONE)
    lesson.save()

    assert listed(client) == [(lesson.pk, 0, False)]
    assert "No run that is kept violates it." in fired(client, lesson)


def test_queries_do_not_grow(
    client: Client, reader: User, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    lesson = a_guard().lesson
    a_run(name="one")
    with django_assert_max_num_queries(40) as few:
        listed(client)
        fired(client, lesson)
    for number in range(6):
        a_guard()
        a_run(name=f"{number}")

    with django_assert_max_num_queries(len(few)):
        listed(client)
        fired(client, lesson)
