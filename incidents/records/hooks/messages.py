"""What a message says of an incident, whichever program sent it."""

from dataclasses import dataclass, field
from datetime import UTC, datetime
from enum import Enum, auto
from typing import Any

from incidents.action_items.trackers.messages import NotAMessage, moment_in, part_of
from incidents.lib.approximate_time import FIRST_YEAR
from incidents.lib.unseen import told_controls
from incidents.models import LONG, Detection, EventKind

LONGEST_TEXT = 10_000
"""Characters of a message that a timeline takes."""


class Step(Enum):
    OPENED = auto()
    MITIGATED = auto()
    RESOLVED = auto()
    REOPENED = auto()
    REGRADED = auto()
    NOTED = auto()
    """It changes nothing but the timeline."""


@dataclass(frozen=True)
class Told:
    """`key` is the incident's, in all messages; `at` is by the teller's clock.

    `values` are more columns of a record that it opens; `services` and `teams` are names or slugs.
    Empty is what the message does not tell.
    """

    key: str
    step: Step
    at: datetime
    kind: EventKind
    text: str
    actor: str = ""
    source: str = ""
    title: str = ""
    severity: str = ""
    detection: str = Detection.UNKNOWN.value
    began_at: datetime | None = None
    detected_at: datetime | None = None
    values: dict[str, str] = field(default_factory=dict)
    services: frozenset[str] = frozenset()
    teams: frozenset[str] = frozenset()


def time_in(told: Any, *path: str) -> datetime:
    """To the minute, as a record keeps it. Raises `NotAMessage`."""
    return minute(moment_in(told, *path), ".".join(path))


def perhaps_time_in(told: Any, *path: str) -> datetime | None:
    return time_in(told, *path) if part_of(told, *path) else None


def minute(moment: datetime, name: str) -> datetime:
    if not FIRST_YEAR < moment.year < 9999:  # noqa: PLR2004 (zones reach beyond the last day)
        raise NotAMessage(f"The message does not tell when it was: {name}.")
    return moment.astimezone(UTC).replace(second=0, microsecond=0)


def prose(text: str) -> str:
    """As a timeline takes it: cut, and without what is no character."""
    kept = told_controls(text).strip()
    return kept if len(kept) <= LONGEST_TEXT else kept[: LONGEST_TEXT - 1] + "…"


def key_of(prefix: str, name: str) -> str:
    """Raises `NotAMessage`."""
    if not name or not name.isprintable() or len(prefix) + len(name) + 1 > LONG:
        raise NotAMessage("The message does not tell which incident it is about.")
    return f"{prefix}:{name}"
