"""The vocabulary of contributing factors."""

from typing import Any, ClassVar

from django.db.models import QuerySet
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from incidents.api.fields import PageField, ReadSerializer
from incidents.api.writes import Writes
from incidents.api.writing.taken import Taken
from incidents.api.writing.ways import Way, changing, making
from incidents.knowledge.filters import FactorFilter
from incidents.knowledge.forms import FactorForm, NewFactorForm
from incidents.knowledge.operations import change_factor, create_factor
from incidents.knowledge.queries import factors_for
from incidents.models import Factor


class FactorSerializer(ReadSerializer):
    """`uses` counts the incidents that you may see."""

    page = PageField()
    uses = serializers.IntegerField(source="use_count")

    class Meta:
        model = Factor
        fields = (
            "slug",
            "page",
            "name",
            "category",
            "description",
            "uses",
            "version",
            "created_at",
            "changed_at",
        )


EXAMPLE = {"name": "Pool smaller than its clients", "category": "capacity"}


class Factors(Writes):
    serializer_class = FactorSerializer
    route = "factor"
    in_route: ClassVar[dict[str, str]] = {"slug": "slug"}
    writes: ClassVar[dict[str, Way]] = {
        "create": making(
            "Add a factor",
            create_factor,
            Taken(NewFactorForm, optional=("slug",), example=EXAMPLE),
            about="Its name makes the `slug` where none is given.",
        ),
        "partial_update": changing("Change a factor", change_factor, Taken(FactorForm)),
    }
    filterset_class = FactorFilter

    def get_queryset(self) -> QuerySet[Factor]:
        return factors_for(self.user)

    @extend_schema(summary="Factors, the latest first")
    def list(self, request: Request, **kwargs: Any) -> Response:
        return super().list(request, **kwargs)

    @extend_schema(summary="A factor")
    def retrieve(self, request: Request, **wanted: Any) -> Response:
        return super().retrieve(request, **wanted)
