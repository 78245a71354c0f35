import re
import time
from datetime import date
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from incidents.lib.approximate_time import parse
from incidents.lib.pasted_timeline import (
    MAXIMUM_BYTES,
    MAXIMUM_EVENTS,
    PasteTooLarge,
    UnreadLine,
    read,
)

BERLIN = ZoneInfo("Europe/Berlin")
DAY = date(2026, 3, 1)


def only_event(text, day=DAY):
    reading = read(text, BERLIN, day=day)
    assert reading.unread == []
    (event,) = reading.events
    return event


def test_it_works():
    reading = read(
        "Notes of the call\n14:05 Alarm rings\non both phones\n\n14:20 - Ann drains the pool\n",
        BERLIN,
        day=DAY,
    )
    assert reading.unread == [UnreadLine(1, "Notes of the call")]
    first, second = reading.events
    assert (first.time_text, first.text) == ("2026-03-01 14:05", "Alarm rings\non both phones")
    assert (second.time_text, second.text) == ("2026-03-01 14:20", "Ann drains the pool")
    assert (first.line, second.line) == (2, 5)
    assert (first.doubt, second.doubt) == ("", "")
    assert first.at == parse(first.time_text, BERLIN).at
    assert first.precision == "minute"
    assert first.pasted == "14:05 Alarm rings\non both phones"


@pytest.mark.parametrize(
    ("line", "clock", "who", "text"),
    [
        ("14:05 Pool full", "14:05", "", "Pool full"),
        ("14:05 - Pool full", "14:05", "", "Pool full"),
        ("14:05 – Pool full", "14:05", "", "Pool full"),
        ("14:05: Pool full", "14:05", "", "Pool full"),
        ("14:05\tPool full", "14:05", "", "Pool full"),
        ("9:05 Pool full", "09:05", "", "Pool full"),
        ("14:05:33.250 Pool full", "14:05", "", "Pool full"),
        ("14:05 Alert: pool full", "14:05", "", "Alert: pool full"),
        ("14:05 DNS fails", "14:05", "", "DNS fails"),
        ("2:05 PM Pool full", "14:05", "", "Pool full"),
        ("2:05pm: Pool full", "14:05", "", "Pool full"),
        ("12:05 a.m. Pool full", "00:05", "", "Pool full"),
        ("12:05 PM Pool full", "12:05", "", "Pool full"),
        ("[14:05] Ann: pool full", "14:05", "Ann", "pool full"),
        ("[14:05] Ann Example: pool full", "14:05", "Ann Example", "pool full"),
        ("[14:05] pool is at 3: why?", "14:05", "", "pool is at 3: why?"),
        ("[14:05:33] <ann> pool full", "14:05", "ann", "pool full"),
        ("(14:05) pool full", "14:05", "", "pool full"),
        ("14:05 <ann> pool full", "14:05", "ann", "pool full"),
        ("- **14:05** Pool full", "14:05", "", "Pool full"),
        ("- **14:05**: Pool full", "14:05", "", "Pool full"),
        ("- **14:05:** Pool full", "14:05", "", "Pool full"),
        ("* 14:05 Pool full", "14:05", "", "Pool full"),
        ("1. 14:05 Pool full", "14:05", "", "Pool full"),
        ("> 14:05 Pool full", "14:05", "", "Pool full"),
        ("| 14:05 | Pool full |", "14:05", "", "Pool full"),
        ("| **14:05** | Ann | Pool full |", "14:05", "", "Ann | Pool full"),
        ("2026-03-01 14:05 Pool full", "14:05", "", "Pool full"),
        ("[2026-03-01 14:05] Ann: pool full", "14:05", "Ann", "pool full"),
        ("2026/03/01 14:05:33,123 Pool full", "14:05", "", "Pool full"),
        ("1 March 2026, 14:05 Pool full", "14:05", "", "Pool full"),
        ("Mar 1 14:05:33 Pool full", "14:05", "", "Pool full"),
        ("14:05-14:30 Pool full", "14:05", "", "-14:30 Pool full"),
        ("2026-03-01 14:05-15:00 Pool full", "14:05", "", "-15:00 Pool full"),
    ],
)
def test_each_shape_of_a_line_is_read(line, clock, who, text):
    event = only_event(line)
    assert (event.time_text, event.who, event.text) == (f"2026-03-01 {clock}", who, text)
    assert event.doubt == ""


