"""A new record, as a draft."""

from datetime import datetime
from typing import Any
from uuid import UUID, uuid4

from django import forms
from pydantic import Field

from incidents.access.submissions import make_once
from incidents.api.agents.schemas import shape
from incidents.api.agents.tools.incident import in_short, incident_named
from incidents.api.agents.tools.tool import (
    Arguments,
    Text,
    Told,
    Tool,
    refuse_what_does_not_fit,
)
from incidents.models import Detection, Kind, Severity, User
from incidents.records.forms import PHASE_HELP, NewIncidentForm
from incidents.records.operations import create_incident

KINDS: Any = {"enum": Kind.values}
SEVERITIES: Any = {"enum": Severity.values}
DETECTIONS: Any = {"enum": Detection.values}
BY_SLUG = ("services", "teams")


class Asked(Arguments):
    title: Text
    summary: Text = Field("", description="What happened, in Markdown.")
    kind: Text = Field(Kind.OWN.value, json_schema_extra=KINDS)
    severity: Text = Field(Severity.UNKNOWN.value, json_schema_extra=SEVERITIES)
    detection: Text = Field(Detection.UNKNOWN.value, json_schema_extra=DETECTIONS)
    time_zone: Text = Field("", description="Such as Europe/Berlin. Empty: that of your person.")
    began: Text = Field("", description=str(PHASE_HELP["began"]))
    detected: Text = Field("", description=str(PHASE_HELP["detected"]))
    mitigated: Text = Field("", description=str(PHASE_HELP["mitigated"]))
    resolved: Text = Field("", description=str(PHASE_HELP["resolved"]))
    services: list[Text] = Field([], description="Their short names, as in their addresses.")
    teams: list[Text] = Field([], description="Their short names, as in their addresses.")
    tags: list[Text] = []
    restricted: bool = Field(
        default=False, description="Only your person, and whom they name, will know of it."
    )
    token: UUID | None = Field(
        None,
        strict=False,
        description="A UUID of your own: sent again with the same, no second record is made.",
    )


def call(asked: Asked, *, user: User, at: datetime) -> Told:
    """The owner is whose token it is."""
    typed = {
        **asked.model_dump(exclude={"token", "tags"}),
        "tags": ", ".join(asked.tags),
        "time_zone": asked.time_zone or user.time_zone,
        "owner": str(user.pk),
        "token": str(asked.token or uuid4()),
    }
    form = NewIncidentForm(typed, user=user)
    for name in BY_SLUG:
        field = form.fields[name]
        if isinstance(field, forms.ModelMultipleChoiceField):
            field.to_field_name = "slug"
    refuse_what_does_not_fit(form, {})
    token = form.cleaned_data["token"]

    def make() -> str:
        return create_incident(values=form.values, by=user, at=at).reference

    reference = make_once(token=token, by=user, at=at, make=make)
    return in_short(incident_named(reference, user))


TOOL = Tool(
    name="open_incident",
    title="Open an incident",
    about="Open a record of an incident, as a draft of the person whose token this is.",
    takes=Asked,
    gives=lambda: shape("Incident"),
    call=call,
    writes=True,
)
