"""From what was found to the columns of a record. What has no column goes into the notes."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from typing import Any
from urllib.parse import urlsplit

from django.utils.text import slugify

from incidents.importers.found import FoundAction, FoundFactor, FoundIncident, FoundMeasure
from incidents.lib.approximate_time import UNKNOWN, ApproximateTime, human, period
from incidents.lib.markdown import MAXIMUM_LENGTH
from incidents.lib.zones import NoSuchZone, zone_named
from incidents.models import (
    LONG,
    ActionKind,
    ActionState,
    ContributingFactor,
    Detection,
    EventKind,
    Factor,
    ImpactMeasure,
    Incident,
    Kind,
    Part,
    Participant,
    ParticipantRole,
    Service,
    Severity,
    TimelineEvent,
    User,
)

LONGEST_TAG, LONGEST_ADDRESS, LONGEST_UNIT, LONGEST_SERVICE = 60, 500, 40, 200
LARGEST = Decimal(10) ** 16
DONE_IN_THE_SOURCE = "Done, as the source tells."
NOT_DONE_IN_THE_SOURCE = "Not to be done, as the source tells."


@dataclass(frozen=True)
class Known:
    """Whom and what this site knows by the names that sources use, in small letters."""

    services: Mapping[str, Service]
    factors: Mapping[str, Factor]
    people: Mapping[str, User]


@dataclass
class Values:
    """A record to be written. `parts` have no incident yet; `actions` are columns."""

    columns: dict[str, Any]
    parts: list[Part]
    actions: list[dict[str, Any]]


class CannotBeRecorded(ValueError):
    """The message says why, for whoever brings it in."""


def values_of(found: FoundIncident, known: Known) -> Values:
    """Raises `CannotBeRecorded`."""
    notes = Notes()
    columns = {
        "title": notes.fitted("Title", " ".join(found.title.split()), LONG) or found.where[:LONG],
        "kind": notes.choice("Kind", found.kind, Kind, Kind.OWN),
        "severity": notes.choice("Severity", found.severity, Severity, Severity.UNKNOWN),
        "detection": notes.choice("Detected by", found.detection, Detection, Detection.UNKNOWN),
        "source_title": notes.fitted("Source", found.source_title, LONG),
        "source_url": notes.address("Source", found.source_url),
        "external_key": found.key,
        "services": [
            known.services[name]
            for name in notes.told("Services", names_of(found.services), known.services)
        ],
        "tags": notes.short("Tags", names_of(found.tags), LONGEST_TAG),
        **times_of(found, notes),
    }
    parts = parts_of(found, known, notes)
    actions = [action_of(each, known) for each in found.actions]
    texts = {name: found.texts.get(name, "").strip() for name in Incident.PROSE}
    unplaced = [
        f"## {name}\n\n{text}" for name, text in found.texts.items() if name not in Incident.PROSE
    ]
    texts["notes"] = "\n\n".join(filter(None, (texts["notes"], *unplaced, notes.text)))
    for name, text in texts.items():
        if len(text) > MAXIMUM_LENGTH:
            raise CannotBeRecorded(
                f"Its {name} would have {len(text):,} characters; {MAXIMUM_LENGTH:,} are the most."
            )
    return Values({**columns, **texts}, parts, actions)


class Notes:
    """What does not fit where it belongs, in lines that say what it is."""

    def __init__(self) -> None:
        self.lines: list[str] = []
        self.sections: dict[str, list[str]] = {}

    @property
    def text(self) -> str:
        sections = [
            f"## {heading}\n\n" + "\n".join(f"- {line}" for line in lines)
            for heading, lines in self.sections.items()
        ]
        return "\n\n".join(["\n".join(f"- {line}" for line in self.lines), *sections]).strip()

    def say(self, name: str, value: str) -> None:
        self.lines.append(f"{name}: {value}")

    def fitted(self, name: str, text: str, length: int) -> str:
        if len(text) <= length:
            return text
        self.say(name, text)
        return text[: length - 1].rstrip() + "…"

    def choice(self, name: str, value: str, choices: Any, otherwise: str) -> str:
        if not value or value in choices.values:
            return value or otherwise
        self.say(name, value)
        return otherwise

    def address(self, name: str, address: str) -> str:
        if not address or is_address(address):
            return address
        self.say(name, address)
        return ""

    def told(self, name: str, wanted: list[str], known: Mapping[str, Any]) -> list[str]:
        """Those that are known, each once, in small letters; the others are noted."""
        found = [each.casefold() for each in wanted if each.casefold() in known]
        if missing := [each for each in wanted if each.casefold() not in known]:
            self.say(name, ", ".join(missing))
        # Two names may be of one.
        return list({known[each].pk: each for each in found}.values())

    def short(self, name: str, texts: list[str], length: int) -> list[str]:
        if long := [text for text in texts if len(text) > length]:
            self.say(name, ", ".join(long))
        return [text for text in texts if len(text) <= length]


def names_of(names: Iterable[str]) -> list[str]:
    return list(dict.fromkeys(filter(None, (" ".join(name.split()) for name in names))))


def is_address(address: str) -> bool:
    try:
        parts = urlsplit(address)
        # Also says no to a port that is no number.
        host, _ = parts.hostname, parts.port
    except ValueError:
        return False
    is_web = parts.scheme in {"http", "https"} and bool(host)
    return is_web and len(address) <= LONGEST_ADDRESS and not set(address) & set(" \t\n<>\"'")


def times_of(found: FoundIncident, notes: Notes) -> dict[str, Any]:
    """A moment before the beginning is noted, and not recorded."""
    try:
        zone = zone_named(found.time_zone)
    except NoSuchZone:
        notes.say("Time zone", found.time_zone)
        zone = zone_named("UTC")
    columns: dict[str, Any] = {"time_zone": zone.key}
    began = found.times.get("began")
    start = period(began, zone) if began else None
    for phase in Incident.PHASES:
        time = found.times.get(phase, UNKNOWN)
        columns |= moment(phase, UNKNOWN)
        span = period(time, zone)
        if start and span and phase != "began" and span[1] <= start[0]:
            notes.say(phase.title(), f"{human(time, zone)}, which is before it began")
            continue
        columns |= moment(phase, time)
    return columns


def moment(name: str, time: ApproximateTime) -> dict[str, Any]:
    return {f"{name}_at": time.at, f"{name}_precision": time.precision.value}


def parts_of(found: FoundIncident, known: Known, notes: Notes) -> list[Part]:
    builders: tuple[tuple[Iterable[Any], Callable[[Any], Part | None]], ...] = (
        (found.events, event_of),
        (found.factors, lambda factor: factor_of(factor, known, notes)),
        (found.measures, lambda measure: measure_of(measure, notes)),
        (found.people, lambda person: participant_of(person, known, notes)),
    )
    parts: list[Part] = []
    for rows, build in builders:
        made = [part for row in rows if (part := build(row)) is not None]
        for position, part in enumerate(once(made)):
            part.position = position
            parts.append(part)
    return parts


def once(parts: list[Part]) -> list[Part]:
    """A factor is named once in a record: what more is said of it goes below the first."""
    factors: dict[int, ContributingFactor] = {}
    kept: list[Part] = []
    for part in parts:
        if isinstance(part, ContributingFactor):
            first = factors.setdefault(part.factor_id, part)
            if first is not part:
                first.how = f"{first.how}\n\n{part.how}"
                continue
        kept.append(part)
    return kept


def event_of(event: Any) -> TimelineEvent | None:
    text, actor = event.text.strip(), event.actor.strip()
    if len(actor) > LONG:
        text, actor = f"{actor}: {text}", ""
    if not text and not actor:
        return None
    kind = event.kind if event.kind in EventKind.values else EventKind.CONTEXT
    return TimelineEvent(
        text=text or actor,
        actor=actor if text else "",
        kind=kind,
        source=event.source[:LONG],
        **moment("event", event.at),
    )


def factor_of(found: FoundFactor, known: Known, notes: Notes) -> ContributingFactor | None:
    factor = known.factors.get(found.name.casefold())
    if factor is None:
        is_said = not found.name or found.name in found.how
        said = found.how if is_said else f"**{found.name}**: {found.how}"
        notes.sections.setdefault("Contributing factors", []).append(said.replace("\n", "\n  "))
        return None
    return ContributingFactor(factor=factor, how=found.how.strip() or found.name)


def measure_of(found: FoundMeasure, notes: Notes) -> ImpactMeasure | None:
    name = " ".join(found.name.split())
    value: Decimal | None = None
    try:
        value = Decimal(found.value.replace(",", "")) if found.value.strip() else None
    except InvalidOperation:
        value = Decimal(-1)
    # NaN compares with nothing.
    is_number = value is None or (value.is_finite() and 0 <= value < LARGEST and is_exact(value))
    if not is_number or not name or len(name) > LONG or len(found.unit) > LONGEST_UNIT:
        notes.say(name or "Measure", f"{found.value} {found.unit}".strip())
        return None
    return ImpactMeasure(name=name, value=value, unit=found.unit.strip())


def is_exact(value: Decimal) -> bool:
    """That the column has room for all its decimals."""
    return value == value.quantize(Decimal("0.0001"))


def participant_of(found: Any, known: Known, notes: Notes) -> Participant | None:
    name = " ".join(found.name.split()) or found.email
    role = found.role if found.role in ParticipantRole.values else ParticipantRole.OTHER
    person = known.people.get(found.email.casefold()) or known.people.get(name.casefold())
    if not name or len(name) > LONG:
        if name:
            notes.say("Took part", name)
        return None
    note = found.role if role != found.role else ""
    return Participant(person=person, name="" if person else name, role=role, note=note[:LONG])


def action_of(found: FoundAction, known: Known) -> dict[str, Any]:
    """The columns of an action item. Without a date in the source it has none: the policy is for
    what is decided here."""
    more = Notes()
    title = more.fitted("Title", " ".join(found.title.split()), LONG) or "Not said"
    owner = known.people.get(found.owner.casefold()) if found.owner else None
    if found.owner and owner is None:
        more.say("Owner", found.owner)
    state = more.choice("State", found.state, ActionState, ActionState.OPEN)
    evidence = found.evidence.strip()
    if evidence and state not in {ActionState.DONE, ActionState.WONT_DO}:
        more.say("Evidence", evidence)
    values = {
        "title": title,
        "kind": more.choice("Kind", found.kind, ActionKind, ActionKind.PREVENT),
        "state": state,
        "owner": owner,
        "due_date": found.due,
        "tracker_url": more.address("In the tracker", found.tracker_url),
    }
    if state == ActionState.DONE:
        values["evidence"] = evidence or DONE_IN_THE_SOURCE
    if state == ActionState.WONT_DO:
        values["wont_do_reason"] = evidence or NOT_DONE_IN_THE_SOURCE
    body = "\n\n".join(filter(None, (found.body.strip(), more.text)))
    if len(body) > MAXIMUM_LENGTH:
        raise CannotBeRecorded(
            f"The action “{title}” is longer than {MAXIMUM_LENGTH:,} characters."
        )
    return {**values, "body": body}


def unknown_services(found: FoundIncident, known: Known) -> list[str]:
    return missing_services(found.services, known)


def missing_services(names: Iterable[str], known: Known) -> list[str]:
    return [
        name
        for name in names_of(names)
        if name.casefold() not in known.services and len(name) <= LONGEST_SERVICE and slugify(name)
    ]