@pytest.mark.parametrize(
    "line",
    [
        "Ann Example  2:05 PM",
        "Ann Example  [2:05 PM]",
        "Ann Example [14:05]",
        "Ann Example\t14:05",
        "Ann Example — 2:05 PM",
        "Ann Example — 2026-03-01 14:05",
    ],
)
def test_a_chat_copy_has_the_name_above_the_text(line):
    event = only_event(f"{line}\npool full\nstill")
    assert (event.time_text, event.who) == ("2026-03-01 14:05", "Ann Example")
    assert event.text == "pool full\nstill"


@pytest.mark.parametrize(("word", "day"), [("Today", "2026-03-01"), ("Yesterday", "2026-02-28")])
def test_today_is_the_day_given_and_said_so(word, day):
    event = only_event(f"Ann — {word} at 14:05\npool full")
    assert event.time_text == f"{day} 14:05"
    assert event.doubt == f"“{word}” was read as {day}."


@pytest.mark.parametrize(
    ("line", "time_text"),
    [
        ("14:05 UTC – text", "2026-03-01 15:05"),
        ("14:05Z text", "2026-03-01 15:05"),
        ("14:05 GMT text", "2026-03-01 15:05"),
        ("2026-03-01T14:05:33Z text", "2026-03-01 15:05"),
        ("2026-03-01T14:05:33.123+05:30 text", "2026-03-01 09:35"),
        ("2026-03-01 14:05 -0500 text", "2026-03-01 20:05"),
        ("2026-03-01T14:05-05:00 text", "2026-03-01 20:05"),
        ("14:05:33-05:00 text", "2026-03-01 20:05"),
        ("2026-03-01T23:30Z text", "2026-03-02 00:30"),
        ("14:05 UTC+02:00 text", "2026-03-01 13:05"),
    ],
)
def test_an_offset_is_converted_into_the_zone_of_the_record(line, time_text):
    event = only_event(line)
    assert (event.time_text, event.text, event.doubt) == (time_text, "text", "")


def test_an_abbreviation_is_read_as_local_and_doubted():
    event = only_event("14:05 PST text")
    assert (event.time_text, event.text) == ("2026-03-01 14:05", "text")
    assert event.doubt == "PST was not converted: read as Europe/Berlin."


def test_the_zones_own_abbreviation_is_no_doubt():
    assert only_event("14:05 CET text").doubt == ""


@pytest.mark.parametrize(
    "header",
    [
        "2026-03-01",
        "## 2026-03-01",
        "## 1 March 2026",
        "---- Monday, March 1st ----",
        "**Sunday, 1 March 2026**",
        "March 1, 2026:",
        "Mar 1st, 2026",
    ],
)
def test_a_date_on_its_own_line_is_the_day_below(header):
    reading = read(f"{header}\nWe met\n14:05 text", BERLIN, day=date(2026, 1, 31))
    (event,) = reading.events
    assert event.time_text == "2026-03-01 14:05"
    assert reading.day_lines == [UnreadLine(1, header)]
    assert reading.unread == [UnreadLine(2, "We met")]


def test_a_date_in_a_line_is_the_day_of_the_lines_below():
    reading = read("2026-03-05 14:05 one\n14:06 two", BERLIN, day=None)
    assert [event.time_text for event in reading.events] == ["2026-03-05 14:05", "2026-03-05 14:06"]


def test_passing_midnight_is_the_next_day_and_said_so():
    reading = read("23:50 one\n00:10 two\n00:05 three\n12:00 four", BERLIN, day=DAY)
    assert [event.time_text for event in reading.events] == [
        "2026-03-01 23:50",
        "2026-03-02 00:10",
        "2026-03-02 00:05",
        "2026-03-02 12:00",
    ]
    assert [event.doubt for event in reading.events] == [
        "",
        "Midnight has passed: read as the next day, 2026-03-02.",
        "",
        "",
    ]


def test_without_a_day_the_time_is_unknown_and_stays_in_the_text():
    event = only_event("[14:05] Ann: text", day=None)
    assert (event.time_text, event.at, event.precision) == ("", None, "unknown")
    assert (event.who, event.text) == ("Ann", "14:05 text")
    assert "day is missing" in event.doubt


@pytest.mark.parametrize(
    ("line", "doubt"),
    [
        ("2026-03-29 02:30 text", "went forward"),
        ("2026-10-25 02:30 text", "happened twice"),
        ("1969-03-01 14:05 text", "before 1970"),
        ("2026-02-30 14:05 text", "no such day"),
    ],
)
def test_a_time_that_cannot_be_is_kept_as_text_with_the_reason(line, doubt):
    event = only_event(line)
    assert event.time_text == ""
    assert event.text == line
    assert doubt in event.doubt


