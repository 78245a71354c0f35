"""Knobs, and every turn of one."""

from typing import Any, ClassVar

from django.db.models import QuerySet
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from incidents.access.gates import visible_or_404
from incidents.api.fields import PageField, ReadSerializer
from incidents.api.resources.parts import TurnSerializer
from incidents.api.views import OF_PAGES, Records
from incidents.api.writes import Writes
from incidents.api.writing.taken import Taken
from incidents.api.writing.ways import Way, changing, making
from incidents.knowledge.filters import KnobFilter
from incidents.knowledge.forms import KnobForm, NewKnobForm
from incidents.knowledge.operations import change_knob, create_knob
from incidents.knowledge.queries import knobs_for, turns_of
from incidents.models import Knob


class KnobSerializer(ReadSerializer):
    """`turned` counts the turns in the incidents that you may see."""

    page = PageField()
    turned = serializers.IntegerField(source="turn_count")

    class Meta:
        model = Knob
        fields = (
            "id",
            "page",
            "component",
            "key",
            "unit",
            "description",
            "turned",
            "version",
            "created_at",
            "changed_at",
        )


class Knobs(Writes):
    serializer_class = KnobSerializer
    route = "knob"
    in_route: ClassVar[dict[str, str]] = {"knob": "pk"}
    writes: ClassVar[dict[str, Way]] = {
        "create": making(
            "Add a knob",
            create_knob,
            Taken(NewKnobForm, example={"component": "nginx", "key": "keepalive"}),
        ),
        "partial_update": changing(
            "Change what is said of a knob",
            change_knob,
            Taken(KnobForm),
            about="Component and key are its name, and stay.",
        ),
    }
    filterset_class = KnobFilter

    def get_queryset(self) -> QuerySet[Knob]:
        return knobs_for(self.user)

    def filterset_takes(self, request: Request) -> dict[str, Any]:  # noqa: ARG002 (as in Records)
        return {"user": self.user}

    def named(self, wanted: dict[str, Any]) -> dict[str, Any]:
        return {"pk": wanted["knob"]}

    @extend_schema(summary="Knobs, the latest first")
    def list(self, request: Request, **kwargs: Any) -> Response:
        return super().list(request, **kwargs)

    @extend_schema(summary="A knob")
    def retrieve(self, request: Request, **wanted: Any) -> Response:
        return super().retrieve(request, **wanted)


class Turns(Records):
    serializer_class = TurnSerializer
    filter_backends = ()

    def get_queryset(self) -> QuerySet[Any]:
        knob = visible_or_404(Knob.objects, self.user, pk=self.kwargs["knob"])
        return turns_of(knob, self.user).select_related("incident", "knob")

    def parameters(self) -> set[str] | None:
        return OF_PAGES

    @extend_schema(summary="Every turn of a knob, as they were recorded, the latest first")
    def list(self, request: Request, **kwargs: Any) -> Response:
        return super().list(request, **kwargs)
