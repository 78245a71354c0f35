"""Times that are known to the minute, to the hour, to the day, month or year, or not at all.

People type one text, and what they type is the precision: "2019-12" is a month and claims no more.
A time is kept as the start, in UTC, of the period that it names *as lived in the record's zone*.
The zone is therefore part of reading it: a record that moves to another zone has each of its times
`reread` there.
"""

import re
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, timezone
from enum import StrEnum
from typing import NoReturn
from zoneinfo import ZoneInfo

from django.utils.translation import gettext, gettext_lazy

from incidents.lib.words.days import MONTHS, SHORT_MONTHS, day_in_words
from incidents.lib.words.durations import human_duration
from incidents.lib.zones import ZONE_NAMES, NoSuchZone, first_moment, happens_twice, zone_named

__all__ = [
    "UNKNOWN",
    "ZONE_NAMES",
    "ApproximateTime",
    "NoSuchZone",
    "NotATime",
    "Precision",
    "could_be_before",
    "duration_between",
    "human",
    "human_duration",
    "parse",
    "period",
    "reread",
    "write",
    "zone_named",
]

FIRST_YEAR = 1970
LAST_YEAR = 2199

UNDERSTOOD = gettext_lazy(
    "Write 2019, 2019-12, 2019-12-24, 2019-12-24 22h or 2019-12-24 22:30, as "
    "precisely as it is known, or leave it empty if it is not."
)

_SHAPE = re.compile(
    r"(?P<year>[0-9]{4})"
    r"(?:-(?P<month>[0-9]{1,2})"
    r"(?:-(?P<day>[0-9]{1,2})"
    r"(?:(?:T| {1,3})(?P<hour>[0-9]{1,2})"
    r"(?: ?h|:(?P<minute>[0-9]{2})(?::(?P<second>[0-9]{2}(?:\.[0-9]{1,9})?))?)"
    r"(?: ?(?P<offset>Z|[+-][0-9]{2}:[0-9]{2}))?"
    r")?)?)?",
    re.IGNORECASE,
)
_UNKNOWN = frozenset({"", "?", "unknown"})
_HIGHEST = {"hour": 23, "minute": 59}

_MINUTE = timedelta(minutes=1)
_HOUR = timedelta(hours=1)
_DAY = timedelta(days=1)


class NotATime(ValueError):
    """The text names no time in the zone; the message says what would."""


class Precision(StrEnum):
    """Finest first."""

    MINUTE = "minute"
    HOUR = "hour"
    DAY = "day"
    MONTH = "month"
    YEAR = "year"
    UNKNOWN = "unknown"


# Months and years have no fixed length, and no clock ever jumped over one.
_CLOCK = frozenset({Precision.MINUTE, Precision.HOUR})
_STEP = {Precision.MINUTE: _MINUTE, Precision.HOUR: _HOUR, Precision.DAY: _DAY}


@dataclass(frozen=True)
class ApproximateTime:
    """`at` is the start of the period, in UTC; None exactly when the time is unknown."""

    at: datetime | None
    precision: Precision

    def __post_init__(self) -> None:
        if (self.at is None) != (self.precision is Precision.UNKNOWN):
            raise ValueError(
                gettext("A time has a start unless it is unknown, and only then none.")
            )
        if self.at is not None and self.at.tzinfo is None:
            raise ValueError(gettext("The start of a time must say its offset from UTC."))


UNKNOWN = ApproximateTime(None, Precision.UNKNOWN)


def parse(text: str, zone: ZoneInfo) -> ApproximateTime:
    """Raises NotATime. An offset makes an hour or minute absolute, whatever the zone.

    Right: "2019-12-24 22h", "2019-12-24T22:30:00+01:00". Wrong: "24.12.2019", "2019-12-24 22".
    """
    text = text.strip()
    if text.lower() in _UNKNOWN:
        return UNKNOWN
    found = _SHAPE.fullmatch(text)
    if found is None:
        raise NotATime(
            gettext("“%(text)s” is not a time that can be read. %(understood)s")
            % {"text": _shortened(text), "understood": UNDERSTOOD}
        )
    _refuse_year(int(found["year"]))
    if float(found["second"] or 0):
        raise NotATime(
            gettext("A minute is the finest that is kept: leave out the :%(second)s.")
            % {"second": found["second"]}
        )
    precision, naive = _precision(found), _naive(found)
    if found["offset"]:
        return ApproximateTime(_absolute(naive, found["offset"], precision, zone), precision)
    return ApproximateTime(_as_lived(naive, precision, zone), precision)


def write(time: ApproximateTime, zone: ZoneInfo) -> str:
    """The text that `parse` reads as this very time; it bears an offset where it has to."""
    if time.at is None:
        return ""
    local = time.at.astimezone(zone)
    if time.precision is Precision.YEAR:
        return f"{local:%Y}"
    if time.precision is Precision.MONTH:
        return f"{local:%Y-%m}"
    if time.precision is Precision.DAY:
        return f"{local:%Y-%m-%d}"
    shape = "%Y-%m-%d %Hh" if time.precision is Precision.HOUR else "%Y-%m-%d %H:%M"
    naive = _floor(local, time.precision)
    return local.strftime(shape) + (_offset(local) if happens_twice(naive, zone) else "")


