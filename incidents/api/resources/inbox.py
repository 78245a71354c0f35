"""What one was told, and how one wants to be."""

from typing import Any, ClassVar

from django.db.models import QuerySet
from django.http import HttpResponse
from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.renderers import JSONRenderer
from rest_framework.request import Request
from rest_framework.response import Response

from incidents.api.fields import ReadSerializer
from incidents.api.versions import tag_of
from incidents.api.views import OF_PAGES
from incidents.api.writes import Writes
from incidents.api.writing.bodies import JSON, body_of
from incidents.api.writing.refusals import Unprocessable, errors_of
from incidents.api.writing.taken import NOTHING
from incidents.api.writing.ways import Way
from incidents.models import Event, Message, Rhythm
from incidents.notifications.forms import CLOCK, PreferencesForm
from incidents.notifications.operations import mark_all_read, mark_read, set_preferences
from incidents.notifications.queries import chosen_table, inbox_of, own_hours
from incidents.notifications.sentences import line_for


class MessageSerializer(ReadSerializer):
    """`kind`, `key` and `api` say of which record it is, as webhooks do. `read_at` is null until
    somebody has read it."""

    sentence = serializers.CharField(source="line.sentence")
    detail = serializers.CharField(source="line.detail", allow_blank=True)
    kind = serializers.CharField(source="line.kind")
    key = serializers.CharField(source="line.key")
    api = serializers.CharField(source="line.api")
    page = serializers.CharField(source="line.url")

    class Meta:
        model = Message
        fields = (
            "id",
            "event",
            "sentence",
            "detail",
            "kind",
            "key",
            "api",
            "page",
            "made_at",
            "read_at",
        )


class CountSerializer(serializers.Serializer):
    read = serializers.IntegerField(help_text="How many were unread.")


class Inbox(Writes):
    """One's own affairs: readers read their messages, too."""

    serializer_class = MessageSerializer
    filter_backends = ()
    is_of_incidents = True
    writes: ClassVar[dict[str, Way]] = {
        "take_step": Way(
            summary="Say that a message is read", does=mark_read, takes=NOTHING, by_anybody=True
        )
    }

    def get_queryset(self) -> QuerySet[Message]:
        return inbox_of(self.user)

    def rows(self) -> QuerySet[Message]:
        return inbox_of(self.user)

    def parameters(self) -> set[str] | None:
        return OF_PAGES if self.action == "list" else set()

    def named(self, wanted: dict[str, Any]) -> dict[str, Any]:
        return {"pk": wanted["message"]}

    def prepare(self, rows: Any) -> None:
        for row in rows:
            row.line = line_for(row)

    @extend_schema(summary="What you were told, the latest first")
    def list(self, request: Request, **kwargs: Any) -> Response:
        return super().list(request, **kwargs)

    @extend_schema(summary="One message to you")
    def retrieve(self, request: Request, **wanted: Any) -> Response:
        return super().retrieve(request, **wanted)


class AllRead(Inbox):
    whole = CountSerializer
    writes: ClassVar[dict[str, Way]] = {
        "take_step": Way(
            summary="Say that all your messages are read",
            does=mark_all_read,
            takes=NOTHING,
            by_anybody=True,
            takes_key=False,
        )
    }

    def take_step(self, request: Request, **wanted: Any) -> HttpResponse:  # noqa: ARG002 (DRF's signature)
        self.filled()
        # What a token does not reach stays unread.
        return told_as({"read": self.way.does(by=self.user, at=timezone.now())})


def told_as(data: dict[str, Any]) -> HttpResponse:
    content = JSONRenderer().render(data)
    answer = HttpResponse(content, content_type=JSON)
    answer["ETag"] = tag_of(content, None)
    return answer


class WayToldSerializer(serializers.Serializer):
    event = serializers.ChoiceField(choices=Event.choices)
    inbox = serializers.BooleanField()
    email = serializers.ChoiceField(choices=Rhythm.choices)


class QuietHoursSerializer(serializers.Serializer):
    """By your own clocks."""

    are_on = serializers.BooleanField()
    begin = serializers.CharField()
    end = serializers.CharField()


class PreferencesSerializer(serializers.Serializer):
    """How you hear of each event, and when you hear of nothing by mail."""

    events = WayToldSerializer(many=True)
    quiet_hours = QuietHoursSerializer()


