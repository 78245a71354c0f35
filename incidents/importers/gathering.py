"""An incident while a reader gathers what its source says of it.

What a field does not hold is put into the notes, with the name that the source has for it: a time
that cannot be read, a title that is too long, a severity of another house. So no reader drops a
sentence, and none makes a record that cannot be kept.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from incidents.importers.documents.deltas import deltas_in
from incidents.importers.documents.reading import read_document
from incidents.importers.found import (
    FoundAction,
    FoundEvent,
    FoundFactor,
    FoundIncident,
    FoundMeasure,
    FoundPerson,
)
from incidents.lib.approximate_time import (
    UNKNOWN,
    ApproximateTime,
    NotATime,
    Precision,
    could_be_before,
    write,
)
from incidents.lib.one_line import one_line
from incidents.lib.unseen import told_controls
from incidents.lib.usual_times import Order, moment, read_usual
from incidents.lib.zones import zone_named

LONGEST_NAME = 200
LONGEST_TAG = 60
LONGEST_ADDRESS = 500

_NUMBERED = re.compile(r"(?:sev|severity|s|p|prio|priority)?[-_ :]?(?P<number>[0-5])", re.ASCII)
_EXPLAINED = re.compile(r"(?P<number>[1-5]) ?[-–—:(] ?(?P<word>[a-z]+)\)?")
_RANKS = {
    "sev1": ("blocker", "critical", "crit", "highest", "urgent", "emergency", "sev0"),
    "sev2": ("major", "high", "severe"),
    "sev3": ("moderate", "medium", "normal", "mid"),
    "sev4": ("minor", "low"),
    "sev5": ("trivial", "lowest", "cosmetic", "info", "informational"),
}
_RANK_OF = {word: rank for rank, words in _RANKS.items() for word in words}
_EXACTLY = re.compile(r"sev[-_ ]?[1-5]", re.ASCII)
_LATER = ("detected", "mitigated", "resolved")


def severity_of(text: str) -> str:
    """The severity that another house's word comes closest to; "" if none does.

    Right: "sev1" for "P0", "P1", "1" and "Blocker", "sev4" for "Low".
    """
    word = " ".join(text.lower().split())
    explained = _EXPLAINED.fullmatch(word)
    if explained and explained["word"] in _RANK_OF:
        word = explained["number"]
    numbered = _NUMBERED.fullmatch(word)
    if numbered:
        return f"sev{max(1, int(numbered['number']))}"
    first = re.split(r"[\s:–—-]+", word, maxsplit=1)[0]
    found = _RANK_OF.get(word) or _RANK_OF.get(first)
    if found:
        return found
    numbered = _NUMBERED.match(word)
    named = numbered and not word[numbered.end() :][:1].isalnum() and not word[0].isdigit()
    return f"sev{max(1, int(numbered['number']))}" if numbered and named else ""


def is_address(text: str) -> bool:
    try:
        parts = urlsplit(text)
    except ValueError:
        return False
    return (
        parts.scheme in ("http", "https")
        and bool(parts.netloc)
        and len(text) <= LONGEST_ADDRESS
        and not re.search(r"\s", text)
    )


@dataclass(kw_only=True)
class Gathering:
    """Every method takes the source's own words; `label` is what the source calls them."""

    key: str
    where: str
    zone: ZoneInfo
    order: Order | None = None
    kind: str = "own"
    detection: str = ""
    _title: str = ""
    _severity: str = ""
    _source_url: str = ""
    _source_title: str = ""
    _texts: dict[str, list[str]] = field(default_factory=dict)
    _facts: list[str] = field(default_factory=list)
    _sections: list[str] = field(default_factory=list)
    _times: dict[str, tuple[ApproximateTime, str, str]] = field(default_factory=dict)
    _services: list[str] = field(default_factory=list)
    _tags: list[str] = field(default_factory=list)
    _events: list[FoundEvent] = field(default_factory=list)
    _factors: list[FoundFactor] = field(default_factory=list)
    _measures: list[FoundMeasure] = field(default_factory=list)
    _people: list[FoundPerson] = field(default_factory=list)
    _actions: list[FoundAction] = field(default_factory=list)

    def title(self, text: str, label: str = "Title") -> None:
        self._title = one_line(text, LONGEST_NAME)
        self._keep_if_cut(label, text, self._title)

    def text(self, name: str, text: str, heading: str = "") -> None:
        """A text of the record; where several go into one, each says whose it is."""
        text = told_controls(text).strip("\n ")
        if text:
            written = self._texts.setdefault(name, [])
            written.append(f"### {heading}\n\n{text}" if heading and written else text)

    def read(self, text: str, *, day: date | None = None) -> None:
        """A text with headings, as a written postmortem is read: into texts, events, actions.

        `day` is that of a timeline which tells none. Its zone is the record's from here on.
        """
        text = told_controls(text)
        if not text.strip():
            return
        document = read_document(text, key=self.key, where=self.where, name=self._title, day=day)
        self.zone = zone_named(document.time_zone)
        if document.title != self._title:
            self.note("Heading", document.title)
        for name, written in document.texts.items():
            self.text(name, written)
        for phase, time in document.times.items():
            # Of the day that it was given, the document says that it began then.
            told = write(time, self.zone)
            if phase != "began" or day is None or told != day.isoformat():
                self._times.setdefault(phase, (time, told, phase))
        self._severity = self._severity or document.severity
        for service in document.services:
            self.service(service)
        for tag in document.tags:
            self.tag(tag)
        self._events += document.events
        self._factors += document.factors
        self._measures += document.measures
        self._people += document.people
        self._actions += document.actions

    def note(self, label: str, text: str) -> None:
        """A line of the notes, or a section of them where the text has several."""
        text, label = told_controls(text).strip(), one_line(label)
        if "\n" in text:
            self._sections.append(f"## {label}\n\n{text}")
        elif text:
            self._facts.append(f"- {label}: {text}")

    def note_all(self, label: str, value: object) -> None:
        """Everything that a value of JSON holds, each text under the names that lead to it."""
        for names, text in told_values(value, (label,)):
            self.note(" · ".join(names), text)

    @property
    def began(self) -> ApproximateTime:
        return self._times["began"][0] if "began" in self._times else UNKNOWN

    @property
    def detected(self) -> ApproximateTime:
        return self._times["detected"][0] if "detected" in self._times else UNKNOWN

    @property
    def resolved(self) -> ApproximateTime:
        return self._times["resolved"][0] if "resolved" in self._times else UNKNOWN

    def at(self, phase: str, text: str, label: str, zone: ZoneInfo | None = None) -> None:
        """When a phase of the incident began; what is told of it again is a note."""
        if phase in self._times:
            self.note(label, text)
            return
        time = self.time(text, label, zone)
        if time.at is not None:
            self._times[phase] = (time, text, label)

    def at_moment(self, phase: str, seconds: float, label: str) -> None:
        try:
            time = moment(seconds)
        except NotATime:
            self.note(label, f"{seconds}")
        else:
            if time.at is not None:
                self.at(phase, f"{time.at:%Y-%m-%d %H:%M} UTC", label)

    def time(self, text: str, label: str, zone: ZoneInfo | None = None) -> ApproximateTime:
        """Unknown where it cannot be read; the text is a note then."""
        try:
            return read_usual(text, zone or self.zone, self.order)
        except NotATime:
            self.note(label, text)
            return UNKNOWN

    def read_time(self, text: str) -> ApproximateTime:
        """Unknown where it cannot be read; the text is the caller's to keep."""
        try:
            return read_usual(text, self.zone, self.order)
        except NotATime:
            return UNKNOWN

    def severity(self, text: str, label: str = "Severity") -> None:
        """The first that is told; the words of another scale stay in the notes."""
        found = severity_of(text)
        if found and not self._severity:
            self._severity = found
            if _EXACTLY.fullmatch(text.strip().lower()):
                return
        self.note(label, text)

    def rank(self, text: str) -> None:
        """A severity that is told elsewhere, too, as by a tag."""
        self._severity = self._severity or severity_of(text)

    def service(self, text: str, label: str = "Service") -> None:
        self._name(self._services, text, label, LONGEST_NAME)

    def tag(self, text: str, label: str = "Tag") -> None:
        self._name(self._tags, text, label, LONGEST_TAG)

    def source(self, url: str, title: str = "", label: str = "Source") -> None:
        """Where it can be read; an address that is none, or a second one, is a note."""
        if is_address(url) and not self._source_url:
            self._source_url = url
            self._source_title = one_line(title, LONGEST_NAME)
            self._keep_if_cut(label, title, self._source_title)
        else:
            self.note(label, url)
            self.note(label, title)

    def event(self, text: str, **told: Any) -> None:
        text = told_controls(text).strip()
        if text:
            actor = one_line(told.pop("actor", ""), LONGEST_NAME)
            self._events.append(FoundEvent(text=text, actor=actor, **told))

    def factor(self, how: str, name: str = "") -> None:
        how = told_controls(how).strip()
        if how or name:
            self._factors.append(FoundFactor(how=how, name=one_line(name, LONGEST_NAME)))

    def measure(self, name: str, value: str, unit: str = "") -> None:
        """A number that says how much it hurt; what is no number is a note."""
        number = value.replace(",", "").replace("_", "").strip()
        if re.fullmatch(r"[0-9]{1,16}(?:\.[0-9]{1,4})?", number, re.ASCII):
            measure = FoundMeasure(name=one_line(name, LONGEST_NAME), value=number, unit=unit)
            self._measures.append(measure)
        else:
            self.note(name, value)

    def person(self, name: str, role: str = "other", email: str = "") -> None:
        shown = one_line(name or email, LONGEST_NAME)
        if shown:
            person = FoundPerson(name=shown, role=role, email=one_line(email, LONGEST_NAME))
            if person not in self._people:
                self._people.append(person)
            self._keep_if_cut("Person", name, shown)

    def action(self, title: str, body: str = "", **told: Any) -> None:
        """Its title is the first line; the others, and what is too long, belong to its body."""
        whole, body = told_controls(title).strip(), told_controls(body).strip()
        shown = one_line(whole.split("\n", 1)[0], LONGEST_NAME)
        if not shown:
            self.note("Action", body)
            return
        if " ".join(whole.split()) != shown:
            body = f"{whole}\n\n{body}".strip()
        url = told.pop("tracker_url", "")
        if url and not is_address(url):
            body = f"{body}\n\n{told_controls(url)}".strip()
            url = ""
        owner = one_line(told.pop("owner", ""), LONGEST_NAME)
        told["evidence"] = told_controls(told.get("evidence", "")).strip()
        self._actions.append(
            FoundAction(title=shown, body=body, tracker_url=url, owner=owner, **told)
        )

    def found(self) -> FoundIncident:
        times = self._times_in_order()
        notes = ["\n".join(self._facts), *self._sections]
        texts = {name: "\n\n".join(parts) for name, parts in self._texts.items()}
        if any(notes):
            written = [texts["notes"]] if texts.get("notes") else []
            texts["notes"] = "\n\n".join([*written, *filter(None, notes)])
        told = [event.text for event in self._events]
        return FoundIncident(
            key=one_line(self.key, LONGEST_NAME),
            where=self.where,
            title=self._title or "Without a title",
            texts=texts,
            times=times,
            time_zone=self.zone.key,
            kind=self.kind,
            severity=self._severity,
            detection=self.detection,
            services=tuple(self._services),
            tags=tuple(self._tags),
            source_title=self._source_title,
            source_url=self._source_url,
            events=tuple(self._events),
            factors=tuple(self._factors),
            deltas=tuple(deltas_in("\n\n".join([*texts.values(), *told]))),
            measures=tuple(self._measures),
            people=tuple(self._people),
            actions=tuple(self._actions),
        )

    def _times_in_order(self) -> dict[str, ApproximateTime]:
        """Those that can be true together; one that is before the beginning becomes a note."""
        for phase in _LATER:
            time, text, label = self._times.get(phase, (UNKNOWN, "", ""))
            if self._is_before_the_beginning(time):
                del self._times[phase]
                self.note(label, f"{text} (before it began)")
        return {phase: time for phase, (time, _, _) in self._times.items()}

    def _is_before_the_beginning(self, time: ApproximateTime) -> bool:
        began = self.began
        if not began.at or not time.at or time.at >= began.at:
            return False
        comparable = time.precision in (Precision.MINUTE, began.precision)
        return comparable or not could_be_before(began, time, self.zone)

    def _name(self, names: list[str], text: str, label: str, longest: int) -> None:
        name = one_line(text, longest)
        if name and name not in names:
            names.append(name)
        self._keep_if_cut(label, text, name)

    def _keep_if_cut(self, label: str, text: str, kept: str) -> None:
        if " ".join(text.split()) != kept:
            self.note(label, text)


def told_values(value: object, names: tuple[str, ...]) -> Iterator[tuple[tuple[str, ...], str]]:
    """What is said in a value of JSON, text by text, with the names that lead to it.

    Numbers and a plain yes are said, too; nothing, and a plain no, are not.
    """
    if isinstance(value, Mapping):
        for name, each in value.items():
            yield from told_values(each, (*names, str(name)))
    elif isinstance(value, list | tuple):
        for each in value:
            yield from told_values(each, names)
    elif value is True:
        yield names, "yes"
    elif isinstance(value, str | int | float) and value is not False and f"{value}".strip():
        yield names, f"{value}"
