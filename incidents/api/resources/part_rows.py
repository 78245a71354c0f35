"""The parts of an incident as programs write them: each kind at an address of its own."""

from typing import Any, ClassVar

from django import forms
from django.db.models import QuerySet
from django.urls import URLPattern, path
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from incidents.access.gates import visible_or_404
from incidents.api.resources.parts import (
    ContributingFactorSerializer,
    DeltaSerializer,
    EventSerializer,
    LessonLinkSerializer,
    MeasureSerializer,
    ParticipantSerializer,
    RelatedSerializer,
    RunbookUseSerializer,
)
from incidents.api.writes import Writes
from incidents.api.writing.kinds import AS_TIME
from incidents.api.writing.taken import Taken
from incidents.api.writing.ways import Way, changing, making, removing
from incidents.models import Incident
from incidents.records.parts import kinds
from incidents.records.parts.kinds import PartKind
from incidents.records.parts.operations import change_part, move_part, remove_part
from incidents.records.parts.queries import parts_of


class DirectionForm(forms.Form):
    direction = forms.ChoiceField(choices=[("up", "up"), ("down", "down")])


class Parts(Writes):
    """The parts of one kind of one incident; made for each kind by `rows_of`."""

    filter_backends = ()
    is_of_incidents = True
    kind: ClassVar[PartKind]
    in_route: ClassVar[dict[str, str]] = {"number": "incident_id", "pk": "pk"}

    @property
    def incident(self) -> Incident:
        found: Incident = visible_or_404(Incident.objects, self.user, pk=self.kwargs["number"])
        return found

    def rows(self) -> QuerySet[Any]:
        return parts_of(self.kind.model, self.incident, user=self.user)

    def get_queryset(self) -> QuerySet[Any]:
        return self.rows().select_related("incident")

    def row(self, wanted: dict[str, Any]) -> Any:
        found = super().row(wanted)
        found.incident = self.incident
        return found

    def named(self, wanted: dict[str, Any]) -> dict[str, Any]:
        return {"pk": wanted["pk"]}

    def made_with(self) -> dict[str, Any]:
        return {"instance": self.kind.model(incident=self.incident)}

    def make(self, made_with: dict[str, Any]) -> int:
        filled = self.filled(**made_with)
        incident = made_with["instance"].incident
        return int(self.carry_out(filled, incident, values=self.values(filled)).pk)


SERIALIZERS: dict[str, tuple[PartKind, Any, Taken]] = {
    "events": (
        kinds.EVENT,
        EventSerializer,
        Taken(
            kinds.EVENT.form,
            called={"time": "event"},
            kinds={"time": AS_TIME},
            example={"time": "2026-03-14T22:30", "kind": "detection", "text": "The alert fired."},
        ),
    ),
    "factors": (
        kinds.FACTOR,
        ContributingFactorSerializer,
        Taken(
            kinds.FACTOR.form,
            called={"factor": "factor_name"},
            example={"factor": "Pool smaller than its clients", "category": "capacity"},
        ),
    ),
    "deltas": (
        kinds.DELTA,
        DeltaSerializer,
        Taken(
            kinds.DELTA.form,
            kinds={"turned": AS_TIME},
            example={"component": "nginx", "key": "keepalive", "before": "5", "after": "50"},
        ),
    ),
    "measures": (kinds.MEASURE, MeasureSerializer, Taken(kinds.MEASURE.form)),
    "people": (kinds.PERSON, ParticipantSerializer, Taken(kinds.PERSON.form)),
    "lesson-links": (kinds.LESSON_LINK, LessonLinkSerializer, Taken(kinds.LESSON_LINK.form)),
    "runbook-uses": (kinds.RUNBOOK_USE, RunbookUseSerializer, Taken(kinds.RUNBOOK_USE.form)),
    "related": (kinds.RELATED, RelatedSerializer, Taken(kinds.RELATED.form)),
}
RECORD = "api/v1/incidents/<incident_ref:number>"


def rows_of(name: str) -> type[Parts]:
    """The addresses of one kind."""
    part_kind, serializer, takes = SERIALIZERS[name]
    one = part_kind.one

    class Rows(Parts):
        kind = part_kind
        serializer_class = serializer
        route = f"{route_of(name)}_row"
        writes: ClassVar[dict[str, Way]] = {
            "create": making(f"Add {one} to an incident", part_kind.add, takes),
            "partial_update": changing(f"Change {one} of an incident", change_part, takes),
            "destroy": removing(f"Remove {one} from an incident", remove_part),
            "take_step": Way(
                summary=f"Move {one} of an incident up or down",
                does=move_part,
                takes=Taken(DirectionForm),
            ),
        }

        @extend_schema(summary=f"{str(one).capitalize()} of an incident")
        def retrieve(self, request: Request, **wanted: Any) -> Response:
            return super().retrieve(request, **wanted)

    return Rows


def route_of(name: str) -> str:
    """Right: "incident_lesson_links" for "lesson-links"."""
    return f"incident_{name.replace('-', '_')}"


def routes() -> list[URLPattern]:
    found = []
    for name in SERIALIZERS:
        rows, root, route = rows_of(name), f"{RECORD}/{name}", route_of(name)
        row = {"get": "retrieve", "patch": "partial_update", "delete": "destroy"}
        found += [
            path(f"{root}/", rows.as_view({"post": "create"}), name=route),
            path(f"{root}/<int:pk>/", rows.as_view(row), name=f"{route}_row"),
            path(
                f"{root}/<int:pk>/move/",
                rows.as_view({"post": "take_step"}),
                name=f"move_{route}_row",
            ),
        ]
    return found
