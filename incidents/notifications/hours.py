"""When something may be sent to a person: at once, in the morning, on Monday."""

from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

from incidents.lib.zones import clock_reading, first_moment
from incidents.models import QuietHours, Rhythm

MONDAY = 0


def due_at(rhythm: str, *, at: datetime, zone: ZoneInfo, quiet: QuietHours) -> datetime:
    """When what happens at `at` is sent to somebody who lives by these clocks.

    Nothing that we tell is worth waking anybody: in quiet hours all of it waits for their end. A
    digest comes when they end, a weekly one on Mondays.
    """
    if rhythm == Rhythm.WEEKLY:
        return next_reading(quiet.end, after=at, zone=zone, weekday=MONDAY)
    waits = quiet.are_on and is_between(clock_reading(at, zone).time(), quiet.begin, quiet.end)
    if rhythm == Rhythm.DAILY or waits:
        return next_reading(quiet.end, after=at, zone=zone)
    return at


def is_between(clock: time, begin: time, end: time) -> bool:
    """From 20:00 until 8:00 there is midnight in between."""
    if begin < end:
        return begin <= clock < end
    return clock >= begin or clock < end


def next_reading(
    clock: time, *, after: datetime, zone: ZoneInfo, weekday: int | None = None
) -> datetime:
    """The first moment after `after` at which the zone's clocks read this or, where they jump over
    it, more. Monday is 0."""
    today = clock_reading(after, zone).date()
    for ahead in range(9):
        day = today + timedelta(days=ahead)
        moment = first_moment(datetime.combine(day, clock), zone)
        if moment > after and weekday in {None, day.weekday()}:
            return moment
    raise AssertionError("Every clock reads everything within nine days.")  # pragma: no cover
