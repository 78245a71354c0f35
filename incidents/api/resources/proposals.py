"""Config deltas that an import proposes: recorded, or dismissed."""

from typing import Any, ClassVar

from django.db.models import QuerySet
from django.http import HttpResponse
from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from incidents.access.gates import visible_or_404
from incidents.api.fields import ReadSerializer
from incidents.api.resources.imports import ForEditors
from incidents.api.writing.once import once
from incidents.api.writing.refusals import NotNow, as_problems
from incidents.api.writing.taken import NOTHING, Taken
from incidents.api.writing.ways import Way
from incidents.importers.intake.forms import ProposalForm
from incidents.importers.intake.proposals import (
    AnsweredAlready,
    dismiss_proposal,
    record_proposal,
)
from incidents.importers.intake.queries import proposals_of
from incidents.models import Incident, ProposedDelta


class ProposalSerializer(ReadSerializer):
    """A sentence that seems to say that a setting was turned; empty is what it does not say."""

    incident = serializers.CharField(source="incident.reference")

    class Meta:
        model = ProposedDelta
        fields = (
            "id",
            "incident",
            "sentence",
            "component",
            "key",
            "before",
            "after",
            "state",
            "answered_at",
        )


class OfIncident(ForEditors):
    serializer_class = ProposalSerializer
    is_of_incidents = True

    def get_queryset(self) -> QuerySet[ProposedDelta]:
        incident = visible_or_404(Incident.objects, self.user, pk=self.kwargs["number"])
        return proposals_of(incident.pk, self.user).select_related("incident")

    @extend_schema(summary="What imports propose for an incident, and nobody has answered")
    def list(self, request: Request, **kwargs: Any) -> Response:
        """For editors."""
        return super().list(request, **kwargs)


RECORD = Way(
    summary="Record what an import proposes, as a config delta of its incident",
    does=record_proposal,
    takes=Taken(ProposalForm, example={"component": "nginx", "key": "keepalive", "after": "50"}),
    about="What is not sent is as it was proposed.",
)
DISMISS = Way(summary="Dismiss what an import proposes", does=dismiss_proposal, takes=NOTHING)


class Answered(ForEditors):
    serializer_class = ProposalSerializer
    is_of_incidents = True
    writes: ClassVar[dict[str, Way]] = {"take_step": DISMISS}

    def get_queryset(self) -> QuerySet[ProposedDelta]:
        return ProposedDelta.objects.visible_to(self.user).select_related("incident", "row")

    def named(self, wanted: dict[str, Any]) -> dict[str, Any]:
        return {"pk": wanted["proposal"]}

    def take_step(self, request: Request, **wanted: Any) -> HttpResponse:
        row = self.get_queryset().get(pk=self.row(wanted).pk)

        def write() -> int:
            filled, given = self.filled_for(row)
            try:
                with as_problems(filled, {}):
                    self.way.does(row, **given, by=self.user, at=timezone.now())
            except AnsweredAlready as refusal:
                raise NotNow(str(refusal)) from refusal
            return int(row.pk)

        return once(request, write=write, answer=self.answer)

    def filled_for(self, row: ProposedDelta) -> tuple[Any, dict[str, Any]]:
        if self.way is DISMISS:
            return self.filled(), {}
        filled = self.filled(instance=row, prefix="")
        return filled, {"values": filled.cleaned_data}