CLOCKS = {"type": "string", "enum": [text for text, _ in CLOCK]}
WISH = {
    "type": "object",
    "properties": {
        "events": {
            "type": "array",
            "maxItems": len(Event),
            "items": {
                "type": "object",
                "properties": {
                    "event": {"type": "string", "enum": Event.values},
                    "inbox": {"type": "boolean"},
                    "email": {"type": "string", "enum": Rhythm.values},
                },
                "required": ["event"],
                "additionalProperties": False,
            },
        },
        "quiet_hours": {
            "type": "object",
            "properties": {"are_on": {"type": "boolean"}, "begin": CLOCKS, "end": CLOCKS},
            "additionalProperties": False,
        },
    },
    "additionalProperties": False,
    "examples": [{"events": [{"event": "due_soon", "email": "daily"}]}],
}
KINDS: dict[str, type] = {"inbox": bool, "email": str, "are_on": bool, "begin": str, "end": str}


class Preferences(Writes):
    """One's own, and without a version: nobody else writes them."""

    serializer_class = PreferencesSerializer
    filter_backends = ()
    writes: ClassVar[dict[str, Way]] = {
        "partial_update": Way(
            summary="Say how you want to be told",
            does=set_preferences,
            about="What is not sent stays as it is. Not by a token of own incidents.",
            json=WISH,
            by_anybody=True,
        )
    }

    @extend_schema(summary="How you want to be told", responses=PreferencesSerializer)
    def retrieve(self, request: Request, **wanted: Any) -> Response:  # noqa: ARG002 (DRF's signature)
        return Response(self.present())

    def partial_update(self, request: Request, **wanted: Any) -> HttpResponse:  # noqa: ARG002 (as above)
        told = body_of(request)
        table, hours = chosen_table(self.user), own_hours(self.user)
        start = PreferencesForm(table=table, hours=hours)
        sent = {name: start[name].value() for name in start.fields}
        sent |= sent_of(told, known={event for event, _, _ in table})
        form = PreferencesForm(as_a_browser(sent), table=table, hours=hours)
        if not form.is_valid():
            raise Unprocessable(errors_of(form, {}))
        self.way.does(rhythms=form.rhythms, hours=form.hours, by=self.user, at=timezone.now())
        return told_as(self.present())

    def present(self) -> dict[str, Any]:
        hours = own_hours(self.user)
        return {
            "events": [
                {"event": event.value, "inbox": here != Rhythm.OFF, "email": mail.value}
                for event, here, mail in chosen_table(self.user)
            ],
            "quiet_hours": {
                "are_on": hours.are_on,
                "begin": hours.begin.strftime("%H:%M"),
                "end": hours.end.strftime("%H:%M"),
            },
        }


def as_a_browser(sent: dict[str, Any]) -> dict[str, str]:
    """A box that is not ticked is not sent."""
    return {
        name: "on" if value is True else str(value)
        for name, value in sent.items()
        if value is not False
    }


def sent_of(told: dict[str, Any], *, known: set[Event]) -> dict[str, Any]:
    """By the form's names. Raises `Unprocessable`."""
    if unknown := sorted(told.keys() - {"events", "quiet_hours"}):
        words = "This is no field here. There are: events, quiet_hours."
        raise Unprocessable({name[:80]: [words] for name in unknown})
    events, hours = told.get("events", []), told.get("quiet_hours", {})
    if not isinstance(events, list) or not all(isinstance(one, dict) for one in events):
        raise Unprocessable({"events": ["A list of {event, inbox, email}."]})
    sent: dict[str, Any] = {}
    for one in events:
        values = dict(one)
        event = values.pop("event", None)
        if not isinstance(event, str) or event not in known:
            choices = ", ".join(sorted(known))
            raise Unprocessable({"events": [f"“event” is one of {choices}."]})
        fitting(values, {"inbox", "email"}, "events")
        sent |= {f"{name}-{event}": value for name, value in values.items()}
    fitting(hours, {"are_on", "begin", "end"}, "quiet_hours")
    return {**sent, **hours}


def fitting(values: Any, names: set[str], field: str) -> None:
    """Raises `Unprocessable`."""
    if not isinstance(values, dict) or not values.keys() <= names:
        raise Unprocessable({field: [f"Of each there are: {', '.join(sorted(names))}."]})
    for name, value in values.items():
        if not isinstance(value, KINDS[name]):
            what = "true or false" if KINDS[name] is bool else "a text"
            raise Unprocessable({field: [f"“{name}” is {what}."]})
