"""When an incident happened, as far as its times tell: for lists and figures of a period.

An incident happened when it began. Where that is not known, the first of its later times that is
known stands for it: detected, mitigated, resolved.
"""

from datetime import date, datetime, timedelta
from enum import Enum
from typing import Any
from zoneinfo import ZoneInfo

from django.db.models import Case, CharField, DateField, DateTimeField, F, Func, Q, Value, When
from django.db.models.functions import Coalesce

from incidents.lib.periods import Period
from incidents.lib.zones import zone_named
from incidents.models.editable import Precision

PHASES = ("began", "detected", "mitigated", "resolved")
EXACT = (Precision.MINUTE, Precision.HOUR)
A_YEAR = timedelta(days=366)
# No two clocks of the world are further apart.
TWO_DAYS = timedelta(days=2)


def happened_at(*, of: str = "") -> Coalesce:
    """`of` leads to the incident from another row: `incident__`."""
    return Coalesce(*(f"{of}{phase}_at" for phase in PHASES), output_field=DateTimeField())


def happened_precision() -> Case:
    known = [
        When(**{f"{phase}_at__isnull": False}, then=F(f"{phase}_precision")) for phase in PHASES
    ]
    return Case(*known, default=Value(Precision.UNKNOWN), output_field=CharField())


class DayThere(Func):
    """The day of a moment by the clocks of the zone that a column names."""

    output_field = DateField()

    def as_postgresql(self, compiler: Any, connection: Any, **more: Any) -> Any:
        template = "((%(expressions)s)::date)"
        return self.as_sql(
            compiler, connection, template=template, arg_joiner=" AT TIME ZONE ", **more
        )

    def as_sqlite(self, compiler: Any, connection: Any, **more: Any) -> Any:
        template = "django_datetime_cast_date(%(expressions)s, 'UTC')"
        return self.as_sql(compiler, connection, template=template, **more)


def first_days(period: Period) -> dict[Precision, tuple[date, date]]:
    """From which first day to which one a day, a month, a year lies in the period as a whole."""
    year, month = period.starts.year, period.starts.replace(day=1)
    if month < period.starts:
        month = (month + timedelta(days=31)).replace(day=1)
    if period.starts > period.starts.replace(month=1, day=1):
        year += 1
    last_month = (period.ends.replace(day=1) - timedelta(days=1)).replace(day=1)
    last_year = period.ends.replace(year=period.ends.year - 1, month=1, day=1)
    return {
        Precision.DAY: (period.starts, period.last_day),
        Precision.MONTH: (month, last_month),
        Precision.YEAR: (period.starts.replace(year=year, month=1, day=1), last_year),
    }


def happened_in(period: Period, zone: ZoneInfo) -> Q:
    """That an incident happened in the period; of rows that come `with_happened`.

    A time known to the minute or hour is a moment, and the zone says where the period's days begin.
    A day, a month or a year is of the calendar, whichever zone it was lived in: it has to lie in
    the period as a whole.
    """
    starts, ends = period.moments(zone)
    inside = Q(happened_precision__in=EXACT, happened_at__gte=starts, happened_at__lt=ends)
    for coarse, days in first_days(period).items():
        inside |= Q(happened_precision=coarse, happened_day__range=days)
    return near(period, zone) & inside


def happened_perhaps_in(period: Period, zone: ZoneInfo) -> Q:
    """That it may have happened in the period or not: its month or year is not all of it."""
    whole, month = first_days(period), period.starts.replace(day=1)
    overlapping = Q()
    for coarse, begin in ((Precision.MONTH, month), (Precision.YEAR, month.replace(month=1))):
        touching = Q(happened_day__gte=begin, happened_day__lt=period.ends)
        touching &= ~Q(happened_day__range=whole[coarse])
        overlapping |= Q(happened_precision=coarse) & touching
    return near(period, zone) & overlapping


class Placing(Enum):
    INSIDE = "inside"
    PERHAPS = "perhaps"
    OUTSIDE = "outside"


class Places:
    """`happened_in` and `happened_perhaps_in` for rows that were read already, of which thousands
    are soon looked through."""

    def __init__(self, period: Period, zone: ZoneInfo) -> None:
        self.starts, self.ends = (int(at.timestamp()) // 60 for at in period.moments(zone))
        self.days = {precision.value: days for precision, days in first_days(period).items()}
        month = period.starts.replace(day=1)
        touching = {Precision.DAY: period.starts, Precision.MONTH: month}
        touching[Precision.YEAR] = month.replace(month=1)
        self.touching = {precision.value: day for precision, day in touching.items()}
        self.last_day = period.last_day

    def __call__(self, minute: int, precision: str, time_zone: str) -> Placing:
        """`minute` is when it happened, counted from 1970 in UTC."""
        if precision not in self.days:
            return Placing.INSIDE if self.starts <= minute < self.ends else Placing.OUTSIDE
        day = datetime.fromtimestamp(minute * 60, zone_named(time_zone)).date()
        first, last = self.days[precision]
        if first <= day <= last:
            return Placing.INSIDE
        touches = self.touching[precision] <= day <= self.last_day
        return Placing.PERHAPS if touches else Placing.OUTSIDE


def touches(period: Period, zone: ZoneInfo) -> Q:
    """Hardly more than what happened in the period, surely or perhaps; and soon found."""
    starts, ends = period.moments(zone)
    exact = Q(happened_at__gte=starts, happened_at__lt=ends)
    return near(period, zone) & (exact | ~Q(happened_precision__in=EXACT))


def near(period: Period, zone: ZoneInfo) -> Q:
    """What an index can tell: nothing outside of it touches the period."""
    starts, ends = period.moments(zone)
    return Q(happened_at__gte=starts - A_YEAR - TWO_DAYS, happened_at__lt=ends + TWO_DAYS)