@pytest.mark.parametrize(
    "line",
    [
        "25:05 text",
        "14:65 text",
        "14:05ish",
        "10:20:30:40",
        "restarted at 14:05",
        "1:1 odds",
        "a:b",
    ],
)
def test_what_is_no_time_continues_the_event_above(line):
    event = only_event(f"14:05 first\n{line}")
    assert event.text == f"first\n{line}"


def test_a_time_without_a_text_is_doubted():
    assert only_event("14:05").doubt == "There is no text to this time."


def test_a_table_with_its_head():
    reading = read(
        "| time | what |\n|------|:-----|\n| 14:05 | one |\n| 14:06 | two |", BERLIN, day=DAY
    )
    assert [event.text for event in reading.events] == ["one", "two"]
    assert [unread.line for unread in reading.unread] == [1, 2]


def test_line_ends_of_every_system_count_alike():
    reading = read("14:05 a\r\n14:06 b\r14:07 c\n", BERLIN, day=DAY)
    assert [(event.line, event.text) for event in reading.events] == [(1, "a"), (2, "b"), (3, "c")]


def test_a_megabyte_is_the_most():
    read("ä" * (MAXIMUM_BYTES // 2), BERLIN, day=DAY)
    with pytest.raises(PasteTooLarge, match="1,000,002 bytes"):
        read("ä" * (MAXIMUM_BYTES // 2 + 1), BERLIN, day=DAY)


def test_too_many_events_are_refused():
    assert len(read("14:05 a\n" * MAXIMUM_EVENTS, BERLIN, day=DAY).events) == MAXIMUM_EVENTS
    with pytest.raises(PasteTooLarge, match="more than 2,000 events"):
        read("14:05 a\n" * (MAXIMUM_EVENTS + 1), BERLIN, day=DAY)


@pytest.mark.parametrize("ending", ["", "x", "\n"])
@pytest.mark.parametrize(
    "piece",
    ["1", ":", "1:", "[", "]", " ", "\t", "- ", "*", "|", "| ", "<", "a ", "14:05", "14:05 ", "#",
     "1 ", "—", "a — ", "March ", "[14:05] a:", "a\n", ": \n", "1:\n", "\0"],
)  # fmt: skip
def test_a_hostile_line_costs_no_more_than_its_length(piece, ending):
    text = piece * (100_000 // len(piece)) + ending
    began = time.process_time()
    read(text, BERLIN, day=DAY)
    # Not how fast it is: what went over each line again for each of its signs would take minutes.
    assert time.process_time() - began < 10


WORDS = st.sampled_from(
    ["14:05", "[14:05]", "2:05 PM", "2026-03-01", "T", "Z", "UTC", "PST", "+01:00", "ann:", "<ann>",
     "|", "-", "**", "—", "Today at", "text", "pool", "  ", "\n", "\n\n", "March 1st", "1969-01-01",
     "9999-12-31", "0001-01-01"]
)  # fmt: skip
PASTES = st.one_of(st.text(), st.lists(WORDS).map(" ".join), st.lists(WORDS).map("".join))
DAYS = st.one_of(st.none(), st.dates())


@given(PASTES, DAYS)
def test_no_word_is_lost(text, day):
    reading = read(text, BERLIN, day=day)
    lines = [line for event in reading.events for line in event.pasted.split("\n")]
    lines += [unread.text for unread in [*reading.unread, *reading.day_lines]]
    assert sorted(" ".join(lines).split()) == sorted(text.split())


# What a stamp may consist of is told by the time; all other words must be shown.
_OF_A_STAMP = re.compile(
    r"\W+|[\d_:.+-]+|am|pm|[tz]|utc|gmt|pst|today|yesterday|at|march|st", re.IGNORECASE
)


@given(st.lists(WORDS).map(" ".join), DAYS)
def test_every_word_but_the_time_is_shown(text, day):
    reading = read(text, BERLIN, day=day)
    shown = " ".join(f"{event.who} {event.text}" for event in reading.events)
    shown += " ".join(unread.text for unread in [*reading.unread, *reading.day_lines])
    for word in set(re.findall(r"[A-Za-z]+", text)):
        if not _OF_A_STAMP.fullmatch(word):
            assert shown.count(word) == text.count(word)


@given(PASTES, DAYS)
def test_the_time_text_is_what_the_time_box_would_read(text, day):
    for event in read(text, BERLIN, day=day).events:
        time_read = parse(event.time_text, BERLIN)
        assert (time_read.at, time_read.precision) == (event.at, event.precision)