def reread(time: ApproximateTime, *, before: ZoneInfo, after: ZoneInfo) -> ApproximateTime:
    """What the clocks of `before` showed, as a time of `after`: a whole day stays that whole day.

    Raises NotATime where the clocks of `after` never showed it, or showed it twice and those of
    `before` did not: which of both was meant, nobody has said.
    """
    if time.at is None:
        return time
    local = time.at.astimezone(before)
    naive = _floor(local, time.precision)
    if happens_twice(naive, before) and happens_twice(naive, after):
        pass_ = naive.replace(fold=local.fold) if time.precision in _CLOCK else naive
        return ApproximateTime(first_moment(pass_, after), time.precision)
    return ApproximateTime(_as_lived(naive, time.precision, after), time.precision)


def human(time: ApproximateTime, zone: ZoneInfo) -> str:
    """For reading, not for parsing: "24 Dec 2019, 22:30 CET"."""
    if time.at is None:
        return gettext("time unknown")
    local = time.at.astimezone(zone)
    if time.precision is Precision.YEAR:
        return f"{local.year}"
    if time.precision is Precision.MONTH:
        return f"{MONTHS[local.month - 1]} {local.year}"
    day = day_in_words(local, SHORT_MONTHS)
    if time.precision is Precision.DAY:
        return day
    if time.precision is Precision.HOUR:
        return gettext("%(day)s, about %(hour)s h") % {"day": day, "hour": local.hour}
    return f"{day}, {local:%H:%M} {_zone_name(local)}"


def period(time: ApproximateTime, zone: ZoneInfo) -> tuple[datetime, datetime] | None:
    """From the first moment, in UTC, to the first one after it; None if unknown.

    A day is as long as it was in the zone: 23 or 25 hours when the clocks were changed.
    """
    if time.at is None:
        return None
    if time.precision is Precision.MINUTE:
        return time.at, time.at + _MINUTE
    local = time.at.astimezone(zone)
    start = _floor(local, time.precision)
    fold = local.fold if time.precision is Precision.HOUR else 0
    end = first_moment(_following(start, time.precision).replace(fold=fold), zone)
    if time.precision is Precision.HOUR and fold == 0 and happens_twice(start, zone):
        # The first pass ends where the clocks go back, long before they read the next hour.
        end = min(end, time.at + _HOUR)
    return time.at, end


def could_be_before(a: ApproximateTime, b: ApproximateTime, zone: ZoneInfo) -> bool:
    """Whether a moment of `a` precedes one of `b`: false only where the order is surely wrong."""
    a_period, b_period = period(a, zone), period(b, zone)
    return a_period is None or b_period is None or a_period[0] < b_period[1]


def duration_between(
    a: ApproximateTime, b: ApproximateTime, zone: ZoneInfo
) -> tuple[timedelta, timedelta] | None:
    """The shortest and the longest time from `a` to `b`.

    None if either is unknown, or if `b` was surely before `a`. Minutes count as exact: nobody
    wants to read that from 14:00 to 14:35 it took 34 to 36 minutes.
    """
    a_span, b_span = _span(a, zone), _span(b, zone)
    if a_span is None or b_span is None:
        return None
    longest = b_span[1] - a_span[0]
    if longest < timedelta(0):
        return None
    return max(timedelta(0), b_span[0] - a_span[1]), longest


def _precision(found: re.Match[str]) -> Precision:
    for precision in (Precision.MINUTE, Precision.HOUR, Precision.DAY, Precision.MONTH):
        if found[precision.value] is not None:
            return precision
    return Precision.YEAR


def _naive(found: re.Match[str]) -> datetime:
    """The clock reading at the start of the period. Raises NotATime for 30 February and 25 h."""
    year, month, day = (int(found[part] or 1) for part in ("year", "month", "day"))
    if not 1 <= month <= len(MONTHS):
        raise NotATime(
            gettext("There is no month %(month)s: months go from 01 to 12.")
            % {"month": found["month"]}
        )
    last = (_following(datetime(year, month, 1), Precision.MONTH) - timedelta(days=1)).day  # noqa: DTZ001
    if not 1 <= day <= last:
        raise NotATime(
            gettext("%(month)s %(year)s has no day %(day)s: it has %(last)s.")
            % {"month": MONTHS[month - 1], "year": year, "day": found["day"], "last": last}
        )
    for part, highest in _HIGHEST.items():
        if int(found[part] or 0) > highest:
            says = {
                "hour": gettext("There is no hour %(number)s: hours go from 00 to %(highest)s."),
                "minute": gettext(
                    "There is no minute %(number)s: minutes go from 00 to %(highest)s."
                ),
            }
            raise NotATime(says[part] % {"number": found[part], "highest": highest})
    return datetime(year, month, day, int(found["hour"] or 0), int(found["minute"] or 0))  # noqa: DTZ001


