"""An incident, with all its parts."""

from datetime import datetime
from typing import Any

from django.core.exceptions import ValidationError
from pydantic import Field

from incidents.access.references import IncidentReferenceField
from incidents.api.agents.schemas import shape
from incidents.api.agents.tools.tool import Arguments, CannotDo, Text, Told, Tool
from incidents.api.resources.incidents import (
    IncidentSerializer,
    WholeIncidentSerializer,
    with_parts,
)
from incidents.exports.chapters import chapter_of
from incidents.exports.documents import document_of
from incidents.exports.formats.markdown import chapter_lines
from incidents.exports.queries import some_whole
from incidents.models import Incident, User


class Asked(Arguments):
    reference: Text = Field(description="Its number: INC-42.")


def call(asked: Asked, *, user: User, at: datetime) -> Told:  # noqa: ARG001 (as every tool)
    incident = incident_named(asked.reference, user)
    (whole,) = some_whole([incident.pk], user=user)
    text = "\n".join(chapter_lines(chapter_of(document_of(whole).data), level=1))
    data: dict[str, Any] = WholeIncidentSerializer(with_parts(whole, user)).data
    return Told(data, text)


def incident_named(reference: str, user: User) -> Incident:
    """Raises `CannotDo`, in the same words where there is none and where it is not open to them."""
    field = IncidentReferenceField()
    field.user = user
    try:
        found: Incident | None = field.clean(reference)
    except ValidationError as refusal:
        raise CannotDo(refusal.messages[0]) from refusal
    if found is None:
        raise CannotDo("Name the incident: INC-42.")
    return found


def in_short(incident: Incident) -> Told:
    """What was written to: without its texts and parts."""
    data: dict[str, Any] = IncidentSerializer(incident).data
    state = incident.get_state_display()
    return Told(data, f"{incident} is written to, and is {state}: {data['page']}")


TOOL = Tool(
    name="incident",
    title="Read an incident",
    about="Read one incident with all of it: what happened when, contributing factors, settings"
    " that were turned, impact, people, lessons, runbooks and action items.",
    takes=Asked,
    gives=lambda: shape("WholeIncident"),
    call=call,
)
