"""PagerDuty's messages, version 3: https://developer.pagerduty.com/docs/webhooks-overview"""

import hashlib
import hmac
import re
from collections.abc import Callable, Iterable
from typing import Any

from incidents.action_items.trackers.messages import Sent, part_of, text_in
from incidents.lib.one_line import one_line
from incidents.lib.unseen import told_controls
from incidents.models import LONG, Detection, EventKind, Severity
from incidents.records.hooks.messages import Step, Told, key_of, perhaps_time_in, prose, time_in

SECRETS = "PAGERDUTY_HOOK_SECRETS"
SCHEME = "v1="
_GRADE = re.compile(r"\b(?:P|SEV)[- ]?([1-5])\b", re.IGNORECASE)
LONGEST_ADDRESS = 500


def is_authentic(sent: Sent, secrets: Iterable[str]) -> bool:
    """By one of the signatures under one of the secrets: while one changes, there are two."""
    shown = sent.headers.get("X-PagerDuty-Signature", "")
    signatures = [one.strip().casefold().encode() for one in shown.split(",")[:10]]
    made = [
        SCHEME.encode() + hmac.new(secret.encode(), sent.body, hashlib.sha256).hexdigest().encode()
        for secret in secrets
    ]
    return any(hmac.compare_digest(one, own) for one in signatures for own in made)


def delivery_of(_: Sent, told: Any) -> str:
    return text_in(told, "event", "id")


def read(_: Sent, told: Any) -> Told | None:
    """None for a message that a timeline has no use for. Raises `NotAMessage`."""
    event = part_of(told, "event")
    how = EVENTS.get(text_in(event, "event_type"))
    if how is None:
        return None
    step, kind, words = how
    # A note tells of its incident only what it is called.
    data = part_of(event, "data")
    incident = part_of(data, "incident") or data
    title = line(text_in(incident, "title") or text_in(incident, "summary"))
    address = text_in(incident, "html_url")
    number = part_of(incident, "number")
    return Told(
        key=key_of("pagerduty", text_in(incident, "id")),
        step=step,
        at=time_in(event, "occurred_at"),
        kind=kind,
        text=prose(words(data)) or "PagerDuty told of it.",
        actor=line(text_in(event, "agent", "summary")),
        source="PagerDuty",
        title=title,
        severity=grade(text_in(incident, "priority", "summary")),
        detection=Detection.MONITORING.value,
        detected_at=perhaps_time_in(incident, "created_at"),
        values={
            "source_title": f"PagerDuty incident {number}" if isinstance(number, int) else "",
            "source_url": address if is_address(address) else "",
        },
        services=frozenset({line(text_in(incident, "service", "summary"))}),
        teams=frozenset(names_in(incident, "teams")),
    )


def opened(data: Any) -> str:
    return f"Triggered: {text_in(data, 'title')}"


def passed_on(word: str) -> Callable[[Any], str]:
    def words(data: Any) -> str:
        to = ", ".join(names_in(data, "assignees"))
        return f"{word} to {to}" if to else word

    return words


def priority(data: Any) -> str:
    name = line(text_in(data, "priority", "summary"))
    return f"The priority is {name}" if name else "The priority was taken away"


def said(*path: str) -> Callable[[Any], str]:
    return lambda data: text_in(data, *path)


def only(sentence: str) -> Callable[[Any], str]:
    return lambda _: sentence


EVENTS: dict[str, tuple[Step, EventKind, Callable[[Any], str]]] = {
    "incident.triggered": (Step.OPENED, EventKind.DETECTION, opened),
    "incident.acknowledged": (Step.NOTED, EventKind.ACTION, only("Acknowledged")),
    "incident.unacknowledged": (
        Step.NOTED,
        EventKind.COMMUNICATION,
        only("Not acknowledged any more"),
    ),
    "incident.escalated": (Step.NOTED, EventKind.COMMUNICATION, passed_on("Escalated")),
    "incident.reassigned": (Step.NOTED, EventKind.COMMUNICATION, passed_on("Reassigned")),
    "incident.delegated": (Step.NOTED, EventKind.COMMUNICATION, passed_on("Delegated")),
    "incident.annotated": (Step.NOTED, EventKind.COMMUNICATION, said("content")),
    "incident.status_update_published": (Step.NOTED, EventKind.COMMUNICATION, said("message")),
    "incident.priority_updated": (Step.REGRADED, EventKind.DECISION, priority),
    "incident.resolved": (Step.RESOLVED, EventKind.RECOVERY, only("Resolved")),
    "incident.reopened": (Step.REOPENED, EventKind.SYMPTOM, only("Reopened")),
}


def line(text: str) -> str:
    return one_line(told_controls(text), LONG)


def names_in(told: Any, name: str) -> list[str]:
    rows = part_of(told, name)
    found = [line(text_in(row, "summary")) for row in rows] if isinstance(rows, list) else []
    return [one for one in found if one]


def grade(name: str) -> str:
    """`P1`, `SEV-2`; other names mean nothing here."""
    found = _GRADE.search(name)
    return Severity(f"sev{found[1]}").value if found else ""


def is_address(text: str) -> bool:
    return text.startswith("https://") and text.isprintable() and len(text) <= LONGEST_ADDRESS
