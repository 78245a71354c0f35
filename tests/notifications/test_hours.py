"""Nothing is sent at night, by the clocks of who would be woken."""

from datetime import UTC, datetime, time
from zoneinfo import ZoneInfo

import pytest

from incidents.models import QuietHours, Rhythm
from incidents.notifications.hours import due_at, is_between

NIGHT = QuietHours(begin=time(20), end=time(8))
BERLIN = ZoneInfo("Europe/Berlin")


def at(day: int, hour: int, minute: int = 0, *, month: int = 3) -> datetime:
    return datetime(2026, month, day, hour, minute, tzinfo=UTC)


@pytest.mark.parametrize(
    ("moment", "zone", "due"),
    [
        # By day, in Berlin until 20:00, which is 19:00 UTC.
        (at(14, 12), "Europe/Berlin", at(14, 12)),
        (at(14, 18, 59), "Europe/Berlin", at(14, 18, 59)),
        (at(14, 19, 0), "Europe/Berlin", at(15, 7)),
        (at(14, 2), "Europe/Berlin", at(14, 7)),
        (at(14, 7), "Europe/Berlin", at(14, 7)),
        (at(14, 12), "Asia/Tokyo", at(14, 23)),
        (at(14, 12), "America/New_York", at(14, 12)),
        # The night in which the clocks are put forward.
        (at(28, 22), "Europe/Berlin", at(29, 6)),
        # And back.
        (at(24, 22, month=10), "Europe/Berlin", at(25, 7, month=10)),
    ],
)
def test_what_happens_at_night_waits(moment: datetime, zone: str, due: datetime) -> None:
    assert due_at(Rhythm.AT_ONCE, at=moment, zone=ZoneInfo(zone), quiet=NIGHT) == due


def test_quiet_hours_that_are_off_hold_nothing_back() -> None:
    quiet = QuietHours(begin=time(20), end=time(8), are_on=False)

    assert due_at(Rhythm.AT_ONCE, at=at(14, 2), zone=BERLIN, quiet=quiet) == at(14, 2)
    # But the digest still comes in the morning.
    assert due_at(Rhythm.DAILY, at=at(14, 2), zone=BERLIN, quiet=quiet) == at(14, 7)


@pytest.mark.parametrize(
    ("rhythm", "moment", "due"),
    [
        (Rhythm.DAILY, at(14, 12), at(15, 7)),
        (Rhythm.DAILY, at(14, 6, 59), at(14, 7)),
        (Rhythm.DAILY, at(14, 7), at(15, 7)),
        # The 16th is a Monday.
        (Rhythm.WEEKLY, at(14, 12), at(16, 7)),
        (Rhythm.WEEKLY, at(16, 6), at(16, 7)),
        (Rhythm.WEEKLY, at(16, 7), at(23, 7)),
    ],
)
def test_a_digest_comes_in_the_morning(rhythm: Rhythm, moment: datetime, due: datetime) -> None:
    assert due_at(rhythm, at=moment, zone=BERLIN, quiet=NIGHT) == due


def test_a_clock_that_jumps_over_the_hour() -> None:
    """At 2:30 of 29 March Berlin's clocks read 3:30."""
    quiet = QuietHours(begin=time(20), end=time(2, 30))

    assert due_at(Rhythm.DAILY, at=at(28, 23), zone=BERLIN, quiet=quiet) == at(29, 1)


@pytest.mark.parametrize(
    ("clock", "begin", "end", "inside"),
    [
        (time(23), time(20), time(8), True),
        (time(8), time(20), time(8), False),
        (time(20), time(20), time(8), True),
        (time(12), time(20), time(8), False),
        (time(13), time(12), time(14), True),
        (time(14), time(12), time(14), False),
        (time(11, 59), time(12), time(14), False),
    ],
)
def test_the_night_has_midnight_in_it(clock: time, begin: time, end: time, inside: bool) -> None:
    assert is_between(clock, begin, end) is inside
