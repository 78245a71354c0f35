"""One written postmortem, read.

1. Front matter, and lines such as "Date: …", say what the record is.
2. Each heading leads to a text of the record, to its timeline, its actions or its factors.
3. What is not understood stays as it is written: in the text that it stands in, or in the notes
   under its heading. No sentence is left out.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from incidents.importers.documents.actions import actions_in, shortened
from incidents.importers.documents.blocks import Block, Section, plain, sections_of
from incidents.importers.documents.deltas import deltas_in
from incidents.importers.documents.events import Timeline
from incidents.importers.documents.facts import LABELLED, LABELS, Facts, take_block, told_by
from incidents.importers.documents.headings import (
    ACTIONS,
    EVENTS,
    FACTORS,
    FACTS,
    NOTES,
    PEOPLE,
    Place,
    bare,
    place_of,
)
from incidents.importers.documents.times import zone_said
from incidents.importers.found import FoundAction, FoundFactor, FoundIncident, FoundPerson
from incidents.lib.approximate_time import Precision, parse
from incidents.lib.zones import zone_named

PREAMBLE = "preamble"
OF_A_LABEL = 7
"""The level of what stands below "**Summary**:", deeper than any heading."""
SAY_NOTHING = {
    "lessons learned", "lessons", "learnings", "retrospective", "post incident analysis",
    "analysis", "postmortem", "post mortem", "incident report", "how did we do", "howd we do",
    "messaging",
}  # fmt: skip
"""Headings that hold others, and are kept only where a text stands right below them."""
KINDS = {"near miss": "near_miss", "near_miss": "near_miss", "external": "external", "own": "own"}
_LONGEST_NAME = 80


def read_document(
    text: str,
    *,
    key: str,
    where: str,
    name: str,
    told: Mapping[str, Any] | None = None,
    day: date | None = None,
) -> FoundIncident:
    """`name` is the title of a text without one; `told` its front matter; `day` when it happened,
    if the text does not say so."""
    told = dict(told or {})
    sections = with_labels(sections_of(text))
    title = str(told.pop("title", "") or "").strip() or taken_title(sections)
    draft = Draft(facts=Facts(zone=zone_said(text) or zone_named("UTC")), day=day)
    draft.kind = KINDS.get(str(told.get("kind", "")).casefold(), "")
    if draft.kind:
        told.pop("kind")
    preamble = "\n".join(told_by(told, draft.facts))
    # Dates first: the timeline goes on from the day on which it began.
    for section in sections:
        if section.level <= 1 or place_named(section) == FACTS:
            draft.look_for_times(section)
    draft.note("", preamble)
    draft.read(sections)
    return draft.found(key=key, where=where, title=title or name, text=text)


def taken_title(sections: list[Section]) -> str:
    """Of the first heading, where it is the text's own and not that of a part; it is taken out."""
    first = next((section for section in sections if section.level), None)
    if first is None or first.level == OF_A_LABEL or place_of(first.title):
        return ""
    is_only = sum(section.level == first.level for section in sections) == 1
    if first.level > 1 and not is_only:
        return ""
    title, first.title = plain(first.title), ""
    return title


def with_labels(sections: list[Section]) -> list[Section]:
    """A paragraph that begins with "**Impact**:" begins a section of its own."""
    found = []
    for section in sections:
        found.append(Section(section.level, section.title, section.line))
        for block in section.blocks:
            if block.kind != "paragraph":
                found[-1].blocks.append(block)
                continue
            for number, written in enumerate(block.text.split("\n")):
                label, line = LABELLED.match(written), written
                begins = label and not line.startswith(("-", "+", "* ")) and begins_part(label)
                if label and begins:
                    found.append(Section(OF_A_LABEL, label["label"], block.line + number))
                    line = label["value"] or ""
                if number and not begins and found[-1].blocks:
                    last = found[-1].blocks[-1]
                    found[-1].blocks[-1] = Block(
                        kind=last.kind, text=f"{last.text}\n{line}", line=last.line
                    )
                elif line.strip():
                    found[-1].blocks.append(
                        Block(kind="paragraph", text=line, line=block.line + number)
                    )
    return found


