"""What a person sends for each kind of part, and a row of each kind as it is in the database."""

from collections.abc import Callable, Mapping
from typing import Any
from uuid import uuid4

from incidents.models import (
    ImpactMeasure,
    Incident,
    LessonLink,
    Part,
    Participant,
    RelatedIncident,
    RunbookUse,
)
from tests.factories import (
    a_contributing_factor,
    a_delta,
    a_factor,
    a_knob,
    a_lesson,
    a_runbook,
    a_user,
    an_event,
    an_incident,
)

KIND_NAMES = (
    "event",
    "factor",
    "delta",
    "measure",
    "person",
    "lesson-link",
    "runbook-use",
    "related",
)


def sent(kind: str, /, **fields: object) -> dict[str, object]:
    """A complete new form; other records that it names are made."""
    return {"token": str(uuid4()), **COMPLETE[kind](), **fields}


def row_of(kind: str, incident: Incident, /, **fields: Any) -> Part:
    return ROWS[kind](incident, **fields)


def an_event_form() -> dict[str, object]:
    return {"event": "2026-03-14 14:05", "kind": "symptom", "text": "Latency rose"}


def a_delta_form() -> dict[str, object]:
    return {
        "component": "nginx",
        "key": "worker_connections",
        "before": "512",
        "before_known": "known",
        "after": "1024",
        "after_known": "known",
        "part": "fixed",
    }


COMPLETE: Mapping[str, Callable[[], dict[str, object]]] = {
    "event": an_event_form,
    "factor": lambda: {
        "factor_name": "Pool too small",
        "category": "capacity",
        "how": "It ran out.",
    },
    "delta": a_delta_form,
    "measure": lambda: {"name": "Failed orders", "value": "12", "out_of": "200"},
    "person": lambda: {"person": a_user().pk, "role": "responder"},
    "lesson-link": lambda: {"lesson": a_lesson().reference, "relation": "violated"},
    "runbook-use": lambda: {"runbook": a_runbook().pk, "served": "helped"},
    "related": lambda: {"other": an_incident().reference, "relation": "similar"},
}

ROWS: Mapping[str, Callable[..., Part]] = {
    "event": an_event,
    "factor": a_contributing_factor,
    "delta": a_delta,
    "measure": lambda incident, **fields: ImpactMeasure.objects.create(
        **{"incident": incident, "name": "Failed orders", "value": 12, **fields}
    ),
    "person": lambda incident, **fields: Participant.objects.create(
        **{"incident": incident, "person": a_user(), **fields}
    ),
    "lesson-link": lambda incident, **fields: LessonLink.objects.create(
        **{"incident": incident, "lesson": a_lesson(), "relation": "upheld", **fields}
    ),
    "runbook-use": lambda incident, **fields: RunbookUse.objects.create(
        **{"incident": incident, "runbook": a_runbook(), "served": "helped", **fields}
    ),
    "related": lambda incident, **fields: RelatedIncident.objects.create(
        **{"incident": incident, "other": an_incident(), **fields}
    ),
}

__all__ = ["KIND_NAMES", "a_factor", "a_knob", "row_of", "sent"]
