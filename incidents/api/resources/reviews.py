"""Frozen reviews, with their figures."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any, ClassVar

from django.db.models import QuerySet
from django.http import HttpResponse
from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from incidents.access.gates import one_or_404
from incidents.action_items.forms import NewActionItemForm
from incidents.api.authentication import needs_all_reach
from incidents.api.fields import PageField, PersonNamed, ReadSerializer, ServiceNamed, TeamNamed
from incidents.api.resources.action_items import ActionItems
from incidents.api.views import OF_PAGES
from incidents.api.writes import Writes
from incidents.api.writing.refusals import as_problems
from incidents.api.writing.taken import Taken
from incidents.api.writing.ways import Way, changing, making, removing
from incidents.models import Review, ReviewDecision, Sight, User
from incidents.review.editions import edition_for, figures_in
from incidents.review.figure import CellKind, Chart, to_json
from incidents.review.forms import (
    ChangedDecisionForm,
    DecisionForm,
    NotesForm,
    OfForm,
    PeriodForm,
)
from incidents.review.operations import (
    act_on_decision,
    add_decision,
    change_decision,
    freeze_review,
    remove_decision,
    write_notes,
)
from incidents.review.queries import decisions_of, frozen_reviews
from incidents.review.scope import Scope

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


class DecisionSerializer(ReadSerializer):
    """`action_item` is what it became: null where it did not, or where you may not know of that."""

    action_item = serializers.CharField(source="told_item", allow_null=True)

    class Meta:
        model = ReviewDecision
        fields = ("id", "text", "action_item", "version")


def told_decisions(review: Review, user: User) -> list[ReviewDecision]:
    """With the reference of what each became, as far as this person may know of it."""
    found = []
    for one, item in decisions_of(review, user):
        one.told_item = item.reference if item else None  # type: ignore[attr-defined]  # for the serializer
        found.append(one)
    return found


class WholeReviewSerializer(ReviewSerializer):
    """`sight` is `full` for who may see every restricted incident in it: else the figures are over
    what was open to everybody. `sha256` is over what was frozen."""

    sight = serializers.ChoiceField(choices=Sight.choices)
    sha256 = serializers.CharField()
    figures = FigureSerializer(many=True)
    decisions = DecisionSerializer(many=True, source="told_decisions")

    class Meta(ReviewSerializer.Meta):
        fields = (*IN_LISTS, "notes", "sight", "sha256", "figures", "decisions")


class FreezeForm(PeriodForm, OfForm):
    """Of which period, and of which team or service; of all where neither is named."""


def freeze(*, values: Mapping[str, Any], by: User, at: datetime) -> Review:
    return freeze_review(Scope(user=by, **values), by=by, at=at)


class OverAll(Writes):
    """Not for tokens of own incidents."""

    filter_backends = ()

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        super().initial(request, *args, **kwargs)
        needs_all_reach(self.user)


class Reviews(OverAll):
    serializer_class = ReviewSerializer
    whole = WholeReviewSerializer
    route = "review"
    in_route: ClassVar[dict[str, str]] = {"review": "pk"}
    writes: ClassVar[dict[str, Way]] = {
        "create": making(
            "Freeze the review of a period that is over",
            freeze,
            Taken(FreezeForm, example={"period": "2026Q3", "team": "shop"}),
            about="Not for tokens of own incidents. It can be done once: sent again, it is refused"
            " as frozen already, and needs no `Idempotency-Key`.",
            takes_key=False,
        ),
        "partial_update": changing(
            "Write the notes of a review",
            write_notes,
            Taken(NotesForm, example={"notes": "We met on Monday."}),
            about="Not for tokens of own incidents.",
        ),
    }

    def get_queryset(self) -> QuerySet[Review]:
        return frozen_reviews().select_related("frozen_by", "team", "service")

    def create(self, request: Request, **wanted: Any) -> HttpResponse:  # noqa: ARG002 (DRF's signature)
        """What is counted is of one moment: no transaction may have begun before."""
        filled = self.filled()
        with as_problems(filled, self.way.takes.names if self.way.takes else {}):
            review = freeze(values=filled.cleaned_data, by=self.user, at=timezone.now())
        return self.answer(review.pk)

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
        row.told_decisions = told_decisions(row, self.user)
        return row


class Decisions(OverAll):
    """What the meeting over one review decided."""

    serializer_class = DecisionSerializer
    route = "decision"
    in_route: ClassVar[dict[str, str]] = {"review": "review_id", "decision": "pk"}
    writes: ClassVar[dict[str, Way]] = {
        "create": making("Add a decision to a review", add_decision, Taken(DecisionForm)),
        "partial_update": changing(
            "Change a decision of a review", change_decision, Taken(ChangedDecisionForm)
        ),
        "destroy": removing("Remove a decision from a review", remove_decision),
    }

    @property
    def review(self) -> Review:
        return one_or_404(frozen_reviews(), pk=self.kwargs["review"])

    def rows(self) -> QuerySet[ReviewDecision]:
        return ReviewDecision.objects.filter(review=self.review).select_related("review")

    def get_queryset(self) -> QuerySet[ReviewDecision]:
        return self.rows()

    def named(self, wanted: dict[str, Any]) -> dict[str, Any]:
        return {"pk": wanted["decision"]}

    def make(self, made_with: dict[str, Any]) -> int:
        filled = self.filled()
        return int(self.carry_out(filled, made_with["review"], values=self.values(filled)).pk)

    def made_with(self) -> dict[str, Any]:
        return {"review": self.review}

    def found(self, row: Any) -> Any:
        return next(one for one in told_decisions(row.review, self.user) if one.pk == row.pk)

    @extend_schema(summary="A decision of a review")
    def retrieve(self, request: Request, **wanted: Any) -> Response:
        """Not for tokens of own incidents."""
        return super().retrieve(request, **wanted)


class ActedOn(ActionItems):
    """A decision becomes an action item."""

    writes: ClassVar[dict[str, Way]] = {
        "create": making(
            "Make a decision of a review an action item",
            act_on_decision,
            Taken(NewActionItemForm, optional=("title",)),
            about="Its title is the decision where none is given.",
        )
    }

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        super().initial(request, *args, **kwargs)
        needs_all_reach(self.user)

    @property
    def decision(self) -> ReviewDecision:
        rows = ReviewDecision.objects.select_related("review__team", "review__service")
        wanted = {"review": self.kwargs["review"], "pk": self.kwargs["decision"]}
        return one_or_404(rows, **wanted)

    def made_with(self) -> dict[str, Any]:
        return {"decision": self.decision}

    def initial_of_form(self) -> dict[str, Any]:
        decision = self.decision
        return {"title": decision.text, "source": f"Review of {decision.review.title}"}

    def make(self, made_with: dict[str, Any]) -> int:
        filled = self.filled()
        return int(self.carry_out(filled, made_with["decision"], values=self.values(filled)).pk)
