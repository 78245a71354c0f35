# Clock readings without a zone are what these tests are about.
# ruff: noqa: DTZ001

from contextlib import suppress
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from incidents.lib.approximate_time import (
    UNKNOWN,
    ApproximateTime,
    NotATime,
    Precision,
    could_be_before,
    duration_between,
    human,
    human_duration,
    parse,
    period,
    reread,
    write,
)

BERLIN = ZoneInfo("Europe/Berlin")
NEW_YORK = ZoneInfo("America/New_York")
LORD_HOWE = ZoneInfo("Australia/Lord_Howe")
KATHMANDU = ZoneInfo("Asia/Kathmandu")
APIA = ZoneInfo("Pacific/Apia")
UTC_ZONE = ZoneInfo("UTC")
# Two hours back, midnight skipped, midnight twice, and offsets with seconds until 1972.
ODD = [
    ZoneInfo(name)
    for name in ("Antarctica/Troll", "America/Sao_Paulo", "America/St_Johns", "Africa/Monrovia")
]
ZONES = st.sampled_from([BERLIN, NEW_YORK, LORD_HOWE, KATHMANDU, APIA, UTC_ZONE, *ODD])
PRECISIONS = st.sampled_from([precision for precision in Precision if precision != "unknown"])


def at(*parts):
    return datetime(*parts, tzinfo=UTC)


@pytest.mark.parametrize(
    ("text", "start", "precision"),
    [
        ("2019", at(2018, 12, 31, 23), "year"),
        ("2019-12", at(2019, 11, 30, 23), "month"),
        ("2019-12-24", at(2019, 12, 23, 23), "day"),
        ("2019-12-24 22h", at(2019, 12, 24, 21), "hour"),
        ("2019-12-24 22 h", at(2019, 12, 24, 21), "hour"),
        ("2019-12-24T22h", at(2019, 12, 24, 21), "hour"),
        ("2019-12-24 22:30", at(2019, 12, 24, 21, 30), "minute"),
        ("2019-12-24T22:30", at(2019, 12, 24, 21, 30), "minute"),
        ("2019-12-24 22:30:00", at(2019, 12, 24, 21, 30), "minute"),
        ("2019-12-24T22:30:00.000Z", at(2019, 12, 24, 22, 30), "minute"),
        ("2019-12-24 22:30 -05:00", at(2019, 12, 25, 3, 30), "minute"),
        ("2019-12-24 22h +01:00", at(2019, 12, 24, 21), "hour"),
        (" 2019-7-4 2:05 ", at(2019, 7, 4, 0, 5), "minute"),
    ],
)
def test_it_works(text, start, precision):
    assert parse(text, BERLIN) == ApproximateTime(start, Precision(precision))


@pytest.mark.parametrize("text", ["", "  ", "?", "unknown", "Unknown"])
def test_unknown_is_a_value(text):
    assert parse(text, BERLIN) == UNKNOWN
    assert write(UNKNOWN, BERLIN) == ""
    assert period(UNKNOWN, BERLIN) is None
    assert human(UNKNOWN, BERLIN) == "time unknown"


@pytest.mark.parametrize(
    "text",
    [
        "yesterday",
        "24.12.2019",
        "2019-12-24 22",
        "2019-12-24 22:3",
        "2019-12 22:30",
        "2019-12-24+01:00",
        "20191224",
        "12019-12-24",
        "2019-12-24\n22:30",
        "2019-12-24\x00",
        "２０１９",
        "٢٠١٩",
        "9" * 1_000_000,
    ],
)
def test_what_cannot_be_read_is_told_what_can(text):
    with pytest.raises(NotATime, match="Write 2019, 2019-12, 2019-12-24") as caught:
        parse(text, BERLIN)
    assert len(str(caught.value)) < 300


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("1969", "Times before 1970 cannot be recorded"),
        ("0000-01-01", "Times before 1970"),
        ("1970-01-01 00:30 +05:00", "Times before 1970"),
        ("2200-01", "Times after 2199 cannot be recorded"),
        ("2199-12-31 23:30 -05:00", "Times after 2199"),
        ("2019-13", "no month 13"),
        ("2019-00-01", "no month 00"),
        ("2019-02-30", "February 2019 has no day 30: it has 28"),
        ("2019-04-00", "April 2019 has no day 00"),
        ("2019-12-24 24h", "no hour 24: hours go from 00 to 23"),
        ("2019-12-24 22:60", "no minute 60"),
        ("2019-12-24 22:30:15", "A minute is the finest that is kept: leave out the :15"),
        ("2019-12-24 22:30 +25:00", "no offset \\+25:00"),
        ("2019-12-24 22h +05:30", "not a whole hour in Europe/Berlin, where it began at 17:30"),
    ],
)
def test_each_refusal_says_what_is_wrong(text, sentence):
    with pytest.raises(NotATime, match=sentence):
        parse(text, BERLIN)


