"""What was to be done and what is finished, over time."""

from datetime import UTC, date, datetime, timedelta

import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from incidents.action_items.burn_up import (
    MONTH,
    QUARTER,
    WEEK,
    YEAR,
    after,
    draw,
    periods_of,
    round_numbers,
    start_of,
    unit_for,
)
from incidents.action_items.operations import decline_action_item
from incidents.action_items.queries import BurnUp, burn_up_of
from incidents.models import ActionItem, ActionState, User
from tests.factories import NOW, a_restricted_incident, a_team, a_user, an_action_item

DAY = timedelta(days=1)


def test_it_works() -> None:
    periods = periods_of(
        {date(2026, 1, 1): 3, date(2026, 3, 1): 1},
        {date(2026, 3, 1): 2},
        unit=MONTH,
        until=date(2026, 4, 9),
    )
    assert [(one.name, one.created_so_far, one.finished_so_far) for one in periods] == [
        ("2026-01", 3, 0),
        ("2026-02", 3, 0),
        ("2026-03", 4, 2),
        ("2026-04", 4, 2),
    ]
    assert periods[-1].unfinished == 2


@pytest.mark.parametrize(
    ("unit", "day", "start", "following", "name"),
    [
        (WEEK, date(2026, 3, 14), date(2026, 3, 9), date(2026, 3, 16), "2026-03-09"),
        (MONTH, date(2026, 12, 31), date(2026, 12, 1), date(2027, 1, 1), "2026-12"),
        (QUARTER, date(2026, 12, 31), date(2026, 10, 1), date(2027, 1, 1), "2026 Q4"),
        (YEAR, date(2026, 3, 14), date(2026, 1, 1), date(2027, 1, 1), "2026"),
    ],
)
def test_periods_begin_on_their_first_day(
    unit: str, day: date, start: date, following: date, name: str
) -> None:
    assert (start_of(day, unit), after(start, unit)) == (start, following)
    assert periods_of({start: 1}, {}, unit=unit, until=day)[0].name == name


@pytest.mark.parametrize(
    ("days", "unit"), [(0, WEEK), (182, WEEK), (183, MONTH), (1100, QUARTER), (4000, YEAR)]
)
def test_the_table_stays_readable(days: int, unit: str) -> None:
    assert unit_for(date(2026, 3, 14) - days * DAY, date(2026, 3, 14)) == unit


def test_the_lines_end_at_the_totals() -> None:
    picture = draw(
        periods_of({date(2026, 1, 1): 8}, {date(2026, 2, 1): 8}, unit=MONTH, until=date(2026, 2, 1))
    )
    assert picture is not None
    assert picture.created == "40.0,12.0 560.0,12.0"
    assert picture.finished == "40.0,220.0 560.0,12.0"
    # Where both end in one place the words stand under each other.
    assert picture.labels[1].y - picture.labels[0].y >= 16


def test_nothing_is_no_picture() -> None:
    assert draw([]) is None
    one = draw(periods_of({date(2026, 1, 1): 1}, {}, unit=YEAR, until=date(2026, 1, 1)))
    assert one is not None
    assert one.created.count(",") == 2


def test_the_scale_has_round_numbers() -> None:
    assert round_numbers(0) == [0]
    assert round_numbers(3) == [0, 1, 2, 3]
    assert round_numbers(17) == [0, 5, 10, 15]
    assert len(round_numbers(123_456)) <= 5


def figures(user: User) -> BurnUp:
    return burn_up_of(ActionItem.objects.visible_to(user), user=user, at=NOW)


@pytest.mark.django_db
def test_it_counts_what_is_there() -> None:
    user = a_user()
    an_action_item(created_at=NOW - 40 * DAY)
    an_action_item(
        created_at=NOW - 40 * DAY, state=ActionState.DONE, evidence="x", done_at=NOW - 7 * DAY
    )
    decline_action_item(
        an_action_item(created_at=NOW - 9 * DAY), reason="No", by=user, at=NOW - 2 * DAY
    )

    found = figures(user)

    last = found.periods[-1]
    assert (last.created_so_far, last.finished_so_far, last.unfinished) == (3, 2, 1)
    assert (last.unit, last.finished, found.undated) == (WEEK, 1, 0)


@pytest.mark.django_db
def test_a_finish_on_an_unknown_day_is_said_and_in_no_line() -> None:
    user = a_user()
    an_action_item(created_at=NOW, state=ActionState.DONE, evidence="x")
    an_action_item(created_at=NOW, state=ActionState.WONT_DO, wont_do_reason="x")
    an_action_item(created_at=NOW)
    found = figures(user)
    (period,) = found.periods
    assert (found.total, found.undated) == (3, 2)
    # What is left is what is left, whatever is not known.
    assert (period.created_so_far, period.finished_so_far, period.unfinished) == (1, 0, 1)


@pytest.mark.django_db
def test_what_was_done_before_it_was_written_down_begins_the_picture() -> None:
    an_action_item(
        created_at=NOW, state=ActionState.DONE, evidence="x", done_at=NOW - timedelta(days=300)
    )
    found = figures(a_user())
    assert (found.periods[0].name, found.periods[0].finished) == ("2025-05", 1)


@pytest.mark.django_db
def test_periods_are_those_of_the_reader() -> None:
    an_action_item(created_at=datetime(2025, 1, 31, 23, 30, tzinfo=UTC))
    assert figures(a_user(time_zone="Asia/Tokyo")).periods[0].name == "2025-02"
    assert figures(a_user(time_zone="UTC")).periods[0].name == "2025-01"


@pytest.mark.django_db
def test_the_page_shows_picture_and_table_and_can_be_narrowed(client: Client) -> None:
    client.force_login(a_user("reader"))
    team = a_team(slug="core")
    an_action_item(team=team)
    an_action_item()
    text = client.get("/actions/burn-up/").content.decode()
    assert "2 action items" in text
    assert "<polyline" in text
    assert "2 created (dashed), 0 finished, 2 left" in text
    assert "Created so far" in text
    assert "1 action item<" in client.get("/actions/burn-up/?team=core").content.decode()
    assert client.get("/actions/burn-up/?team=x&owner=y").status_code == 200


@pytest.mark.django_db
def test_strangers_learn_nothing_of_restricted_incidents(client: Client) -> None:
    an_action_item(incident=a_restricted_incident(a_user()))
    client.force_login(a_user("admin"))
    assert "There is no action item" in client.get("/actions/burn-up/").content.decode()


@pytest.mark.django_db
def test_more_rows_are_not_more_queries(
    client: Client, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    client.force_login(a_user())
    for number in (3, 27):
        for days in range(number):
            an_action_item(created_at=NOW - days * 30 * DAY, owner=a_user(), team=a_team())
        with django_assert_max_num_queries(9):
            client.get("/actions/burn-up/")