def _absolute(naive: datetime, offset: str, precision: Precision, zone: ZoneInfo) -> datetime:
    try:
        delta = datetime.strptime(offset.upper(), "%z").utcoffset()
        moment = naive.replace(tzinfo=timezone(delta or timedelta(0))).astimezone(UTC)
    except ValueError as error:
        raise NotATime(
            gettext("There is no offset %(offset)s: write it like +01:00, or Z.")
            % {"offset": offset}
        ) from error
    local = moment.astimezone(zone)
    _refuse_year(local.year)
    if precision is Precision.HOUR and local.minute:
        raise NotATime(
            gettext(
                "%(naive)sh at %(offset)s is not a whole hour in %(key)s, where it began at "
                "%(local)s. Write the minutes as well."
            )
            % {"naive": f"{naive:%H}", "offset": offset, "key": zone.key, "local": f"{local:%H:%M}"}
        )
    # A few zones had offsets with seconds until 1972; a minute begins with the zone's own clock.
    return moment - timedelta(seconds=local.second)


def _as_lived(naive: datetime, precision: Precision, zone: ZoneInfo) -> datetime:
    """The first moment of the period that the zone's clocks really showed."""
    start = first_moment(naive, zone)
    if start.astimezone(zone).replace(tzinfo=None) >= _following(naive, precision):
        _refuse_skipped(naive, start, precision, zone)
    if precision in _CLOCK and happens_twice(naive, zone):
        _refuse_repeated(naive, precision, zone)
    return start


def _refuse_year(year: int) -> None:
    if year < FIRST_YEAR:
        raise NotATime(
            gettext("Times before %(FIRST_YEAR)s cannot be recorded; this is in %(year)s.")
            % {"FIRST_YEAR": FIRST_YEAR, "year": year}
        )
    if year > LAST_YEAR:
        raise NotATime(
            gettext("Times after %(LAST_YEAR)s cannot be recorded; this is in %(year)s.")
            % {"LAST_YEAR": LAST_YEAR, "year": year}
        )


def _refuse_skipped(
    naive: datetime, resumed: datetime, precision: Precision, zone: ZoneInfo
) -> NoReturn:
    after = resumed.astimezone(zone).replace(tzinfo=None)
    gap_began = (resumed - timedelta(microseconds=1)).astimezone(zone).replace(tzinfo=None)
    before = ApproximateTime(resumed - _STEP[precision], precision)
    later = ApproximateTime(resumed, precision)
    nearest = before if naive - gap_began < after - naive else later
    raise NotATime(
        gettext(
            "The clocks in %(key)s went forward over this time, so it did not happen there. "
            "The nearest that did is %(write)s."
        )
        % {"key": zone.key, "write": write(nearest, zone)}
    )


def _refuse_repeated(naive: datetime, precision: Precision, zone: ZoneInfo) -> NoReturn:
    first, second = (
        write(
            ApproximateTime(naive.replace(tzinfo=zone, fold=fold).astimezone(UTC), precision), zone
        )
        for fold in (0, 1)
    )
    raise NotATime(
        gettext(
            "The clocks in %(key)s went back over this time, so it happened twice. Write "
            "%(first)s for the first or %(second)s for the second."
        )
        % {"key": zone.key, "first": first, "second": second}
    )


def _floor(local: datetime, precision: Precision) -> datetime:
    """The clock reading at the start of the period, without its zone."""
    naive = local.replace(tzinfo=None, second=0, microsecond=0, fold=0)
    if precision is Precision.MINUTE:
        return naive
    naive = naive.replace(minute=0)
    if precision is Precision.HOUR:
        return naive
    naive = naive.replace(hour=0)
    if precision is Precision.DAY:
        return naive
    naive = naive.replace(day=1)
    return naive if precision is Precision.MONTH else naive.replace(month=1)


def _following(naive: datetime, precision: Precision) -> datetime:
    """The clock reading at which the next period of this precision begins."""
    if precision is Precision.YEAR:
        return naive.replace(year=naive.year + 1)
    if precision is Precision.MONTH:
        return (naive + timedelta(days=31)).replace(day=1)
    return naive + _STEP[precision]


def _offset(local: datetime) -> str:
    text = local.strftime("%z")
    return f"{text[:3]}:{text[3:5]}"


def _zone_name(local: datetime) -> str:
    name = local.tzname() or ""
    return name if name.isalpha() else f"UTC{_offset(local)}"


def _shortened(text: str) -> str:
    limit = 40
    return text if len(text) <= limit else text[:limit] + "…"


def _span(time: ApproximateTime, zone: ZoneInfo) -> tuple[datetime, datetime] | None:
    if time.at is not None and time.precision is Precision.MINUTE:
        return time.at, time.at
    return period(time, zone)
