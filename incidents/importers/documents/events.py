"""Timelines: lists, tables and lines that begin with a time."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from zoneinfo import ZoneInfo

from incidents.importers.documents.blocks import Block
from incidents.importers.documents.headings import bare
from incidents.importers.documents.times import read_time
from incidents.importers.found import FoundEvent
from incidents.lib.approximate_time import UNKNOWN, ApproximateTime
from incidents.lib.pasted_timeline import PasteTooLarge, read
from incidents.lib.timeline_shapes import as_date, day_line, timed_line

_WHEN = {
    "time",
    "when",
    "date",
    "timestamp",
    "date time",
    "datetime",
    "time utc",
    "utc",
    "at",
    "day",
}
_WHO = {"who", "actor", "person", "by", "name", "author"}
_DAY_FIRST = re.compile(
    r"^(?:[-*+] +|[0-9]{1,3}[.)] +)?(?:\*\*|__|`)?(?P<day>[0-9]{4}-[0-9]{2}-[0-9]{2}"
    r"|[A-Z][a-z]{2,8}\.? [0-9]{1,2}(?:st|nd|rd|th)?,? [0-9]{4}"
    r"|[0-9]{1,2} [A-Z][a-z]{2,8}\.? [0-9]{4})(?:\*\*|__|`)?(?: ?[:–—|-]+ ?)(?P<text>.+)$",
    re.DOTALL,
)
_LONGEST_WHO = 200


@dataclass
class Timeline:
    """`day` is that of the last line whose day is known; the next line goes on from there."""

    zone: ZoneInfo
    day: date | None
    events: list[FoundEvent] = field(default_factory=list)

    def take(self, block: Block, *, under: str = "") -> str:
        """The lines in which no time stands: they are to be kept elsewhere."""
        if block.kind == "table":
            return self._table(block, under)
        if block.kind == "other" and not block.text.startswith(("```", "~~~", "    ")):
            return block.text
        return self._lines(block.text, block.line, under)

    def take_heading(self, title: str) -> bool:
        """Whether it is the day of what follows."""
        written = day_line(title)
        day = as_date(written, year=self.day.year if self.day else None) if written else None
        self.day = day or self.day
        return day is not None

    def _lines(self, text: str, line: int, under: str) -> str:
        try:
            reading = read(text, self.zone, day=self.day)
        except PasteTooLarge:
            return text
        for event in reading.events:
            at = ApproximateTime(event.at, event.precision)
            where = line + event.line - 1
            text = event.text or event.pasted
            if text.count("**") % 2:
                # The marks stood around the time as well: "**14:54 It begins**".
                text = f"**{text}"
            self._add(text, at, event.who, told(where, under, event.doubt))
        for found in reading.day_lines:
            self.take_heading(found.text)
        self._go_on()
        unread = [kept.text for kept in reading.unread]
        if not reading.events and (dated := list(self._dated(text, line, under))):
            unread = dated[0]
        return "\n".join(unread).strip()

    def _dated(self, text: str, line: int, under: str) -> Iterator[list[str]]:
        """A list whose items begin with a day and no time of day: what is left of it, or nothing
        where it is none."""
        kept, found = list[str](), False
        for number, each in enumerate(text.split("\n")):
            began = _DAY_FIRST.match(each)
            at = read_time(began["day"], self.zone) if began else None
            if began and at and at.at:
                self._add(began["text"], at, "", told(line + number, under))
                found = True
            elif found and each.strip() and self.events:
                last = self.events[-1]
                self.events[-1] = FoundEvent(
                    text=f"{last.text}\n{each}", at=last.at, actor=last.actor, source=last.source
                )
            else:
                kept.append(each)
        if found:
            yield kept

    def _table(self, block: Block, under: str) -> str:
        head, *rows = block.rows or ((),)
        names = [bare(cell) for cell in head]
        when = [place for place, name in enumerate(names) if name in _WHEN]
        who = next((place for place, name in enumerate(names) if name in _WHO), None)
        if not when:
            return self._lines(block.text, block.line, under)
        for number, row in enumerate(rows):
            said = " ".join(row[place] for place in when if place < len(row))
            rest = [
                cell
                if len(names) <= len(when) + 1 or len(row) - len(when) == 1
                else self._titled(head, place, cell, who)
                for place, cell in enumerate(row)
                if place not in when and place != who and cell
            ]
            actor = row[who] if who is not None and who < len(row) else ""
            text = "\n\n".join(rest) or actor or said
            where = block.line + number + 2
            self._row(said, text, actor, where, under)
        return ""

    def _titled(self, head: tuple[str, ...], place: int, cell: str, who: int | None) -> str:
        """What is no description says which column it is of."""
        rest = [each for each in range(len(head)) if bare(head[each]) not in _WHEN and each != who]
        if place >= len(head) or not rest or place == rest[0]:
            return cell
        return f"{head[place]}: {cell}"

    def _row(self, said: str, text: str, actor: str, where: int, under: str) -> None:
        exact = read_time(said, self.zone)
        if exact.at is not None:
            self.day = exact.at.astimezone(self.zone).date()
            self._add(text, exact, actor, told(where, under))
            return
        said = " ".join(said.strip("*`_ ").split())
        timed = timed_line(f"{said} x")
        # Not where only a part of the cell is a time: "1. 14:05".
        is_whole = timed is not None and timed.stamp.as_written == said
        whole_text = f"{said}: {text}" if said else text
        reading = read(f"{said} x", self.zone, day=self.day)
        if len(reading.events) == 1 and reading.events[0].at and reading.events[0].text == "x":
            event = reading.events[0]
            at = ApproximateTime(event.at, event.precision)
            kept = text if is_whole else whole_text
            self._add(kept, at, actor, told(where, under, event.doubt))
            self._go_on()
        else:
            self._add(whole_text, UNKNOWN, actor, told(where, under))

    def _add(self, text: str, at: ApproximateTime, who: str, source: str) -> None:
        if len(who) > _LONGEST_WHO:
            text, who = f"{who}: {text}", ""
        self.events.append(FoundEvent(text=text, at=at, actor=who, source=source))

    def _go_on(self) -> None:
        """The next block begins on the day on which this one ended."""
        last = next((event.at.at for event in reversed(self.events) if event.at.at), None)
        if last is not None:
            self.day = last.astimezone(self.zone).date()


def told(line: int, under: str, doubt: str = "") -> str:
    source = ", ".join(filter(None, (f"line {line}", under and f"“{under}”")))
    return f"{source}. {doubt}" if doubt else source
