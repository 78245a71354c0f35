"""iCalendar (RFC 5545): each due day as an event of that whole day.

An event and no VTODO: Google and Outlook leave those out of calendars that one subscribes to.
Transparent: nobody is busy because something is due.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

from icalendar import Calendar, Event, vText

from incidents.exports.feeds.texts import TEXT, TITLE, fitting

MEDIA_TYPE = "text/calendar; charset=utf-8"
PRODUCT = "-//Postmortems//Due//EN"
ASK_AGAIN = timedelta(hours=1)


@dataclass(frozen=True)
class Due:
    key: str
    """Stays the same for as long as the record is there: whoever fetches knows it by this."""
    day: date
    title: str
    lines: Sequence[str]
    address: str
    version: int
    changed_at: datetime


class Text(vText):
    """The library takes a backslash before an N for the end of a line; in `C:\\New` it is none."""

    def to_ical(self) -> bytes:
        return b"\\\\".join(vText(part).to_ical() for part in self.split("\\"))


def written(title: str, dues: Sequence[Due]) -> bytes:
    calendar = Calendar()
    calendar.add("prodid", PRODUCT)
    calendar.add("version", "2.0")
    for name in ("name", "x-wr-calname"):
        calendar.add(name, Text(fitting(title, TITLE)))
    calendar.add("refresh-interval", ASK_AGAIN, parameters={"VALUE": "DURATION"})
    calendar.add("x-published-ttl", "PT1H")
    for due in dues:
        calendar.add_component(event_of(due))
    content: bytes = calendar.to_ical()
    return content


def event_of(due: Due) -> Event:
    changed_at = due.changed_at.astimezone(UTC)
    event = Event()
    event.add("uid", due.key)
    # When it was last revised, and not now: what has not changed is the same file.
    event.add("dtstamp", changed_at)
    event.add("last-modified", changed_at)
    event.add("sequence", due.version)
    event.add("dtstart", due.day)
    event.add("duration", timedelta(days=1))
    event.add("transp", "TRANSPARENT")
    event.add("summary", Text(fitting(due.title, TITLE)))
    event.add("description", Text("\n".join(fitting(line, TEXT) for line in due.lines)))
    event.add("url", due.address)
    return event
