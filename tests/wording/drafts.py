"""Records for the rules, never saved: rules ask no database."""

from datetime import UTC, datetime
from typing import Any

from incidents.models import (
    ActionItem,
    ContributingFactor,
    Factor,
    ImpactMeasure,
    Incident,
    Participant,
    TimelineEvent,
)
from incidents.wording.draft import Draft


def at(text: str) -> datetime:
    return datetime.fromisoformat(f"2026-03-14T{text}").replace(tzinfo=UTC)


def an_event(text: str = "Latency rose", *, time: str = "", **fields: Any) -> TimelineEvent:
    if time:
        fields = {"event_at": at(time), "event_precision": "minute", **fields}
    return TimelineEvent(**{"pk": 7, "text": text, "source": "the log", **fields})


def a_factor(name: str = "Pool smaller than its clients", how: str = "It ran dry", pk: int = 7):
    return ContributingFactor(pk=pk, factor=Factor(name=name, slug="some"), how=how)


def a_measure(**fields: Any) -> ImpactMeasure:
    return ImpactMeasure(**{"pk": 7, "name": "Orders", "value": 12, **fields})


def an_action(**fields: Any) -> ActionItem:
    return ActionItem(**{"pk": 7, "title": "Raise the limit", **fields})


def somebody(name: str) -> Participant:
    return Participant(pk=7, name=name)


def a_draft(*, events=(), factors=(), measures=(), people=(), actions=(), **fields: Any) -> Draft:
    """Of a record with these fields, and with these parts."""
    incident = Incident(**{"pk": 4, "title": "Orders time out", **fields})
    for part in (*events, *factors, *measures, *people):
        part.incident = incident
    return Draft(
        incident=incident,
        edit_url="/incidents/INC-4/edit/",
        events=events,
        factors=factors,
        measures=measures,
        people=people,
        actions=actions,
    )
