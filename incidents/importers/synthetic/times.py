"""When things happened: more every year, and each as exactly known as somebody noted it."""

from datetime import UTC, datetime, timedelta
from math import log
from typing import Any
from zoneinfo import ZoneInfo

from incidents.importers.synthetic.chance import Chance
from incidents.lib.periods import Period
from incidents.models import Precision

FIRST_DAY = datetime(2016, 1, 4, 7, 30, tzinfo=UTC)
LAST_DAY = datetime(2026, 1, 2, 18, 0, tzinfo=UTC)
"""Fixed, not today: the same seed gives the same archive next year."""
YEARLY_GROWTH = 1.35
"""Each year has that many times the incidents of the year before."""

COARSE: dict[Precision, dict[str, Any]] = {
    Precision.MINUTE: {},
    Precision.HOUR: {"minute": 0},
    Precision.DAY: {"minute": 0, "hour": 0},
    Precision.MONTH: {"minute": 0, "hour": 0, "day": 1},
    Precision.YEAR: {"minute": 0, "hour": 0, "day": 1, "month": 1},
}
KNOWN = {
    Precision.MINUTE: 80.0,
    Precision.HOUR: 7.0,
    Precision.DAY: 6.0,
    Precision.MONTH: 2.0,
    Precision.YEAR: 1.0,
    Precision.UNKNOWN: 4.0,
}


def moment_of(number: int, total: int, chance: Chance, *, period: Period | None = None) -> datetime:
    """When number so-and-so of `total` began: in order, but for a day or two."""
    share = (number + 0.5) / total
    if period is not None:
        starts, ends = period.moments(ZoneInfo("UTC"))
        return (starts + (ends - starts) * share).replace(second=0, microsecond=0)
    years = (LAST_DAY - FIRST_DAY).days / 365.25
    # The number of incidents up to a year grows as the year's power of the growth.
    year = log(1 + share * (YEARLY_GROWTH**years - 1)) / log(YEARLY_GROWTH)
    moment = FIRST_DAY + timedelta(days=365.25 * year, minutes=chance.randrange(-1000, 1000))
    return min(moment, LAST_DAY).replace(second=0, microsecond=0)


def known_as(name: str, moment: datetime, zone: ZoneInfo, chance: Chance) -> dict[str, Any]:
    """The pair of fields: the start of the minute, hour, day, … in the record's zone."""
    precision = chance.weighed(KNOWN)
    if precision == Precision.UNKNOWN:
        return {f"{name}_at": None, f"{name}_precision": precision}
    start = moment.astimezone(zone).replace(**COARSE[precision])
    return {f"{name}_at": start.astimezone(UTC), f"{name}_precision": precision}
