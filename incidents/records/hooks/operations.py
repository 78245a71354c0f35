"""Following what a pager, or another program, tells of an incident."""

from datetime import datetime
from typing import Any

from django.conf import settings
from django.db import transaction

from incidents.action_items.trackers.messages import NotAMessage
from incidents.action_items.trackers.operations import NOTHING, take_once
from incidents.history.operations import locked
from incidents.models import (
    HookedIncident,
    Incident,
    IssueState,
    Kind,
    Precision,
    Severity,
    State,
    TrackerProvider,
    User,
)
from incidents.records.hooks.messages import Step, Told
from incidents.records.hooks.queries import incident_of, services_named, teams_named
from incidents.records.operations import change_incident, create_incident
from incidents.records.parts.operations import add_timeline_event
from incidents.records.times import TimesOutOfOrder

OPENED = "opened"
ADDED = "added to the timeline"
LEFT_ALONE = "the record is published or withdrawn, and is left alone"
FULL = "the timeline takes no more messages"
MOST_EVENTS = 500
"""Of messages, in the timeline of one record."""
UNWRITTEN = (State.DRAFT, State.IN_REVIEW)
"""As long as a record is one of these, it takes what is told of it."""


@transaction.atomic
def receive(
    *,
    provider: TrackerProvider,
    delivery: str,
    sha256: str,
    told: Told | None,
    by: User | None,
    at: datetime,
) -> str:
    """Take a message in once, and say in words what came of it.

    Raises `incidents.action_items.trackers.operations.AnotherBody` and `NotAMessage`; nothing is
    written then.
    """

    def do() -> str:
        return NOTHING if told is None else follow(told, by=by, at=at)

    return take_once(provider=provider, delivery=delivery, sha256=sha256, at=at, do=do)


def follow(told: Told, *, by: User | None, at: datetime) -> str:
    HookedIncident.objects.get_or_create(key=told.key)
    # Held: the messages of one incident wait for each other.
    row = HookedIncident.objects.select_for_update().get(key=told.key)
    incident, outcome = incident_of(told.key), ADDED
    if incident is None:
        incident, outcome = opened(told, row, by=by, at=at), OPENED
    elif incident.state not in UNWRITTEN:
        return LEFT_ALONE
    if row.events < MOST_EVENTS:
        add_event(incident, told, by=by, at=at)
        row.events += 1
    else:
        outcome = FULL
    # A clock that goes fast there must not outdo what is told later.
    told_at = min(told.at, at.replace(second=0, microsecond=0))
    values = {
        **after_state(incident, told, row, told_at=told_at),
        **after_grade(incident, told, row, told_at=told_at),
    }
    if values and incident.state == State.DRAFT:
        change(incident, values, by=by, at=at)
    row.save()
    return outcome


def opened(told: Told, row: HookedIncident, *, by: User | None, at: datetime) -> Incident:
    """A draft that nobody owns yet; everybody who signs in sees it."""
    if not told.title:
        raise NotAMessage("This incident is not known yet, and its title is not told.")
    row.severity = told.severity or Severity.UNKNOWN
    times = {"began": told.began_at, "detected": told.detected_at}
    values: dict[str, Any] = {
        "title": told.title,
        "kind": Kind.OWN,
        "severity": row.severity,
        "detection": told.detection,
        "time_zone": settings.TIME_ZONE,
        "external_key": told.key,
        "services": services_named(told.services),
        "teams": teams_named(told.teams),
        **told.values,
    }
    for phase, moment in times.items():
        values |= columns(phase, moment)
    try:
        return create_incident(values=values, by=by, at=at)
    except TimesOutOfOrder as refusal:
        raise NotAMessage(str(refusal)) from refusal


def columns(phase: str, moment: datetime | None) -> dict[str, Any]:
    precision = Precision.UNKNOWN if moment is None else Precision.MINUTE
    return {f"{phase}_at": moment, f"{phase}_precision": precision.value}


def add_event(incident: Incident, told: Told, *, by: User | None, at: datetime) -> None:
    values = {
        "event_at": told.at,
        "event_precision": Precision.MINUTE.value,
        "kind": told.kind.value,
        "text": told.text,
        "actor": told.actor,
        "known_then": True,
        "source": told.source,
    }
    add_timeline_event(incident, values=values, by=by, at=at)


def after_state(
    incident: Incident, told: Told, row: HookedIncident, *, told_at: datetime
) -> dict[str, Any]:
    """What changes in the record, where this is the newest that was told, and as far as nobody
    wrote another time there."""
    if told.step is Step.MITIGATED:
        return columns("mitigated", told.at) if incident.mitigated_at is None else {}
    closes = told.step is Step.RESOLVED
    if not closes and told.step not in {Step.OPENED, Step.REOPENED}:
        return {}
    if row.state_at is not None and told_at < row.state_at:
        return {}
    was = row.state_at if row.state == IssueState.CLOSED else None
    row.state, row.state_at = IssueState.CLOSED if closes else IssueState.OPEN, told_at
    # Theirs is the time at which it was closed before, or none.
    new = told_at if closes else None
    return columns("resolved", new) if incident.resolved_at == was != new else {}


def after_grade(
    incident: Incident, told: Told, row: HookedIncident, *, told_at: datetime
) -> dict[str, Any]:
    if told.step is not Step.REGRADED:
        return {}
    if row.severity_at is not None and told_at < row.severity_at:
        return {}
    was = row.severity
    row.severity, row.severity_at = told.severity or Severity.UNKNOWN, told_at
    return {"severity": row.severity} if incident.severity == was != row.severity else {}


def change(incident: Incident, values: dict[str, Any], *, by: User | None, at: datetime) -> None:
    """Not where it would contradict what people wrote: the timeline tells it all the same."""
    current = locked(incident)
    try:
        change_incident(current, version=current.version, values=values, by=by, at=at)
    except TimesOutOfOrder:
        return
