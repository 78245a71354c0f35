"""Periods that are reviewed: a quarter, a half, a year, a month, or from one day to another.

A period is days of a calendar. Which moments they are, a zone says: days begin where its clocks do.
"""

import re
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from django.utils.translation import gettext, gettext_lazy

from incidents.lib.words.days import MONTHS, day_in_words
from incidents.lib.zones import first_moment

__all__ = [
    "UNDERSTOOD",
    "NotAPeriod",
    "Period",
    "day_begins",
    "day_in_words",
    "days_in_words",
    "period_between",
    "quarter_of",
    "read_period",
]

FIRST_YEAR, LAST_YEAR = 1970, 2199
MONTHS_IN_A_YEAR = 12
UNDERSTOOD = gettext_lazy(
    "Write 2026Q3 for a quarter, 2026H2 for a half, 2026 for a year, 2026-07 for a "
    "month, or 2026-07-01..2026-09-15 for the days from one to the other."
)
_SHAPE = re.compile(
    r"(?P<year>[0-9]{4})(?:(?P<part>[QH])(?P<number>[0-9])|-(?P<month>[0-9]{1,2}))?", re.IGNORECASE
)
_MONTHS_IN = {"Q": 3, "H": 6}
_HALVES = (gettext_lazy("First half of %(year)s"), gettext_lazy("Second half of %(year)s"))
_LONGEST_QUOTED = 40


class NotAPeriod(ValueError):
    """The text names no period; the message says what would."""


@dataclass(frozen=True)
class Period:
    """`starts` belongs to it, `ends` is the day after it. `key` is how an address names it."""

    key: str
    label: str
    starts: date
    ends: date

    @property
    def last_day(self) -> date:
        return self.ends - timedelta(days=1)

    @property
    def in_words(self) -> str:
        return days_in_words(self.starts, self.last_day)

    def moments(self, zone: ZoneInfo) -> tuple[datetime, datetime]:
        """From the first moment, in UTC, to the first one after it.

        A quarter in which the clocks are changed is an hour shorter or longer than its days.
        """
        return day_begins(self.starts, zone), day_begins(self.ends, zone)

    def previous(self, count: int) -> list["Period"]:
        """As many periods of the same kind before it, the latest first; fewer near 1970.

        Before days of one's own lie as many days.
        """
        periods: list[Period] = []
        period = self
        for _ in range(count):
            try:
                period = _before(period)
            except NotAPeriod:
                break
            periods.append(period)
        return periods


def read_period(text: str) -> Period:
    """Raises NotAPeriod. Right: "2026Q3", "2026-07-01..2026-09-15". Wrong: "Q3 2026"."""
    text = text.strip()
    if ".." in text:
        return _own(text)
    found = _SHAPE.fullmatch(text)
    if found is None:
        raise NotAPeriod(
            gettext("“%(text)s” is not a period that can be read. %(understood)s")
            % {"text": _shortened(text), "understood": UNDERSTOOD}
        )
    year = int(found["year"])
    _refuse_year(year)
    if found["part"]:
        return _part_of_year(year, found["part"].upper(), int(found["number"]))
    if found["month"]:
        month = int(found["month"])
        if not 1 <= month <= MONTHS_IN_A_YEAR:
            raise NotAPeriod(
                gettext("There is no month %(month)s: months go from 01 to 12.")
                % {"month": found["month"]}
            )
        return _month(year, month)
    return Period(str(year), str(year), date(year, 1, 1), date(year + 1, 1, 1))


