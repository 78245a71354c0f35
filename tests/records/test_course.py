"""The course of an incident as a picture."""

from datetime import timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest

from incidents.lib.approximate_time import parse
from incidents.lib.time_axis import axis_over, ticks_of
from incidents.records.course import LEFT, RIGHT, Course, Moment, course
from tests.factories import NOW

BERLIN = ZoneInfo("Europe/Berlin")


def phases(**times: str) -> list[Moment]:
    return [
        Moment(name, name.capitalize(), parse(times.get(name, ""), BERLIN))
        for name in ("began", "detected", "mitigated", "resolved")
    ]


def events(*times: str) -> list[Moment]:
    return [
        Moment(f"timelineevent-{number}", f"Event {number}", parse(time, BERLIN))
        for number, time in enumerate(times, 1)
    ]


def drawn(found: Course) -> None:
    """Everything lies within the drawing."""
    for bar in found.bars:
        assert LEFT <= bar.x <= bar.x + bar.width <= RIGHT
    for mark in found.marks:
        assert LEFT <= mark.x <= mark.x + mark.width <= RIGHT + 3
        assert found.phases_y < mark.y < found.axis_y < found.height
    assert 1 <= len(found.ticks) <= 9


def test_all_exact() -> None:
    found = course(
        phases(
            began="2026-03-14 14:00",
            detected="2026-03-14 14:35",
            mitigated="2026-03-14 15:00",
            resolved="2026-03-14 16:20",
        ),
        events("2026-03-14 14:05", "2026-03-14 14:40", "2026-03-14 16:00"),
        BERLIN,
    )

    drawn(found)
    assert [bar.style for bar in found.bars] == ["phase-hidden", "phase-known", "phase-held"]
    assert [(s.begin, s.end, s.duration) for s in found.stretches] == [
        ("Began", "Detected", "35 min"),
        ("Detected", "Mitigated", "25 min"),
        ("Mitigated", "Resolved", "1 h 20 min"),
        ("Began", "Resolved", "2 h 20 min"),
    ]
    assert [(mark.anchor, mark.width, mark.count) for mark in found.marks] == [
        ("timelineevent-1", 0, 1),
        ("timelineevent-2", 0, 1),
        ("timelineevent-3", 0, 1),
    ]
    assert found.marks[0].title == "14 Mar 2026, 14:05 CET: Event 1"
    assert found.ticks[0].text == "14 Mar, 14:00"
    assert found.times[0] == ("Began", "14 Mar 2026, 14:00 CET")


def test_what_is_known_coarsely_is_as_wide_as_its_period() -> None:
    found = course(
        phases(began="2026-03-10", resolved="2026-03-13"),
        events("2026-03-11", "2026-03-12 10h", "2026-03-12 10:30", "2026-03"),
        BERLIN,
    )

    drawn(found)
    by_anchor = {mark.anchor: mark for mark in found.marks}
    day, hour, minute, month = (by_anchor[f"timelineevent-{number}"] for number in range(1, 5))
    assert minute.width == 0 < hour.width < day.width < month.width
    assert day.width == pytest.approx(24 * hour.width, rel=0.05)
    assert minute.y < hour.y < day.y < month.y
    unsure = [bar for bar in found.bars if bar.style == "phase-unknown"]
    assert len(unsure) == 2
    assert [stretch.duration for stretch in found.stretches] == ["between 2 and 4 d"]
    # Detection is not known, so no colour claims it.
    assert "phase-between" in {bar.style for bar in found.bars}


def test_without_any_time_the_order_stands_alone() -> None:
    found = course(phases(), events("", ""), BERLIN)

    assert not found.is_drawn
    assert [step.name for step in found.steps] == ["timelineevent-1", "timelineevent-2"]
    assert found.times == [
        ("Began", "time unknown"),
        ("Detected", "time unknown"),
        ("Mitigated", "time unknown"),
        ("Resolved", "time unknown"),
    ]


def test_nothing_at_all() -> None:
    found = course(phases(), [], BERLIN)
    assert not found.is_drawn
    assert not found.steps