@pytest.mark.parametrize(
    ("text", "zone", "nearest"),
    [
        ("2019-03-31 02:30", BERLIN, "2019-03-31 03:00"),
        ("2019-03-31 02:05", BERLIN, "2019-03-31 01:59"),
        ("2019-03-31 02h", BERLIN, "2019-03-31 01h"),
        ("2019-10-06 02:20", LORD_HOWE, "2019-10-06 02:30"),
        ("2011-12-30", APIA, "2011-12-29"),
        ("2011-12-30 20:00", APIA, "2011-12-31 00:00"),
    ],
)
def test_a_time_that_the_clocks_skipped_is_refused_with_the_nearest(text, zone, nearest):
    with pytest.raises(NotATime, match=f"went forward .* nearest that did is {nearest}\\.$"):
        parse(text, zone)
    assert write(parse(nearest, zone), zone) == nearest


@pytest.mark.parametrize(
    ("text", "zone", "first", "second"),
    [
        ("2019-10-27 02:30", BERLIN, "2019-10-27 02:30+02:00", "2019-10-27 02:30+01:00"),
        ("2019-10-27 02h", BERLIN, "2019-10-27 02h+02:00", "2019-10-27 02h+01:00"),
        ("2019-11-03 01:00", NEW_YORK, "2019-11-03 01:00-04:00", "2019-11-03 01:00-05:00"),
        ("2019-04-07 01:45", LORD_HOWE, "2019-04-07 01:45+11:00", "2019-04-07 01:45+10:30"),
    ],
)
def test_a_time_that_happened_twice_is_refused_with_both_ways_to_write_it(
    text, zone, first, second
):
    with pytest.raises(NotATime, match="happened twice") as caught:
        parse(text, zone)
    assert f"{first} for the first or {second} for the second" in str(caught.value)
    assert parse(first, zone).at < parse(second, zone).at
    for one in (first, second):
        assert write(parse(one, zone), zone) == one


def test_a_period_that_lacks_only_its_beginning_did_happen():
    # In São Paulo the clocks went from 23:59 to 01:00.
    sao_paulo = ZoneInfo("America/Sao_Paulo")
    assert parse("2018-11-04", sao_paulo).at == at(2018, 11, 4, 3)
    assert parse("2019-10-06 02h", LORD_HOWE).at == at(2019, 10, 5, 15, 30)
    assert write(parse("2019-10-06 02h", LORD_HOWE), LORD_HOWE) == "2019-10-06 02h"


@pytest.mark.parametrize(
    ("text", "zone", "hours"),
    [
        ("2019-12-24 22:30", BERLIN, 1 / 60),
        ("2019-12-24 22h", BERLIN, 1),
        ("2019-03-31", BERLIN, 23),
        ("2019-10-27", BERLIN, 25),
        ("2019-10-27 02h+02:00", BERLIN, 1),
        ("2019-10-27 02h+01:00", BERLIN, 1),
        ("2019-04-07 01h", LORD_HOWE, 1.5),
        ("2019-10-06 02h", LORD_HOWE, 0.5),
        ("2019-02", UTC_ZONE, 28 * 24),
        ("2020", UTC_ZONE, 366 * 24),
        ("2011-12", APIA, 30 * 24),
        ("2199", UTC_ZONE, 365 * 24),
    ],
)
def test_a_period_is_as_long_as_it_was_there(text, zone, hours):
    start, end = period(parse(text, zone), zone)
    assert end - start == timedelta(hours=hours)