def quarter_of(day: date) -> Period:
    return _part_of_year(day.year, "Q", (day.month + 2) // 3)


def period_between(starts: date, last_day: date) -> Period:
    """By its first and its last day. Raises NotAPeriod. A whole quarter is named as one."""
    if last_day < starts:
        raise NotAPeriod(
            gettext("%(last_day)s is before %(starts)s: give the earlier day first.")
            % {"last_day": last_day, "starts": starts}
        )
    _refuse_year(starts.year)
    _refuse_year(last_day.year)
    ends = last_day + timedelta(days=1)
    for period in _whole_ones(starts):
        if period.ends == ends:
            return period
    label = days_in_words(starts, last_day)
    return Period(f"{starts}..{last_day}", label, starts, ends)


def days_in_words(first: date, last: date) -> str:
    values = {"first": day_in_words(first), "last": day_in_words(last)}
    return gettext("%(first)s to %(last)s") % values


def day_begins(day: date, zone: ZoneInfo) -> datetime:
    """The first moment, in UTC, that the zone's clocks count to the day."""
    return first_moment(datetime(day.year, day.month, day.day), zone)  # noqa: DTZ001 (what clocks read)


def _part_of_year(year: int, part: str, number: int) -> Period:
    length = _MONTHS_IN[part]
    last = MONTHS_IN_A_YEAR // length
    if not 1 <= number <= last:
        says = (
            gettext("There is no %(part)s: a year has 4 quarters.")
            if part == "Q"
            else gettext("There is no %(part)s: a year has 2 halves.")
        )
        raise NotAPeriod(says % {"part": f"{part}{number}"})
    starts = date(year, (number - 1) * length + 1, 1)
    label = f"Q{number} {year}" if part == "Q" else str(_HALVES[number - 1]) % {"year": year}
    return Period(f"{year}{part}{number}", label, starts, _months_later(starts, length))


def _month(year: int, month: int) -> Period:
    starts = date(year, month, 1)
    label = f"{MONTHS[month - 1]} {year}"
    return Period(f"{starts:%Y-%m}", label, starts, _months_later(starts, 1))


def _own(text: str) -> Period:
    first, _, last = text.partition("..")
    try:
        starts, last_day = date.fromisoformat(first.strip()), date.fromisoformat(last.strip())
    except ValueError as error:
        raise NotAPeriod(
            gettext("“%(text)s” does not name two days that there are. %(understood)s")
            % {"text": _shortened(text), "understood": UNDERSTOOD}
        ) from error
    return period_between(starts, last_day)


def _whole_ones(starts: date) -> list[Period]:
    """The month, quarter, half and year that begin on this day."""
    if starts.day != 1:
        return []
    periods = [_month(starts.year, starts.month)]
    for part, length in _MONTHS_IN.items():
        if (starts.month - 1) % length == 0:
            periods.append(_part_of_year(starts.year, part, starts.month // length + 1))
    if starts.month == 1:
        periods.append(read_period(f"{starts.year:04}"))
    return periods


def _before(period: Period) -> Period:
    for whole in _whole_ones(period.starts):
        if whole == period:
            months = (period.ends.year - period.starts.year) * MONTHS_IN_A_YEAR
            months += period.ends.month - period.starts.month
            starts = _months_later(period.starts, -months)
            _refuse_year(starts.year)
            return period_between(starts, period.starts - timedelta(days=1))
    starts = period.starts - (period.ends - period.starts)
    _refuse_year(starts.year)
    # Also where these days happen to be a month: as many days as before.
    last_day = period.starts - timedelta(days=1)
    label = days_in_words(starts, last_day)
    return Period(f"{starts}..{last_day}", label, starts, period.starts)


def _months_later(day: date, months: int) -> date:
    month = day.month - 1 + months
    return day.replace(
        year=day.year + month // MONTHS_IN_A_YEAR, month=month % MONTHS_IN_A_YEAR + 1
    )


def _refuse_year(year: int) -> None:
    if not FIRST_YEAR <= year <= LAST_YEAR:
        raise NotAPeriod(
            gettext("Records are of %(FIRST_YEAR)s to %(LAST_YEAR)s; %(year)s is not.")
            % {"FIRST_YEAR": FIRST_YEAR, "LAST_YEAR": LAST_YEAR, "year": year}
        )


def _shortened(text: str) -> str:
    return text if len(text) <= _LONGEST_QUOTED else text[:_LONGEST_QUOTED] + "…"
