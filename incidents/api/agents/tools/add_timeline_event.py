"""One more event in the timeline of an incident."""

from datetime import datetime
from typing import Any
from uuid import UUID, uuid4

from pydantic import Field

from incidents.access.submissions import make_once
from incidents.api.agents.schemas import shape
from incidents.api.agents.tools.incident import in_short, incident_named
from incidents.api.agents.tools.tool import (
    Arguments,
    CannotDo,
    Text,
    Told,
    Tool,
    refuse_what_does_not_fit,
)
from incidents.history.operations import RowGone
from incidents.models import EventKind, TimelineEvent, User
from incidents.records.parts.forms import TimelineEventForm
from incidents.records.parts.operations import add_timeline_event

KINDS: Any = {"enum": EventKind.values}


class Asked(Arguments):
    incident: Text = Field(description="Its number: INC-42.")
    text: Text = Field(description="What happened, in Markdown.")
    when: Text = Field(
        "",
        description="In the incident's time zone, as precisely as it is known: 2026-03-14 22:30,"
        " 2026-03-14 22h, 2026-03-14. Empty: unknown.",
    )
    kind: Text = Field(EventKind.SYMPTOM.value, json_schema_extra=KINDS)
    actor: Text = Field("", description="Who did it, or what.")
    known_then: bool | None = Field(
        None, description="Whether it was known at the time, or only found out afterwards."
    )
    source: Text = Field("", description="Where this is known from.")
    token: UUID | None = Field(
        None,
        strict=False,
        description="A UUID of your own: sent again with the same, nothing is added twice.",
    )


def call(asked: Asked, *, user: User, at: datetime) -> Told:
    incident = incident_named(asked.incident, user)
    known = {None: "unknown", True: "true", False: "false"}[asked.known_then]
    typed = {
        **asked.model_dump(include={"text", "kind", "actor", "source"}),
        "event": asked.when,
        "known_then": known,
        "token": str(asked.token or uuid4()),
    }
    form = TimelineEventForm(typed, instance=TimelineEvent(incident=incident), user=user)
    refuse_what_does_not_fit(form, {"event": "when"})

    def make() -> str:
        event = add_timeline_event(incident, values=form.values, by=user, at=at)
        return event.get_absolute_url()

    try:
        make_once(token=form.cleaned_data["token"], by=user, at=at, make=make)
    except RowGone as gone:
        raise CannotDo(str(gone)) from gone
    return in_short(incident)


TOOL = Tool(
    name="add_timeline_event",
    title="Add to a timeline",
    about="Add what was seen or done to the timeline of an incident.",
    takes=Asked,
    gives=lambda: shape("Incident"),
    call=call,
    writes=True,
)