def test_one_event() -> None:
    found = course(phases(), events("2026-03-14 14:05"), BERLIN)

    drawn(found)
    (mark,) = found.marks
    assert mark.x == pytest.approx((LEFT + RIGHT) / 2, abs=1)
    assert len(found.ticks) > 1


def test_what_has_no_time_is_counted_beside_the_picture() -> None:
    found = course(phases(), events("2026-03-14 14:05", "", ""), BERLIN)
    assert found.without_time == 2
    assert len(found.marks) == 1


def test_two_hundred_events_can_be_told_apart() -> None:
    begin = parse("2026-03-14 14:00", BERLIN).at
    assert begin is not None
    times = [
        (begin + timedelta(minutes=minute)).astimezone(BERLIN).strftime("%Y-%m-%d %H:%M")
        for minute in range(200)
    ]

    found = course(
        phases(began="2026-03-14 14:00", resolved="2026-03-14 17:20"), events(*times), BERLIN
    )

    drawn(found)
    assert sum(mark.count for mark in found.marks) == 200
    assert all(right.x - left.x > 18 for left, right in pairwise(found.marks))
    assert "and " in found.marks[3].title or found.marks[3].count <= 8


def test_a_far_event_does_not_squeeze_the_phases() -> None:
    found = course(
        phases(began="2026-03-14 14:00", resolved="2026-03-14 15:00"),
        events("2019-03-01 10:00", "2026-03-14 14:30", "2026-06"),
        BERLIN,
    )

    drawn(found)
    (bar,) = found.bars
    assert bar.width > (RIGHT - LEFT) / 3
    assert found.beyond == 2


def test_labels_do_not_cover_each_other() -> None:
    found = course(
        phases(
            began="2026-03-14 14:00",
            detected="2026-03-14 14:01",
            mitigated="2026-03-14 14:02",
            resolved="2026-03-15 14:00",
        ),
        [],
        BERLIN,
    )
    assert len({(label.x, label.y) for label in found.labels}) == 4
    assert len({label.y for label in found.labels[:3]}) == 3
    assert found.labels[3].anchor == "end"


def test_what_is_out_of_order_says_so() -> None:
    found = course(phases(detected="2026-03-14 16:00", mitigated="2026-03-14 15:00"), [], BERLIN)
    assert [stretch.duration for stretch in found.stretches] == ["not in this order"]
    assert not found.bars


@pytest.mark.parametrize(
    ("length", "texts"),
    [
        (timedelta(minutes=20), ["14 Mar, 12:30", "12:35"]),
        (timedelta(hours=5), ["14 Mar, 13:00", "14:00"]),
        (timedelta(hours=40), ["14 Mar, 12:00", "18:00", "15 Mar, 00:00"]),
        (timedelta(days=5), ["15 Mar", "16 Mar"]),
        (timedelta(days=90), ["26 Mar", "9 Apr"]),
        (timedelta(days=400), ["May 2026", "Jul 2026"]),
        (timedelta(days=365 * 10), ["2026", "2028"]),
        (timedelta(days=365 * 120), ["2040", "2060"]),
    ],
)
def test_ticks_stand_on_round_readings(length: timedelta, texts: list[str]) -> None:
    begin = NOW.replace(hour=11, minute=30)

    found = ticks_of(axis_over(begin, begin + length, left=0, right=700), BERLIN)

    assert 2 <= len(found) <= 9
    assert all(left.x < right.x for left, right in pairwise(found))
    assert [tick.text for tick in found][: len(texts)] == texts


def test_a_day_of_23_hours_still_has_its_ticks() -> None:
    begin, end = parse("2026-03-28 12:00", BERLIN).at, parse("2026-03-30 12:00", BERLIN).at
    assert begin is not None
    assert end is not None

    ticks = ticks_of(axis_over(begin, end, left=0, right=700), BERLIN)

    midnights = [tick.text for tick in ticks if "00:00" in tick.text]
    assert midnights == ["29 Mar, 00:00", "30 Mar, 00:00"]
