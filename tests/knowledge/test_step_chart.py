"""The values of a knob as steps over time: what is drawn, and what is not."""

from datetime import UTC, datetime
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest

from incidents.knowledge.step_chart import Chart, Turn, draw
from incidents.lib.approximate_time import UNKNOWN, ApproximateTime, Precision
from incidents.lib.quantities import of_setting

ZONE = ZoneInfo("Europe/Berlin")
keys = iter(range(1, 10_000))


def a_turn(
    day: int | None,
    before: str | None,
    after: str | None,
    *,
    precision: str = "minute",
    **more: str,
) -> Turn:
    moment = datetime(2026, 3, day, tzinfo=UTC) if day else None
    time = ApproximateTime(moment, Precision(precision)) if moment else UNKNOWN
    return Turn(next(keys), time, ZONE, before, after, "fixed", f"{before} → {after}", **more)


def drawn(*turns: Turn, unit: str = "", component: str = "unicorn") -> Chart:
    chart = draw(turns, component=component, unit=unit)
    assert chart is not None
    return chart


def heights(chart: Chart) -> dict[str, float]:
    return {label.text: label.y for label in chart.labels}


def test_it_works() -> None:
    chart = drawn(a_turn(1, "30s", "1 min"), a_turn(9, "60 s", "90s"))

    at = heights(chart)
    assert chart.scale == "linear"
    assert at["90s"] < at["1 min"] < at["30s"]
    # One minute and 60 s are one place, and the line leads from one turn to the next.
    assert [line.style for line in chart.lines] == [
        "step-unsure",
        "step-line",
        "step-line",
        "step-line",
        "step-unsure",
    ]
    held = chart.lines[2]
    assert held.y1 == held.y2 == at["1 min"]
    assert (held.x1, held.x2) == tuple(mark.x for mark in chart.marks)
    assert [mark.number for mark in chart.marks] == [1, 2]


def test_a_plain_number_is_in_the_unit_of_the_knob() -> None:
    at = heights(drawn(a_turn(1, "30", "2 min"), a_turn(9, "2 min", "60"), unit="s"))

    assert at["2 min"] < at["60"] < at["30"]


def test_what_differs_by_tool_is_read_by_the_tool() -> None:
    assert of_setting("64MB", component="unicorn", unit="") is None
    found = of_setting("64MB", component="PostgreSQL", unit="")
    assert found is not None
    assert found.magnitude == 64 * 1024**2


def test_values_far_apart_are_on_a_logarithmic_scale() -> None:
    chart = drawn(a_turn(1, "10", "100"), a_turn(9, "100", "1000"))

    at = heights(chart)
    assert chart.scale == "logarithmic"
    assert at["10"] - at["100"] == pytest.approx(at["100"] - at["1000"])


def test_other_values_stand_one_below_the_other() -> None:
    chart = drawn(a_turn(1, "round robin", "30s"), a_turn(9, "30s", "least"))

    assert chart.scale == ""
    assert list(heights(chart)) == ["round robin", "30s", "least"]
    assert {after - before for before, after in pairwise(heights(chart).values())} == {26.0}


def test_unknown_and_not_set_are_values_of_their_own() -> None:
    chart = drawn(a_turn(1, None, "8"), a_turn(9, "8", ""))

    at = heights(chart)
    assert at["8"] < at["not set"] < at["unknown"]
    assert chart.marks[1].y == at["not set"]
    assert chart.scale == "linear"


def test_no_line_leads_where_no_record_tells() -> None:
    chart = drawn(a_turn(1, "4", "8"), a_turn(9, "6", "10"))
    first, second = (mark.x for mark in chart.marks)

    assert not [one for one in chart.lines if one.x1 == first and one.x2 == second]
    assert [line.style for line in chart.lines].count("step-unsure") == 4


def test_no_line_leads_from_unknown_nor_from_another_system() -> None:
    for turns in (
        (a_turn(1, "4", None), a_turn(9, None, "8")),
        (a_turn(1, "4", "8", series="1"), a_turn(9, "8", "4", series="2")),
    ):
        chart = drawn(*turns)
        assert [line.style for line in chart.lines].count("step-unsure") == 4


def test_a_day_is_a_slope_as_wide_as_the_day() -> None:
    chart = drawn(a_turn(1, "4", "8", precision="day"), a_turn(5, "8", "9"))

    (slope,) = [line for line in chart.lines if line.style == "step-within"]
    held = chart.lines[2]
    assert slope.x2 - slope.x1 == pytest.approx((held.x2 - slope.x1) / 4, rel=0.3)
    assert held.x1 == slope.x2


def test_a_turn_without_a_time_is_not_drawn() -> None:
    chart = drawn(a_turn(None, "1", "2"), a_turn(5, "8", "9"))

    assert len(chart.marks) == 1
    assert "2" not in heights(chart)
    assert draw([a_turn(None, "1", "2")], component="unicorn", unit="") is None


def test_marks_of_one_moment_stand_side_by_side() -> None:
    chart = drawn(a_turn(5, "8", "9"), a_turn(5, "7", "9"), a_turn(5, "6", "9"))

    places = [mark.x for mark in chart.marks]
    assert all(after - before >= 18 for before, after in pairwise(places))


def test_values_too_near_to_be_read_are_named_once() -> None:
    turns = [a_turn(day, str(100 + day), str(101 + day)) for day in range(1, 28)]

    chart = drawn(*turns)

    places = sorted(heights(chart).values())
    assert all(after - before >= 15 for before, after in pairwise(places))
    assert {"101", "128"} <= heights(chart).keys()


def test_numbers_go_on_after_those_that_were_skipped() -> None:
    chart = draw([a_turn(5, "8", "9")], component="unicorn", unit="", skipped=7)

    assert chart is not None
    assert chart.marks[0].number == 8