@st.composite
def times_in_zones(draw):
    """A time as some text in the zone would give it: the start of a period as lived there."""
    zone, precision = draw(ZONES), draw(PRECISIONS)
    moment = draw(
        st.one_of(
            st.datetimes(datetime(1970, 1, 2), datetime(2199, 12, 30)),
            # Around the changes of the clocks, where it is hard.
            st.datetimes(datetime(2019, 4, 6, 14), datetime(2019, 4, 6, 16)),
            st.datetimes(datetime(2019, 10, 27), datetime(2019, 10, 27, 3)),
            st.datetimes(datetime(2018, 11, 4), datetime(2018, 11, 4, 8)),
            st.datetimes(datetime(2011, 12, 29), datetime(2012, 1, 1)),
            st.datetimes(datetime(1985, 12, 31, 17), datetime(1985, 12, 31, 20)),
        )
    )
    # Any minute that there was can be written in UTC.
    minute = parse(f"{moment:%Y-%m-%d %H:%M}Z", zone)
    if precision is Precision.MINUTE:
        return minute, zone
    shape = {"hour": "%Y-%m-%d %Hh", "day": "%Y-%m-%d", "month": "%Y-%m", "year": "%Y"}[precision]
    text = minute.at.astimezone(zone).strftime(shape)
    try:
        return parse(text, zone), zone
    except NotATime:
        offset = minute.at.astimezone(zone).isoformat()[-6:]
        return parse(text + offset, zone), zone


@given(times_in_zones())
def test_what_is_written_is_read_as_the_same_time(time_and_zone):
    time, zone = time_and_zone
    assert parse(write(time, zone), zone) == time


@given(times_in_zones())
def test_a_period_starts_at_its_time_and_has_a_length(time_and_zone):
    time, zone = time_and_zone
    start, end = period(time, zone)
    assert start == time.at < end
    local_start, local_last = (
        moment.astimezone(zone) for moment in (start, end - timedelta(seconds=1))
    )
    shape = {"minute": "%Y-%m-%d %H:%M", "hour": "%Y-%m-%d %H", "day": "%Y-%m-%d"}
    shown = shape.get(time.precision, "%Y")
    assert local_start.strftime(shown) == local_last.strftime(shown)


@given(st.text())
def test_no_text_raises_anything_else(text):
    with suppress(NotATime):
        parse(text, BERLIN)


@pytest.mark.parametrize(
    ("text", "zone", "shown"),
    [
        ("2019-12-24 22:30", BERLIN, "24 Dec 2019, 22:30 CET"),
        ("2019-07-04 22:30", BERLIN, "4 Jul 2019, 22:30 CEST"),
        ("2019-12-24 22:30", KATHMANDU, "24 Dec 2019, 22:30 UTC+05:45"),
        ("2019-12-24 22h", BERLIN, "24 Dec 2019, about 22 h"),
        ("2019-12-24", BERLIN, "24 Dec 2019"),
        ("2019-12", BERLIN, "December 2019"),
        ("2019", BERLIN, "2019"),
    ],
)
def test_people_read_no_more_than_is_known(text, zone, shown):
    assert human(parse(text, zone), zone) == shown


@pytest.mark.parametrize(
    ("a", "b", "possible"),
    [
        ("2019-12-24 22:30", "2019-12-24 22:31", True),
        ("2019-12-24 22:30", "2019-12-24 22:30", True),
        ("2019-12-24 22:31", "2019-12-24 22:30", False),
        ("2019-12-24 22:31", "2019-12-24 22h", True),
        ("2019-12-24", "2019-12-23", False),
        ("2019-12-24", "2019", True),
        ("2020", "2019-12-31", False),
        ("", "2019", True),
        ("2019", "", True),
    ],
)
def test_only_a_surely_wrong_order_is_called_impossible(a, b, possible):
    assert could_be_before(parse(a, BERLIN), parse(b, BERLIN), BERLIN) is possible


