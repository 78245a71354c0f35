"""A chat log: read into events that are proposed, and those that are kept put into the timeline."""

from typing import Any, ClassVar

from django.http import HttpResponse, QueryDict
from django.utils import timezone
from rest_framework import serializers
from rest_framework.renderers import JSONRenderer
from rest_framework.request import Request

from incidents.api.resources.incidents import Incidents
from incidents.api.versions import tag_of
from incidents.api.writing.bodies import JSON, body_of
from incidents.api.writing.kinds import TIME
from incidents.api.writing.once import once
from incidents.api.writing.refusals import Unprocessable, as_problems
from incidents.api.writing.taken import Taken
from incidents.api.writing.ways import Way
from incidents.lib.approximate_time import zone_named
from incidents.lib.pasted_timeline import MAXIMUM_EVENTS, PasteTooLarge, read
from incidents.models import EventKind, Incident
from incidents.records.parts.operations import add_timeline_events
from incidents.records.parts.pasting.forms import (
    LONGEST_NAME,
    FoundEventForm,
    PasteForm,
    RestForm,
    as_initial,
    first_day,
)

OF_AN_EVENT = {"time": "time", "kind": "kind", "actor": "who", "text": "text"}
"""The form's names by those of JSON, which calls them as a timeline event does."""


class FoundEventSerializer(serializers.Serializer):
    """`doubt` says what the reading was not sure of; `line` is where it begins."""

    time = serializers.CharField(allow_blank=True, help_text="As it can be sent again.")
    kind = serializers.ChoiceField(choices=EventKind.choices)
    actor = serializers.CharField(allow_blank=True)
    text = serializers.CharField(allow_blank=True)
    doubt = serializers.CharField(allow_blank=True)
    line = serializers.IntegerField()


class UnreadSerializer(serializers.Serializer):
    line = serializers.IntegerField()
    text = serializers.CharField(allow_blank=True)


class ReadingSerializer(serializers.Serializer):
    """What was found in a log. `unread` are the lines in which nothing was."""

    zone = serializers.CharField(help_text="By whose clocks the times are.")
    events = FoundEventSerializer(many=True)
    unread = UnreadSerializer(many=True)


READ = Way(
    summary="Read a chat log, or a list of lines that begin with times, into events",
    does=read,
    takes=Taken(PasteForm, example={"text": "[14:02] ada: the alert fired", "day": "2026-03-14"}),
    about="Nothing is written: send what is right of it to `…/events/keep/`. `day` is that of the"
    " first line, where the lines tell only the time of day; the day on which the incident began"
    " if nothing is said.",
    takes_key=False,
)
EVENTS = {
    "type": "object",
    "properties": {
        "events": {
            "type": "array",
            "minItems": 1,
            "maxItems": MAXIMUM_EVENTS,
            "items": {
                "type": "object",
                "properties": {
                    "time": {"type": ["string", "null"], "description": TIME},
                    "kind": {"type": "string", "enum": EventKind.values},
                    "actor": {"type": ["string", "null"], "maxLength": LONGEST_NAME},
                    "text": {"type": "string"},
                },
                "required": ["kind", "text"],
                "additionalProperties": False,
            },
        },
        "source": {
            "type": ["string", "null"],
            "maxLength": LONGEST_NAME,
            "description": "Where the log is from. Written beside each event.",
        },
    },
    "required": ["events"],
    "additionalProperties": False,
    "examples": [
        {
            "events": [
                {"time": "2026-03-14T14:02", "kind": "detection", "text": "The alert fired."}
            ],
            "source": "#incident-42",
        }
    ],
}
KEEP = Way(
    summary="Put several events into the timeline of an incident",
    does=add_timeline_events,
    about="All of them or none, under one line of history.",
    json=EVENTS,
)


class Reading(Incidents):
    whole = ReadingSerializer
    writes: ClassVar[dict[str, Way]] = {"take_step": READ}

    def take_step(self, request: Request, **wanted: Any) -> HttpResponse:  # noqa: ARG002 (DRF's signature)
        incident = self.row(wanted)
        asked, zone = self.filled(), zone_named(incident.time_zone)
        try:
            found = self.way.does(
                asked.cleaned_data["text"],
                zone,
                day=asked.cleaned_data["day"] or first_day(incident),
            )
        except PasteTooLarge as refusal:
            raise Unprocessable({"text": [str(refusal)]}) from refusal
        told = {
            "zone": incident.time_zone,
            "events": [told_event(one) for one in found.events],
            "unread": [{"line": one.line, "text": one.text} for one in found.unread],
        }
        content = JSONRenderer().render(told)
        answer = HttpResponse(content, content_type=JSON)
        answer["ETag"] = tag_of(content, None)
        return answer


def told_event(found: Any) -> dict[str, Any]:
    proposed = as_initial(found)
    told = {name: proposed[form_name] for name, form_name in OF_AN_EVENT.items()}
    return {**told, "doubt": found.doubt, "line": found.line}


class Keeping(Incidents):
    writes: ClassVar[dict[str, Way]] = {"take_step": KEEP}

    def take_step(self, request: Request, **wanted: Any) -> HttpResponse:
        incident = self.row(wanted)
        told = body_of(request)
        form = RestForm({"source": source_in(told)})
        form.fields.pop("token")
        if not form.is_valid():
            raise Unprocessable({"source": [str(one) for one in form.errors["source"]]})
        source = form.cleaned_data["source"]
        events = [{**values, "source": source} for values in events_in(told, incident)]

        def write() -> int:
            with as_problems(form, {}):
                self.way.does(incident, events=events, by=self.user, at=timezone.now())
            return int(incident.pk)

        return once(request, write=write, answer=self.answer)


def source_in(told: dict[str, Any]) -> str:
    """Raises `Unprocessable`, also for fields that are none."""
    if unknown := sorted(told.keys() - {"events", "source"}):
        words = "This is no field here. There are: events, source."
        raise Unprocessable({name[:80]: [words] for name in unknown})
    source = told.get("source") or ""
    if not isinstance(source, str):
        raise Unprocessable({"source": ["A text."]})
    return source


def events_in(told: dict[str, Any], incident: Incident) -> list[dict[str, Any]]:
    """As the operation takes them. Raises `Unprocessable`."""
    events = told.get("events")
    if not isinstance(events, list) or not 0 < len(events) <= MAXIMUM_EVENTS:
        raise Unprocessable({"events": [f"A list of 1 to {MAXIMUM_EVENTS:,} events."]})
    zone, found, errors = zone_named(incident.time_zone), [], {}
    for place, event in enumerate(events, start=1):
        if not isinstance(event, dict) or not event.keys() <= OF_AN_EVENT.keys():
            known = ", ".join(OF_AN_EVENT)
            raise Unprocessable({"events": [f"Event {place} is no object of {known}."]})
        if not all(isinstance(value, str | None) for value in event.values()):
            raise Unprocessable({"events": [f"Event {place}: each of its fields is a text."]})
        data = QueryDict(mutable=True)
        data["keep"] = "on"
        for name, value in event.items():
            data[OF_AN_EVENT[name]] = value or ""
        form = FoundEventForm(data, zone=zone)
        if form.is_valid():
            found.append(form.values)
        else:
            names = {ours: name for name, ours in OF_AN_EVENT.items()}
            for name, words in form.errors.items():
                errors[f"events.{place}.{names.get(name, name)}"] = [str(one) for one in words]
    if errors:
        raise Unprocessable(errors)
    return found
