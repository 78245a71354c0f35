"""Events out of a pasted chat log, or out of a list of lines that begin with times.

What cannot be placed is said beside the event, as a doubt, and never guessed in silence; what
cannot be read is handed back line by line. Nothing that was pasted is lost.
"""

import re
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from django.utils.translation import gettext

from incidents.lib.approximate_time import UNKNOWN, NotATime, Precision, parse, write
from incidents.lib.timeline_shapes import Stamp, TimedLine, as_date, day_line, timed_line

MAXIMUM_BYTES = 1_000_000
MAXIMUM_EVENTS = 2_000

_LINE_END = re.compile(r"\r\n|\r|\n")
_TABLE_RULE = re.compile(r"\|[ :|-]+")
_HALF_A_DAY = 12 * 60


class PasteTooLarge(ValueError):
    """The text has more than MAXIMUM_BYTES, or more than MAXIMUM_EVENTS were found in it."""


@dataclass(frozen=True)
class FoundEvent:
    """`time_text` is what approximate_time.parse reads as `at`; "" if the time is not known.

    `line` counts from 1; `pasted` holds the event's lines as they were, seconds and all.
    """

    time_text: str
    at: datetime | None
    precision: Precision
    who: str
    text: str
    line: int
    doubt: str
    pasted: str


@dataclass(frozen=True)
class UnreadLine:
    line: int
    text: str


@dataclass(frozen=True)
class Reading:
    """`day_lines` were read as the date of the events below them."""

    events: list[FoundEvent]
    unread: list[UnreadLine]
    day_lines: list[UnreadLine]


def read(text: str, zone: ZoneInfo, *, day: date | None) -> Reading:
    """The events in the order of the text. `day` is that of the first line, where it is known.

    Raises PasteTooLarge.
    """
    size = len(text.encode("utf-8", "surrogatepass"))
    if size > MAXIMUM_BYTES:
        raise PasteTooLarge(
            gettext(
                "The text has %(size)s bytes; %(MAXIMUM_BYTES)s are the most. Paste it in parts."
            )
            % {"size": f"{size:,}", "MAXIMUM_BYTES": f"{MAXIMUM_BYTES:,}"}
        )
    reader = _Reader(zone, day)
    for number, line in enumerate(_LINE_END.split(text), start=1):
        reader.take(number, line)
    return reader.reading()


@dataclass
class _Draft:
    """An event whose lines are still being collected."""

    line: int
    time_text: str
    at: datetime | None
    precision: Precision
    who: str
    texts: list[str]
    doubts: list[str]
    pasted: list[str]

    def event(self) -> FoundEvent:
        text = "\n".join(self.texts).strip()
        doubts = self.doubts if text else [*self.doubts, gettext("There is no text to this time.")]
        return FoundEvent(
            time_text=self.time_text,
            at=self.at,
            precision=self.precision,
            who=self.who,
            text=text,
            line=self.line,
            doubt=" ".join(doubts),
            pasted="\n".join(self.pasted).rstrip(),
        )


@dataclass
class _Reader:
    zone: ZoneInfo
    day: date | None
    first_day: date | None = field(init=False)
    last_minute: int | None = None
    drafts: list[_Draft] = field(default_factory=list)
    unread: list[UnreadLine] = field(default_factory=list)
    day_lines: list[UnreadLine] = field(default_factory=list)
    between: bool = True
    """Below a date and above the next time: a line there belongs to no event."""

    def __post_init__(self) -> None:
        self.first_day = self.day

    def reading(self) -> Reading:
        return Reading([draft.event() for draft in self.drafts], self.unread, self.day_lines)

    def take(self, number: int, line: str) -> None:
        stripped = line.strip()
        if self._take_day_line(number, stripped):
            return
        if timed := timed_line(stripped):
            if len(self.drafts) == MAXIMUM_EVENTS:
                raise PasteTooLarge(
                    gettext("The text has more than %(MAXIMUM_EVENTS)s events. Paste it in parts.")
                    % {"MAXIMUM_EVENTS": f"{MAXIMUM_EVENTS:,}"}
                )
            self.drafts.append(self._draft(number, line, timed))
            self.between = False
        elif self.between or _TABLE_RULE.fullmatch(stripped):
            if stripped:
                self.unread.append(UnreadLine(number, line))
        else:
            self.drafts[-1].texts.append(line.rstrip())
            self.drafts[-1].pasted.append(line)

    def _take_day_line(self, number: int, stripped: str) -> bool:
        written = day_line(stripped)
        found = as_date(written, year=self.day.year if self.day else None) if written else None
        if found is None:
            return False
        self.day, self.last_minute, self.between = found, None, True
        self.day_lines.append(UnreadLine(number, stripped))
        return True

    def _draft(self, number: int, line: str, timed: TimedLine) -> _Draft:
        stamp, doubts = timed.stamp, list[str]()
        day = self._day_of(stamp, doubts)
        time, time_text = UNKNOWN, ""
        if day is not None:
            try:
                time = parse(
                    f"{day.isoformat()} {stamp.hour:02}:{stamp.minute:02}{stamp.offset}", self.zone
                )
                time_text = write(time, self.zone)
            except NotATime as error:
                doubts.append(str(error))
        if stamp.other_zone and not (
            time.at and time.at.astimezone(self.zone).tzname() == stamp.other_zone
        ):
            doubts.append(
                gettext("%(other_zone)s was not converted: read as %(key)s.")
                % {"other_zone": stamp.other_zone, "key": self.zone.key}
            )
        text = timed.text
        if time.at is None:
            # The clock is all that is known of the time, so it stays in the text.
            text = f"{stamp.as_written} {text}".strip()
        return _Draft(number, time_text, time.at, time.precision, timed.who, [text], doubts, [line])

    def _day_of(self, stamp: Stamp, doubts: list[str]) -> date | None:
        """The day of a stamp, which is also the day of the lines below it."""
        minute = stamp.hour * 60 + stamp.minute
        before, self.last_minute = self.last_minute, minute
        if stamp.day is not None:
            found = as_date(stamp.day, year=self.day.year if self.day else None)
            if found is None:
                doubts.append(gettext("The date is not complete, or there is no such day."))
            else:
                self.day = found
            return found
        if stamp.near and self.first_day is not None:
            yesterday = stamp.near == "yesterday" and self.first_day > date.min
            self.day = self.first_day - timedelta(days=1) if yesterday else self.first_day
            doubts.append(
                gettext("“%(title)s” was read as %(isoformat)s.")
                % {"title": stamp.near.title(), "isoformat": self.day.isoformat()}
            )
        elif self.day is None:
            doubts.append(gettext("The day is missing: only the time of day is written."))
        elif before is not None and before - minute > _HALF_A_DAY and self.day < date.max:
            self.day += timedelta(days=1)
            doubts.append(
                gettext("Midnight has passed: read as the next day, %(isoformat)s.")
                % {"isoformat": self.day.isoformat()}
            )
        return self.day
