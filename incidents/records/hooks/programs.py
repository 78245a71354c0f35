"""Messages of any program, in a shape of our own: docs/use/hooks.md"""

from collections.abc import Iterable, Mapping
from typing import Any

from incidents.action_items.trackers.messages import (
    NotAMessage,
    Sent,
    is_shown,
    part_of,
    text_in,
)
from incidents.lib.one_line import one_line
from incidents.lib.unseen import told_controls
from incidents.models import LONG, Detection, EventKind, Severity
from incidents.records.hooks.messages import Step, Told, key_of, perhaps_time_in, prose, time_in
from incidents.records.hooks.pagerduty import is_address

SECRETS = "INCIDENT_HOOK_TOKENS"
STEPS = {
    "open": (Step.OPENED, EventKind.DETECTION, "Opened"),
    "note": (Step.NOTED, EventKind.COMMUNICATION, ""),
    "acknowledged": (Step.NOTED, EventKind.ACTION, "Acknowledged"),
    "mitigated": (Step.MITIGATED, EventKind.RECOVERY, "Mitigated"),
    "resolved": (Step.RESOLVED, EventKind.RECOVERY, "Resolved"),
    "reopened": (Step.REOPENED, EventKind.SYMPTOM, "Reopened"),
    "severity": (Step.REGRADED, EventKind.DECISION, "Severity changed"),
}
TEXTS = ("key", "id", "status", "title", "text", "summary", "severity", "detection", "kind")
MORE_TEXTS = ("actor", "url", "at", "began", "detected")
LONGEST_LIST = 50


def is_authentic(sent: Sent, secrets: Iterable[str]) -> bool:
    scheme, _, shown = sent.headers.get("Authorization", "").partition(" ")
    return scheme.casefold() == "bearer" and is_shown(shown.strip(), secrets)


def delivery_of(sent: Sent, told: Any) -> str:
    """A message without a name is known by what it says."""
    return text_in(told, "id") or sent.sha256


def read(_: Sent, told: Any) -> Told:
    """Raises `NotAMessage`, which names the field."""
    if not isinstance(told, Mapping):
        raise NotAMessage("The message is not a JSON object.")
    for name in (*TEXTS, *MORE_TEXTS):
        if not isinstance(told.get(name, ""), str):
            raise NotAMessage(f"“{name}” is not a text.")
    step, usual, words = STEPS[one_of(told, "status", STEPS)]
    kind = one_of(told, "kind", EventKind.values, otherwise=usual.value)
    text = prose(text_in(told, "text")) or words
    if not text:
        raise NotAMessage("A note says something: “text”.")
    severity = one_of(told, "severity", Severity.values, otherwise="")
    if step is Step.REGRADED and not severity:
        raise NotAMessage("Which severity it has now is not told: “severity”.")
    address = text_in(told, "url")
    if address and not is_address(address):
        raise NotAMessage("“url” is not an address that begins with https://.")
    return Told(
        key=key_of("hook", text_in(told, "key")),
        step=step,
        at=time_in(told, "at"),
        kind=EventKind(kind),
        text=text,
        actor=line(text_in(told, "actor")),
        title=line(text_in(told, "title")),
        severity=severity,
        detection=one_of(told, "detection", Detection.values, otherwise=Detection.UNKNOWN.value),
        began_at=perhaps_time_in(told, "began"),
        detected_at=perhaps_time_in(told, "detected"),
        values={"summary": prose(text_in(told, "summary")), "source_url": address},
        services=names(told, "services"),
        teams=names(told, "teams"),
    )


def one_of(told: Any, name: str, choices: Iterable[str], *, otherwise: str | None = None) -> str:
    value = text_in(told, name)
    if not value and otherwise is not None:
        return otherwise
    if value not in choices:
        raise NotAMessage(f"“{name}” is one of {', '.join(choices)}.")
    return value


def names(told: Any, name: str) -> frozenset[str]:
    rows = part_of(told, name) or []
    if not isinstance(rows, list) or not all(isinstance(row, str) for row in rows):
        raise NotAMessage(f"“{name}” is not a list of texts.")
    return frozenset(line(row) for row in rows[:LONGEST_LIST])


def line(text: str) -> str:
    return one_line(told_controls(text), LONG)
