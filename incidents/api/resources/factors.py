"""The vocabulary of contributing factors."""

from typing import Any

from django.db.models import QuerySet
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from incidents.api.fields import PageField, ReadSerializer
from incidents.api.views import Records
from incidents.knowledge.filters import FactorFilter
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


class Factors(Records):
    serializer_class = FactorSerializer
    filterset_class = FactorFilter

    def get_queryset(self) -> QuerySet[Factor]:
        return factors_for(self.user)

    @extend_schema(summary="Factors, the latest first")
    def list(self, request: Request, **kwargs: Any) -> Response:
        return super().list(request, **kwargs)

    @extend_schema(summary="A factor")
    def retrieve(self, request: Request, **wanted: Any) -> Response:
        return super().retrieve(request, **wanted)