@pytest.mark.parametrize(
    ("a", "b", "shown"),
    [
        ("2019-12-24 22:30", "2019-12-24 23:05", "35 min"),
        ("2019-12-24 22:30", "2019-12-24 23:50", "1 h 20 min"),
        ("2019-12-24 22:30", "2019-12-28 02:35", "3 d 4 h"),
        ("2019-12-24 22:30", "2019-12-24 23:30", "1 h"),
        ("2019-12-24 22:30", "2019-12-24 22:30", "under 1 min"),
        ("2019-12-24 23:00", "2019-12-27", "between 2 and 4 d"),
        ("2019-12-24", "2019-12-26 12:00", "between 1 and 3 d"),
        ("2019-12-24", "2019-12-24", "up to 1 d"),
        ("2019-12-24 22h", "2019-12-24 23:10", "between 10 and 70 min"),
        ("2019-12-24 22h", "2019-12-25 01:20", "between 2 and 4 h"),
        ("2019-12-24 22:30", "2019-12-25 03h", "between 4 and 6 h"),
        ("2019-12-24 23:40", "2019-12-25", "between 20 min and 25 h"),
        ("2019-03-30 12:00", "2019-03-31 12:00", "23 h"),
    ],
)
def test_a_duration_is_as_vague_as_its_ends(a, b, shown):
    assert human_duration(*duration_between(parse(a, BERLIN), parse(b, BERLIN), BERLIN)) == shown


@pytest.mark.parametrize(
    ("a", "b"), [("", "2019"), ("2019", ""), ("2019-12-24 22:30", "2019-12-24 22:29")]
)
def test_no_duration_of_what_is_unknown_or_backwards(a, b):
    assert duration_between(parse(a, BERLIN), parse(b, BERLIN), BERLIN) is None


def test_a_range_told_in_one_unit_is_about():
    assert human_duration(timedelta(minutes=30, seconds=30), timedelta(minutes=31)) == (
        "between 30 and 31 min"
    )


@pytest.mark.parametrize(
    ("moment", "precision"),
    [(None, "minute"), (at(2019, 1, 1), "unknown"), (datetime(2019, 1, 1), "year")],
    ids=["no start", "a start though unknown", "without an offset"],
)
def test_a_time_that_contradicts_itself_cannot_be_made(moment, precision):
    with pytest.raises(ValueError, match=r"\.$"):
        ApproximateTime(moment, Precision(precision))


@pytest.mark.parametrize(
    ("text", "before", "after", "read"),
    [
        ("2026-03-14 22:30", "UTC", "Europe/Berlin", "2026-03-14 22:30"),
        ("2026-03-14 22h", "Asia/Kathmandu", "Europe/Berlin", "2026-03-14 22h"),
        ("2026-03-14", "UTC", "America/New_York", "2026-03-14"),
        ("2026-03-14", "America/New_York", "Pacific/Auckland", "2026-03-14"),
        ("2026-03", "UTC", "America/New_York", "2026-03"),
        ("2026", "Asia/Kathmandu", "America/New_York", "2026"),
        # Midnight did not happen there: the day began at one.
        ("2018-11-04", "UTC", "America/Sao_Paulo", "2018-11-04"),
        # The second pass of an hour that both zones had twice stays the second.
        ("2026-10-25 02:30+01:00", "Europe/Berlin", "Europe/Paris", "2026-10-25 02:30+01:00"),
        # It was told apart by its offset; in a zone that had it once it needs none.
        ("2026-10-25 02:30+01:00", "Europe/Berlin", "UTC", "2026-10-25 02:30"),
        ("", "UTC", "Europe/Berlin", ""),
    ],
)
def test_read_again_in_another_zone_the_clock_keeps_what_it_showed(
    text: str, before: str, after: str, read: str
) -> None:
    old, new = ZoneInfo(before), ZoneInfo(after)
    moved = reread(parse(text, old), before=old, after=new)
    assert write(moved, new) == read
    assert moved == parse(read, new)


@pytest.mark.parametrize(
    ("text", "after", "said"),
    [
        ("2026-03-29 02:30", "Europe/Berlin", "did not happen there"),
        ("2026-03-29 02h", "Europe/Berlin", "did not happen there"),
        ("2011-12-30", "Pacific/Apia", "did not happen there"),
        ("2026-10-25 02:30", "Europe/Berlin", "happened twice"),
    ],
)
def test_what_the_other_clocks_did_not_show_just_once_is_not_read_there(
    text: str, after: str, said: str
) -> None:
    with pytest.raises(NotATime, match=said):
        reread(parse(text, UTC_ZONE), before=UTC_ZONE, after=ZoneInfo(after))