def begins_part(label: Any) -> bool:
    return (
        bool(label["bold"])
        and bare(label["label"]) not in LABELS
        and bool(place_of(label["label"]))
    )


def place_named(section: Section) -> str:
    place = place_of(section.title)
    return place.name if place else ""


@dataclass
class Draft:
    facts: Facts
    day: date | None
    kind: str = ""
    texts: dict[str, list[str]] = field(default_factory=dict)
    timeline: Timeline = field(init=False)
    actions: list[FoundAction] = field(default_factory=list)
    factors: list[FoundFactor] = field(default_factory=list)

    def look_for_times(self, section: Section) -> None:
        """Only to know the day; the lines are taken where they stand."""
        seen = Facts(zone=self.facts.zone)
        for block in section.blocks:
            take_block(block, seen)
        began = seen.times.get("began") or self.facts.times.get("began")
        fine = {Precision.MINUTE, Precision.HOUR, Precision.DAY}
        if began and began.at and began.precision in fine:
            self.day = began.at.astimezone(seen.zone).date()
        self.facts.zone = seen.zone

    def read(self, sections: list[Section]) -> None:
        began = self.facts.times.get("began")
        if self.day is None and began and began.at and began.precision is not Precision.YEAR:
            self.day = began.at.astimezone(self.facts.zone).date()
        self.timeline = Timeline(zone=self.facts.zone, day=self.day)
        above: list[tuple[int, Place]] = [(-1, Place(PREAMBLE, keeps_heading=False))]
        for section in sections:
            while above[-1][0] >= section.level and len(above) > 1:
                above.pop()
            place, heading = placed(section, above[-1][1])
            above.append((section.level, place))
            self.take(section, place.name, heading)

    def take(self, section: Section, place: str, heading: str) -> None:
        if place in TAKERS:
            TAKERS[place](self, section, heading)
            return
        if heading and not section.blocks and bare(heading) in SAY_NOTHING:
            return
        self.put(place, heading, section)

    def put(self, place: str, heading: str, section: Section) -> None:
        mark = (
            f"**{heading}**" if section.level == OF_A_LABEL else f"{'#' * section.level} {heading}"
        )
        parts = [mark if heading else "", section.text]
        self.texts.setdefault(place, []).extend(part for part in parts if part.strip())

    def note(self, heading: str, text: str) -> None:
        """Keep what was left of a part in the notes, once under its heading."""
        if not text.strip():
            return
        notes = self.texts.setdefault(NOTES, [])
        mark = f"## {heading}"
        if heading and mark not in notes:
            notes.append(mark)
        notes.append(text)

    def take_preamble(self, section: Section, heading: str) -> None:
        left = [text for block in section.blocks if (text := take_block(block, self.facts))]
        if heading:
            self.note(heading, "\n\n".join(left) or " ")
            return
        # Lines of facts that were not understood are no summary.
        for text in left:
            is_facts = all(LABELLED.match(line.strip()) for line in text.split("\n"))
            self.texts.setdefault(NOTES if is_facts else PREAMBLE, []).append(text)

    def take_facts(self, section: Section, heading: str) -> None:
        left = [text for block in section.blocks if (text := take_block(block, self.facts))]
        self.note(heading or plain(section.title), "\n\n".join(left))

    def take_events(self, section: Section, heading: str) -> None:
        self.timeline.take_heading(section.title)
        under = "" if place_named(section) == EVENTS and not heading else plain(section.title)
        left = [
            text for block in section.blocks if (text := self.timeline.take(block, under=under))
        ]
        self.note(plain(section.title) or "Timeline", "\n\n".join(left))

    def take_actions(self, section: Section, heading: str) -> None:
        under = plain(heading)
        left = []
        for block in section.blocks:
            actions, rest = actions_in(block, under=under)
            self.actions += actions
            left += [rest] if rest else []
        self.note(plain(section.title), "\n\n".join(left))

    def take_factors(self, section: Section, _heading: str) -> None:
        left = []
        for block in section.blocks:
            if block.kind == "list":
                self.factors += [factor_of(item.text) for item in block.items if item.text]
            else:
                left.append(block.text)
        self.note(plain(section.title), "\n\n".join(left))

    def take_people(self, section: Section, _heading: str) -> None:
        left = []
        for block in section.blocks:
            names = [plain(item.text) for item in block.items]
            if block.kind == "list" and all(0 < len(name) <= _LONGEST_NAME for name in names):
                left += [f"- {name}" for name in names if not self.take_person(name)]
            else:
                left.append(block.text)
        self.note(plain(section.title), "\n".join(left))

    def take_person(self, name: str) -> bool:
        label = LABELLED.match(name)
        if label:
            return bool(label["value"]) and self.facts.take(label["label"], label["value"])
        if len(name.split()) > 4 or name.endswith("."):  # noqa: PLR2004 (words of a name)
            return False
        self.facts.people.append(FoundPerson(name=name.lstrip("@"), role="responder"))
        return True

    def found(self, *, key: str, where: str, title: str, text: str) -> FoundIncident:
        preamble = self.texts.pop(PREAMBLE, [])
        if preamble:
            into = self.texts.setdefault("summary" if "summary" not in self.texts else NOTES, [])
            into[:0] = preamble
        if title != shortened(title):
            self.texts.setdefault(NOTES, []).insert(0, title)
        times = dict(self.facts.times)
        if "began" not in times and self.day:
            times["began"] = parse(self.day.isoformat(), self.facts.zone)
        return FoundIncident(
            key=key,
            where=where,
            title=shortened(title),
            texts={name: "\n\n".join(parts) for name, parts in self.texts.items() if parts},
            times=times,
            time_zone=self.facts.zone.key,
            kind=self.kind or "own",
            severity=self.facts.one.get("severity", ""),
            services=tuple(self.facts.services),
            tags=tuple(self.facts.tags),
            events=tuple(self.timeline.events),
            factors=tuple(self.factors),
            deltas=tuple(deltas_in(text)),
            measures=tuple(self.facts.measures),
            people=tuple(self.facts.people),
            actions=tuple(self.actions),
        )


