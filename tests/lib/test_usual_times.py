"""Times as programs and people write them."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from incidents.lib.approximate_time import UNKNOWN, NotATime, Precision, write
from incidents.lib.usual_times import Order, moment, order_of, read_usual

BERLIN = ZoneInfo("Europe/Berlin")


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("2019-12-24 22:30", "2019-12-24 22:30"),
        ("2019-12-24 22:30:59.123", "2019-12-24 22:30"),
        ("2019-12-24T21:30:59Z", "2019-12-24 22:30"),
        ("2019-12-24T22:30:59.123+0100", "2019-12-24 22:30"),
        ("2019-12-24 22:30:59.5+01", "2019-12-24 22:30"),
        ("2019-12-24 21:30 UTC", "2019-12-24 22:30"),
        ("2019-12-24 16:30 GMT-05:00", "2019-12-24 22:30"),
        ("2019/12/24 10:30 pm", "2019-12-24 22:30"),
        ("2019-12-24 22h", "2019-12-24 22h"),
        ("Dec 24, 2019 10 PM", "2019-12-24 22h"),
        ("Dec 24, 2019, 12:05 a.m.", "2019-12-24 00:05"),
        ("December 24th 2019 at 22:30", "2019-12-24 22:30"),
        ("24 December 2019", "2019-12-24"),
        ("24th of Dec. 2019", "2019-12-24"),
        ("24/Dec/19 10:30 PM", "2019-12-24 22:30"),
        ("24-Dec-2019", "2019-12-24"),
        ("Tue, 24 Dec 2019 22:30:00 +0100", "2019-12-24 22:30"),
        ("24.12.2019 22:30", "2019-12-24 22:30"),
        ("3.4.2019", "2019-04-03"),
        ("24/12/2019", "2019-12-24"),
        ("12/24/2019", "2019-12-24"),
        ("12/24/99", "1999-12-24"),
        ("5/5/2019", "2019-05-05"),
        ("December 2019", "2019-12"),
        ("2019-12", "2019-12"),
        ("2019", "2019"),
    ],
)
def test_it_works(text: str, wanted: str) -> None:
    assert write(read_usual(text, BERLIN), BERLIN) == wanted


@pytest.mark.parametrize("text", ["", " ", "?", "Unknown", "N/A", "null", "-"])
def test_nothing_is_unknown(text: str) -> None:
    assert read_usual(text, BERLIN) == UNKNOWN


@pytest.mark.parametrize(
    "text",
    [
        "03/04/2019",
        "2019-12-24 22",
        "2019-02-30",
        "2019-12-24 13:00 pm",
        "22:30",
        "2019-12-24 22:30 PST",
        "about noon",
        "2019-03-31 02:30",
        "2019 22:30",
        "1577223000",
        "2019-12-24 " * 20,
    ],
)
def test_what_leaves_a_doubt_is_refused(text: str) -> None:
    with pytest.raises(NotATime):
        read_usual(text, BERLIN)


def test_other_dates_of_the_column_tell_the_order() -> None:
    assert order_of(["03/04/2019", "24/04/2019 10:00", "", "2019"]) is Order.DAY_FIRST
    assert order_of(["03/04/2019", "04/24/2019"]) is Order.MONTH_FIRST
    assert order_of(["03/04/2019", "04/24/2019", "24/04/2019"]) is None
    assert order_of(["03/04/2019"]) is None
    assert write(read_usual("03/04/2019", BERLIN, Order.DAY_FIRST), BERLIN) == "2019-04-03"
    assert write(read_usual("03/04/2019", BERLIN, Order.MONTH_FIRST), BERLIN) == "2019-03-04"


def test_seconds_since_1970() -> None:
    time = moment(1577223059)
    assert (time.at, time.precision) == (
        datetime(2019, 12, 24, 21, 30, tzinfo=UTC),
        Precision.MINUTE,
    )
    assert moment(0) == UNKNOWN
    for seconds in (-1, 1e12, float("inf"), float("nan")):
        with pytest.raises(NotATime):
            moment(seconds)


@given(st.text(max_size=80) | st.from_regex(r"[0-9/.:, -]{0,30}(AM|Z|\+01)?", fullmatch=True))
def test_no_text_is_more_than_refused(text: str) -> None:
    for order in (None, *Order):
        try:
            read_usual(text, BERLIN, order)
        except NotATime as refused:
            assert str(refused)  # noqa: PT017
