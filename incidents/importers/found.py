"""What a file of another home of postmortems holds, in our words, before anything is written.

A reader in `importers/formats/` makes these of what it reads; it knows no table. Choices are the
values of `incidents.models` ("sev1", "own", "done"); what a source does not say stays empty, and
what has no place here belongs into the text `notes`, so that no sentence is dropped.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

from incidents.lib.approximate_time import UNKNOWN, ApproximateTime


@dataclass(frozen=True, kw_only=True)
class FoundEvent:
    text: str
    at: ApproximateTime = UNKNOWN
    kind: str = ""
    actor: str = ""
    source: str = ""
    """The place in the source: a heading, a line, an address."""


@dataclass(frozen=True, kw_only=True)
class FoundFactor:
    """A condition that was at work; `name` where the source gives it one."""

    how: str
    name: str = ""


@dataclass(frozen=True, kw_only=True)
class FoundDelta:
    """A sentence that seems to say that a setting was turned: to be confirmed by a person."""

    sentence: str
    component: str = ""
    key: str = ""
    before: str | None = None
    after: str | None = None
    at: ApproximateTime = UNKNOWN


@dataclass(frozen=True, kw_only=True)
class FoundMeasure:
    name: str
    value: str = ""
    """As written; empty where nobody counted."""
    unit: str = ""


@dataclass(frozen=True, kw_only=True)
class FoundPerson:
    name: str
    role: str = "other"
    email: str = ""


@dataclass(frozen=True, kw_only=True)
class FoundAction:
    title: str
    body: str = ""
    kind: str = ""
    state: str = ""
    owner: str = ""
    due: date | None = None
    evidence: str = ""
    """What shows that it is done, or why it will not be."""
    tracker_url: str = ""


@dataclass(frozen=True, kw_only=True)
class FoundFile:
    """A file of what was brought in that a text leads to, as `attachment:` and its path."""

    path: str
    """Within what was brought in, with `/` between folders."""
    sha256: str


@dataclass(frozen=True, kw_only=True)
class FoundIncident:
    """`key` names it in its source for good, so that reading it again finds the same record:
    "morgue:12", "jira:OPS-7", "file:2024/outage.md"."""

    key: str
    where: str
    """The file, and the line or row, for people."""
    title: str
    texts: Mapping[str, str] = field(default_factory=dict)
    """Markdown by the names of `Incident.PROSE`."""
    times: Mapping[str, ApproximateTime] = field(default_factory=dict)
    """By the names of `Incident.PHASES`."""
    time_zone: str = "UTC"
    kind: str = "own"
    severity: str = ""
    detection: str = ""
    services: tuple[str, ...] = ()
    tags: tuple[str, ...] = ()
    source_title: str = ""
    source_url: str = ""
    events: tuple[FoundEvent, ...] = ()
    factors: tuple[FoundFactor, ...] = ()
    deltas: tuple[FoundDelta, ...] = ()
    measures: tuple[FoundMeasure, ...] = ()
    people: tuple[FoundPerson, ...] = ()
    actions: tuple[FoundAction, ...] = ()
    files: tuple[FoundFile, ...] = ()
    missing: str = ""
    """What its texts name and is not beside them, in sentences."""


@dataclass(frozen=True, kw_only=True)
class FoundRunbook:
    """`key` is made of the address: the same page is found again, wherever its folder stands."""

    key: str
    where: str
    slug: str
    title: str
    summary: str = ""
    body: str = ""
    alerts: tuple[str, ...] = ()
    """Names or matchers, each as a line of the runbook's alerts."""
    services: tuple[str, ...] = ()
    owner: str = ""
    team: str = ""
    files: tuple[FoundFile, ...] = ()
    missing: str = ""
    """As of an incident."""


@dataclass(frozen=True, kw_only=True)
class FoundUnread:
    """A file, or a record in it, that could not be read, and why, in a sentence."""

    where: str
    why: str


FoundRecord = FoundIncident | FoundRunbook
Found = FoundRecord | FoundUnread