TAKERS = {
    PREAMBLE: Draft.take_preamble,
    FACTS: Draft.take_facts,
    EVENTS: Draft.take_events,
    ACTIONS: Draft.take_actions,
    FACTORS: Draft.take_factors,
    PEOPLE: Draft.take_people,
}


def placed(section: Section, above: Place) -> tuple[Place, str]:
    """Where a section belongs below another, and its heading where that is to be kept."""
    own = place_of(section.title) if section.title else None
    if own and above.name in {EVENTS, ACTIONS} and own.name in STAYS_BELOW:
        own = None
    if own:
        return own, section.title if own.keeps_heading else ""
    if above.name == PREAMBLE and section.title:
        return Place(NOTES, keeps_heading=True), section.title
    return above, section.title


STAYS_BELOW = {"background", "impact", "response"}
"""Below a timeline "Detection" is a part of it; below the actions it says what they are for."""


def factor_of(text: str) -> FoundFactor:
    """Right: "**Pool too small**: it had 20", where the name is what is bold."""
    label = LABELLED.match(text)
    if label and (label["bold"] or label["colon"]) and label["value"] and "\n" not in text:
        return FoundFactor(name=plain(label["label"]), how=label["value"])
    name = plain(text)
    return FoundFactor(how=text, name=name.rstrip(".") if len(name) <= _LONGEST_NAME else "")
