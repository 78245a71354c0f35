"""Frozen reviews, with their figures."""

from datetime import timedelta
from typing import Any

from django.db.models import QuerySet
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from incidents.api.authentication import needs_all_reach
from incidents.api.fields import PageField, PersonNamed, ReadSerializer, ServiceNamed, TeamNamed
from incidents.api.views import OF_PAGES, Records
from incidents.models import Review, Sight
from incidents.review.editions import edition_for, figures_in
from incidents.review.figure import CellKind, Chart, to_json
from incidents.review.queries import frozen_reviews

IN_LISTS = (
    "id",
    "page",
    "title",
    "period",
    "starts",
    "ends",
    "team",
    "service",
    "frozen_at",
    "frozen_by",
    "version",
)


class ReviewSerializer(ReadSerializer):
    """Both days belong to the period. `team` and `service` are null where it is of all."""

    page = PageField()
    period = serializers.CharField(source="period.key", help_text="`2026Q3`, `2026-09`, `2026`.")
    starts = serializers.DateField(source="start_date")
    ends = serializers.SerializerMethodField()
    team = TeamNamed(allow_null=True)
    service = ServiceNamed(allow_null=True)
    frozen_by = PersonNamed()

    def get_ends(self, row: Review) -> str:
        return (row.end_date - timedelta(days=1)).isoformat()

    class Meta:
        model = Review
        fields: tuple[str, ...] = IN_LISTS


class ColumnSerializer(serializers.Serializer):
    key = serializers.CharField()
    title = serializers.CharField()
    kind = serializers.ChoiceField(choices=[kind.value for kind in CellKind])


class LeftOutSerializer(serializers.Serializer):
    count = serializers.IntegerField()
    why = serializers.CharField()


class FigureSerializer(serializers.Serializer):
    """A table with what it means and what it leaves out. A cell is null where it is not known.

    `about` has, for each row, the record or choice that it is about, or null; or it is empty.
    """

    key = serializers.CharField()
    title = serializers.CharField()
    section = serializers.CharField(allow_blank=True)
    definition = serializers.CharField(allow_blank=True)
    note = serializers.CharField(allow_blank=True)
    columns = ColumnSerializer(many=True)
    rows = serializers.ListField(child=serializers.ListField(child=serializers.JSONField()))
    about = serializers.ListField(
        child=serializers.ListField(child=serializers.JSONField(), allow_null=True)
    )
    left_out = LeftOutSerializer(many=True)
    chart = serializers.ChoiceField(choices=[chart.value for chart in Chart], allow_null=True)


class WholeReviewSerializer(ReviewSerializer):
    """`sight` is `full` for who may see every restricted incident in it: else the figures are over
    what was open to everybody. `sha256` is over what was frozen."""

    sight = serializers.ChoiceField(choices=Sight.choices)
    sha256 = serializers.CharField()
    figures = FigureSerializer(many=True)

    class Meta(ReviewSerializer.Meta):
        fields = (*IN_LISTS, "notes", "sight", "sha256", "figures")


class Reviews(Records):
    serializer_class = ReviewSerializer
    filter_backends = ()

    def get_queryset(self) -> QuerySet[Review]:
        return frozen_reviews().select_related("frozen_by", "team", "service")

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        super().initial(request, *args, **kwargs)
        needs_all_reach(self.user)

    def parameters(self) -> set[str] | None:
        return OF_PAGES if self.action == "list" else set()

    @extend_schema(summary="Frozen reviews, the latest first, without their figures")
    def list(self, request: Request, **kwargs: Any) -> Response:
        """Not for tokens of own incidents."""
        return super().list(request, **kwargs)

    @extend_schema(summary="A frozen review with its figures", responses=WholeReviewSerializer)
    def retrieve(self, request: Request, **wanted: Any) -> Response:
        """Not for tokens of own incidents."""
        self.serializer_class = WholeReviewSerializer
        return super().retrieve(request, **wanted)

    def named(self, wanted: dict[str, Any]) -> dict[str, Any]:
        return {"pk": wanted["review"]}

    def found(self, row: Any) -> Any:
        edition = edition_for(row, self.user)
        row.sight, row.sha256 = edition.sight, edition.sha256
        row.figures = [to_json(figure) for figure in figures_in(edition, self.user)]
        return row
