"""A time axis: where a moment lies on it, and where its ticks stand."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from django.utils.translation import pgettext

from incidents.lib.words.days import SHORT_MONTHS
from incidents.lib.zones import clock_reading, first_moment

MOST_TICKS = 7
HALF_A_TEXT = 30
SHORTEST = timedelta(minutes=10)

_MINUTE, _HOUR, _DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)
STEPS = (
    *(_MINUTE * count for count in (1, 2, 5, 10, 15, 30)),
    *(_HOUR * count for count in (1, 2, 3, 6, 12)),
    *(_DAY * count for count in (1, 2, 7, 14)),
)
MONTH_STEPS = (1, 2, 3, 6, 12, 24, 60, 120, 240, 600)
_ABOUT_A_MONTH = timedelta(days=30)
_MONTHS_IN_A_YEAR = 12


@dataclass(frozen=True)
class Axis:
    start: datetime
    end: datetime
    left: float
    right: float

    def x(self, moment: datetime) -> float:
        """Moments outside of the axis lie on its ends."""
        share = (moment - self.start) / (self.end - self.start)
        return round(self.left + (self.right - self.left) * min(max(share, 0.0), 1.0), 1)


@dataclass(frozen=True)
class Tick:
    x: float
    text: str
    anchor: str
    """Which end of the text stands at the tick: "middle", but not at the axis's own ends."""


def axis_over(start: datetime, end: datetime, *, left: float, right: float) -> Axis:
    """An axis never shorter than ten minutes, with a little room at both ends."""
    lacking = max(SHORTEST - (end - start), timedelta(0))
    margin = (end - start + lacking) / 40 + lacking / 2
    return Axis(start - margin, end + margin, left, right)


def ticks_of(axis: Axis, zone: ZoneInfo) -> list[Tick]:
    """At most seven or so, on round clock readings of the zone; the day is told where it begins."""
    moments, shape = _moments(axis, zone)
    ticks: list[Tick] = []
    day = None
    for moment in moments:
        local = moment.astimezone(zone)
        text = _text(local, shape)
        if shape == "clock" and local.date() != day:
            text = f"{_text(local, 'day')}, {text}"
        day = local.date()
        ticks.append(Tick(axis.x(moment), text, _anchor(axis, axis.x(moment))))
    return ticks


def _anchor(axis: Axis, x: float) -> str:
    if x < axis.left + HALF_A_TEXT:
        return "start"
    return "end" if x > axis.right - HALF_A_TEXT else "middle"


def _moments(axis: Axis, zone: ZoneInfo) -> tuple[list[datetime], str]:
    length = axis.end - axis.start
    for step in STEPS:
        if length / step <= MOST_TICKS:
            shape = "clock" if step < _DAY else "day"
            return _every(step, axis, zone), shape
    months = next(
        (count for count in MONTH_STEPS if length / (_ABOUT_A_MONTH * count) <= MOST_TICKS),
        MONTH_STEPS[-1],
    )
    return _every_months(months, axis, zone), "month" if months < _MONTHS_IN_A_YEAR else "year"


def _every(step: timedelta, axis: Axis, zone: ZoneInfo) -> list[datetime]:
    """Multiples of the step, counted from a midnight of the zone's own clocks."""
    reading = clock_reading(axis.start, zone)
    midnight = reading.replace(hour=0, minute=0, second=0, microsecond=0)
    reading = midnight + (reading - midnight) // step * step
    moments: list[datetime] = []
    while (moment := first_moment(reading, zone)) <= axis.end:
        if moment >= axis.start and moment not in moments:
            moments.append(moment)
        reading += step
    return moments


def _every_months(count: int, axis: Axis, zone: ZoneInfo) -> list[datetime]:
    reading = clock_reading(axis.start, zone).replace(
        day=1, hour=0, minute=0, second=0, microsecond=0
    )
    month = (reading.year * _MONTHS_IN_A_YEAR + reading.month - 1) // count * count
    moments: list[datetime] = []
    while True:
        year, index = divmod(month, _MONTHS_IN_A_YEAR)
        moment = first_moment(reading.replace(year=year, month=index + 1), zone)
        if moment > axis.end:
            return moments
        if moment >= axis.start:
            moments.append(moment)
        month += count


def _text(local: datetime, shape: str) -> str:
    if shape == "clock":
        return f"{local:%H:%M}"
    if shape == "day":
        day = {"day": local.day, "month": SHORT_MONTHS[local.month - 1]}
        return pgettext("a day of any year", "%(day)s %(month)s") % day
    month = SHORT_MONTHS[local.month - 1]
    return f"{month} {local.year}" if shape == "month" else f"{local.year}"
