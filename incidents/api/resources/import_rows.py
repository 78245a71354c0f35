"""The records of an import, as they were found."""

from typing import Any

import django_filters
from django.db.models import QuerySet
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from incidents.access.gates import one_or_404
from incidents.api.fields import ReadSerializer
from incidents.api.resources.imports import ForEditors
from incidents.api.writes import Writes
from incidents.importers.intake.queries import imports_of, rows_of
from incidents.models import ImportRow, RowAction


class ImportRowSerializer(ReadSerializer):
    """One record as it was found. `action` is what is to be done, or was; `why` says why it is left
    alone or not read. `proposed` counts config deltas that wait for an answer."""

    incident = serializers.CharField(source="incident.reference", default=None, allow_null=True)
    runbook = serializers.CharField(source="runbook.slug", default=None, allow_null=True)
    proposed = serializers.IntegerField()

    class Meta:
        model = ImportRow
        fields: tuple[str, ...] = (
            "id",
            "where",
            "key",
            "title",
            "action",
            "why",
            "incident",
            "runbook",
            "proposed",
            "applied_at",
            "undone_at",
        )


class WholeImportRowSerializer(ImportRowSerializer):
    """With all that was read of it."""

    found = serializers.JSONField(help_text="What becomes of it, by field; empty if not read.")

    class Meta(ImportRowSerializer.Meta):
        fields = (*ImportRowSerializer.Meta.fields, "found")


class RowFilter(django_filters.FilterSet):
    action = django_filters.ChoiceFilter(choices=RowAction.choices, label="What is done with it")

    class Meta:
        model = ImportRow
        fields = ("action",)


class Rows(ForEditors):
    serializer_class = ImportRowSerializer
    filter_backends = Writes.filter_backends
    filterset_class = RowFilter

    def get_queryset(self) -> QuerySet[ImportRow]:
        of = one_or_404(imports_of(self.user), pk=self.kwargs["imported"])
        found = rows_of(of, self.user)
        return found if self.action == "list" else found.defer(None)

    def named(self, wanted: dict[str, Any]) -> dict[str, Any]:
        return {"pk": wanted["row"]}

    @extend_schema(summary="The records of an import, the last that was found first")
    def list(self, request: Request, **kwargs: Any) -> Response:
        """But for those that are not open to you."""
        return super().list(request, **kwargs)

    @extend_schema(
        summary="One record of an import, as it was found", responses=WholeImportRowSerializer
    )
    def retrieve(self, request: Request, **wanted: Any) -> Response:
        self.serializer_class = WholeImportRowSerializer
        return super().retrieve(request, **wanted)
