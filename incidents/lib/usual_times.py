"""Times as other programs and people write them, where `approximate_time` knows one shape.

What is written leaves no doubt, or is refused: a guess would be kept as a fact.
"""

import re
from collections.abc import Iterable
from datetime import UTC, datetime
from enum import StrEnum
from zoneinfo import ZoneInfo

from django.utils.translation import gettext

from incidents.lib.approximate_time import (
    UNDERSTOOD,
    UNKNOWN,
    ApproximateTime,
    NotATime,
    Precision,
    parse,
)

LONGEST = 60
"""Characters of a time."""

_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_MONTH = r"(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]{0,6}\.?"
_DAY = r"[0-9]{1,2}(?:st|nd|rd|th)?"
_YEAR = r"(?P<year>[0-9]{2}|[0-9]{4})"
_DATES = (
    r"(?P<year>[0-9]{4})(?:[-/.](?P<month>[0-9]{1,2})(?:[-/.](?P<day>[0-9]{1,2}))?)?",
    rf"(?P<day>{_DAY})[-/. ]{{1,2}}(?:of )?(?P<name>{_MONTH})[-/, ]{{1,2}}{_YEAR}",
    rf"(?P<name>{_MONTH}) (?P<day>{_DAY}),? (?P<year>[0-9]{{4}})",
    rf"(?P<name>{_MONTH}),? (?P<year>[0-9]{{4}})",
    rf"(?P<first>[0-9]{{1,2}})(?P<mark>[-/.])(?P<second>[0-9]{{1,2}})(?P=mark){_YEAR}",
)
_WEEKDAY = r"(?:(?:mon|tue|wed|thu|fri|sat|sun)[a-z]{0,6}\.?,? )?"
_CLOCK = (
    r"(?:(?:T|,? {1,3}(?:at )?)(?P<hour>[0-9]{1,2})"
    r"(?:(?P<colon>:)(?P<minute>[0-9]{2})(?::[0-9]{2}(?:[.,][0-9]{1,9})?)?)?"
    r"(?: ?(?P<half>[ap])\.?m\.?| ?(?P<h>h))?"
    r"(?: ?(?P<offset>Z|UTC|GMT|(?:UTC|GMT)?[+-][0-9]{2}(?::?[0-9]{2})?))?)?"
)
_SHAPES = tuple(re.compile(_WEEKDAY + date + _CLOCK, re.IGNORECASE | re.ASCII) for date in _DATES)
_NUMBERS = re.compile(r"\s*(?P<first>[0-9]{1,2})[-/](?P<second>[0-9]{1,2})[-/][0-9]{2,4}(?![0-9])")
_MONTHS_OF_A_YEAR = 12
_NOON = 12
_CENTURY_TURNS = 70
_LAST_SECOND = 7_258_118_400
"""The end of the last year that is kept."""


class Order(StrEnum):
    """How dates in three numbers are meant, which do not begin with the year."""

    DAY_FIRST = "day first"
    MONTH_FIRST = "month first"


def order_of(texts: Iterable[str]) -> Order | None:
    """How the dates of one column are meant: some of them leave no doubt, and none contradicts."""
    found = set()
    for text in texts:
        numbers = _NUMBERS.match(text)
        if numbers and int(numbers["first"]) > _MONTHS_OF_A_YEAR:
            found.add(Order.DAY_FIRST)
        if numbers and int(numbers["second"]) > _MONTHS_OF_A_YEAR:
            found.add(Order.MONTH_FIRST)
    return found.pop() if len(found) == 1 else None


def read_usual(text: str, zone: ZoneInfo, order: Order | None = None) -> ApproximateTime:
    """Raises NotATime. Seconds are left out: a minute is the finest that is kept.

    Right: "24 Dec 2019 10:30 PM", "12/24/2019", "2019-12-24T22:30:59.123+0100".
    Wrong: "03/04/2019" where no order is given, "22:30 PST".
    """
    text = " ".join(text.split())
    if len(text) <= LONGEST:
        if text.lower() in ("", "?", "unknown", "n/a", "none", "null", "-"):
            return UNKNOWN
        for shape in _SHAPES:
            found = shape.fullmatch(text)
            if found:
                return parse(_plain(found, order), zone)
    shown = text if len(text) <= LONGEST else f"{text[:LONGEST]}…"
    raise NotATime(
        gettext("“%(text)s” is not a time that can be read. %(understood)s")
        % {"text": shown, "understood": UNDERSTOOD}
    )


def moment(seconds: float) -> ApproximateTime:
    """Seconds since 1970, as programs keep them; 0 is how they say that there is none.

    Raises NotATime.
    """
    if not 0 <= seconds < _LAST_SECOND:
        raise NotATime(
            gettext("%(seconds)s is not a number of seconds since 1970.")
            % {"seconds": f"{seconds:.0f}"}
        )
    if seconds == 0:
        return UNKNOWN
    at = datetime.fromtimestamp(int(seconds) // 60 * 60, UTC)
    return ApproximateTime(at, Precision.MINUTE)


def _plain(found: re.Match[str], order: Order | None) -> str:
    """The text as `parse` reads it. Raises NotATime."""
    parts = found.groupdict()
    year = int(parts["year"])
    if len(parts["year"]) < len("2019"):
        year += 2000 if year < _CENTURY_TURNS else 1900
    month, day = _month_and_day(parts, order)
    if parts["hour"] is None:
        return "-".join([f"{year:04}", *(f"{part:02}" for part in (month, day) if part)])
    if not day or not (parts["colon"] or parts["half"] or parts["h"]):
        raise NotATime(
            gettext("“%(text)s” is not a time that can be read. %(understood)s")
            % {"text": found[0], "understood": UNDERSTOOD}
        )
    clock = f"{_hour(parts):02}:{parts['minute']}" if parts["minute"] else f"{_hour(parts):02}h"
    return f"{year:04}-{month:02}-{day:02} {clock}{_offset(parts['offset'])}"


def _month_and_day(parts: dict[str, str], order: Order | None) -> tuple[int, int]:
    """0 for what is not told. Raises NotATime."""
    if parts.get("name"):
        month = _MONTHS.index(parts["name"][:3].lower()) + 1
        return month, int(re.sub(r"\D", "", parts.get("day") or "0"))
    if not parts.get("first"):
        return int(parts["month"] or 0), int(parts["day"] or 0)
    first, second = int(parts["first"]), int(parts["second"])
    if parts["mark"] == "." or first > _MONTHS_OF_A_YEAR:
        return second, first
    if second > _MONTHS_OF_A_YEAR or first == second or order is Order.MONTH_FIRST:
        return first, second
    if order is Order.DAY_FIRST:
        return second, first
    raise NotATime(
        gettext(
            "Whether %(first)s%(mark)s%(second)s is a month and a day or a day and a month, "
            "nothing tells. Write the year first."
        )
        % {"first": first, "mark": parts["mark"], "second": second}
    )


def _hour(parts: dict[str, str]) -> int:
    """Raises NotATime."""
    hour = int(parts["hour"])
    if not parts["half"]:
        return hour
    if not 1 <= hour <= _NOON:
        raise NotATime(
            gettext("There is no %(hour)s %(half)s: it goes from 1 to 12.")
            % {"hour": hour, "half": f"{parts['half'].lower()}m"}
        )
    return hour % _NOON + (_NOON if parts["half"].lower() == "p" else 0)


def _offset(text: str | None) -> str:
    if not text:
        return ""
    text = text.upper().removeprefix("UTC").removeprefix("GMT")
    if text in ("", "Z"):
        return "Z"
    return text if ":" in text else f"{text[:3]}:{text[3:] or '00'}"
