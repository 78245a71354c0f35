from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from incidents.lib.periods import (
    NotAPeriod,
    Period,
    period_between,
    quarter_of,
    read_period,
)

DAYS = st.dates(date(1975, 1, 1), date(2199, 12, 31))


def test_it_works() -> None:
    period = read_period("2026Q3")

    assert period == Period("2026Q3", "Q3 2026", date(2026, 7, 1), date(2026, 10, 1))
    assert period.last_day == date(2026, 9, 30)


@pytest.mark.parametrize(
    ("text", "key", "label", "starts", "last_day"),
    [
        ("2026Q4", "2026Q4", "Q4 2026", date(2026, 10, 1), date(2026, 12, 31)),
        (" 2026q1 ", "2026Q1", "Q1 2026", date(2026, 1, 1), date(2026, 3, 31)),
        ("2026H1", "2026H1", "First half of 2026", date(2026, 1, 1), date(2026, 6, 30)),
        ("2026h2", "2026H2", "Second half of 2026", date(2026, 7, 1), date(2026, 12, 31)),
        ("2026", "2026", "2026", date(2026, 1, 1), date(2026, 12, 31)),
        ("2028-2", "2028-02", "February 2028", date(2028, 2, 1), date(2028, 2, 29)),
        (
            "2026-07-01..2026-09-15",
            "2026-07-01..2026-09-15",
            "1 July 2026 to 15 September 2026",
            date(2026, 7, 1),
            date(2026, 9, 15),
        ),
        ("2026-07-05..2026-07-05", None, None, date(2026, 7, 5), date(2026, 7, 5)),
    ],
)
def test_each_way_to_write_one(
    text: str, key: str | None, label: str | None, starts: date, last_day: date
) -> None:
    period = read_period(text)

    assert (period.starts, period.last_day) == (starts, last_day)
    assert key is None or (period.key, period.label) == (key, label)


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("", "cannot"),
        ("Q3 2026", "2026Q3 for a quarter"),
        ("2026Q5", "a year has 4 quarters"),
        ("2026H3", "a year has 2 halves"),
        ("2026-13", "months go from 01 to 12"),
        ("2026-00", "months go from 01 to 12"),
        ("2026-02-30..2026-03-01", "two days that there are"),
        ("2026-09-15..2026-07-01", "give the earlier day first"),
        ("1969Q4", "1969 is not"),
        ("2200", "2200 is not"),
        ("x" * 500, "…"),
        ("２０２６Q1", "2026Q3 for a quarter"),
    ],
)
def test_what_names_no_period_is_refused_with_what_would(text: str, sentence: str) -> None:
    with pytest.raises(NotAPeriod) as refusal:
        read_period(text)

    assert sentence.replace("cannot", "can be read") in str(refusal.value)
    assert len(str(refusal.value)) < 300


@given(DAYS, DAYS)
def test_a_key_leads_back_to_its_period(one: date, other: date) -> None:
    period = period_between(min(one, other), max(one, other))

    assert read_period(period.key) == period


def test_a_whole_quarter_by_its_days_is_the_quarter() -> None:
    assert read_period("2026-07-01..2026-09-30") == read_period("2026Q3")
    assert read_period("2026-01-01..2026-12-31") == read_period("2026")


@pytest.mark.parametrize(
    ("key", "before"),
    [
        ("2026Q3", ["2026Q2", "2026Q1", "2025Q4", "2025Q3"]),
        ("2026H1", ["2025H2", "2025H1", "2024H2", "2024H1"]),
        ("2026", ["2025", "2024", "2023", "2022"]),
        ("2026-03", ["2026-02", "2026-01", "2025-12", "2025-11"]),
    ],
)
def test_before_it_lie_periods_of_its_kind(key: str, before: list[str]) -> None:
    assert [period.key for period in read_period(key).previous(4)] == before


@given(DAYS, st.integers(0, 400))
def test_those_before_it_follow_without_a_gap(starts: date, days: int) -> None:
    period = period_between(starts, min(starts + timedelta(days=days), date(2199, 12, 31)))

    later = period
    for earlier in period.previous(3):
        assert earlier.ends == later.starts
        later = earlier


def test_before_the_first_year_there_is_none() -> None:
    assert [period.key for period in read_period("1970Q3").previous(4)] == ["1970Q2", "1970Q1"]


def test_days_begin_where_the_clocks_of_the_zone_say() -> None:
    starts, ends = read_period("2026Q1").moments(ZoneInfo("Europe/Berlin"))

    # In winter an hour ahead of UTC, at the end two: the clocks went forward on 29 March.
    assert starts == datetime(2025, 12, 31, 23, tzinfo=UTC)
    assert ends == datetime(2026, 3, 31, 22, tzinfo=UTC)
    assert ends - starts == timedelta(days=90, hours=-1)


def test_a_day_that_begins_late_begins_late() -> None:
    """In Beirut the clocks jumped from midnight to one on 28 March 2021."""
    starts, ends = read_period("2021-03-28..2021-03-28").moments(ZoneInfo("Asia/Beirut"))

    assert starts == datetime(2021, 3, 27, 22, tzinfo=UTC)
    assert ends - starts == timedelta(hours=23)


@pytest.mark.parametrize("day", [date(2026, 7, 1), date(2026, 8, 15), date(2026, 9, 30)])
def test_each_day_has_its_quarter(day: date) -> None:
    assert quarter_of(day).key == "2026Q3"
