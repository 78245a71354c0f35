"""Files that are taken out: asked for, watched while they are written, fetched."""

from http import HTTPStatus
from typing import Any, ClassVar

from django.conf import settings
from django.db.models import QuerySet
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.urls import reverse
from django.utils import timezone
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiResponse, extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from incidents.access.gates import one_or_404, visible_or_404
from incidents.api.authentication import needs_all_reach
from incidents.api.fields import PageField, ReadSerializer, ServiceNamed, TeamNamed
from incidents.api.resources.attachments import BYTES
from incidents.api.views import OF_PAGES, Answer
from incidents.api.writes import Writes
from incidents.api.writing.once import once
from incidents.api.writing.refusals import NotNow
from incidents.api.writing.taken import NOTHING, Taken
from incidents.api.writing.ways import Way, making
from incidents.exports import files
from incidents.exports.forms import IncidentExportForm, ReviewExportForm
from incidents.exports.operations import (
    NothingToCancel,
    TooManyExports,
    cancel_export,
    export_incident,
    export_review,
)
from incidents.exports.queries import exports_of, may_still_see
from incidents.models import Export, ExportFormat, ExportState, Incident, Reach, User


class ExportSerializer(ReadSerializer):
    """`incident` or `period` says of what it is. `file` is where it is once it is written, and
    null before; `size` is in bytes. `done` counts the parts that are written, of `total`, which is
    null while nobody knows."""

    page = PageField()
    incident = serializers.CharField(source="incident.reference", default=None, allow_null=True)
    period = serializers.SerializerMethodField(allow_null=True)
    team = TeamNamed(allow_null=True)
    service = ServiceNamed(allow_null=True)
    state = serializers.ChoiceField(choices=ExportState.choices)
    done = serializers.IntegerField(source="job.progress_done", default=0)
    total = serializers.IntegerField(source="job.progress_total", default=None, allow_null=True)
    file = serializers.SerializerMethodField(allow_null=True)

    class Meta:
        model = Export
        fields = (
            "id",
            "page",
            "incident",
            "period",
            "team",
            "service",
            "format",
            "state",
            "done",
            "total",
            "size",
            "file",
            "made_at",
            "expires_at",
        )

    def get_period(self, row: Export) -> str | None:
        return row.period or None

    def get_file(self, row: Export) -> str | None:
        address = reverse("api:export_file", args=[row.pk])
        return f"{settings.SITE_URL}{address}" if row.state == ExportState.READY else None


def mine(user: User) -> QuerySet[Export]:
    """One's own that are still kept; of reviews only for who counts over all."""
    rows = exports_of(user).filter(expires_at__gt=timezone.now())
    return rows.filter(incident__isnull=False) if user.reach == Reach.OWN else rows


class Exports(Writes):
    serializer_class = ExportSerializer
    filter_backends = ()
    route = "export"
    in_route: ClassVar[dict[str, str]] = {"export": "pk"}
    is_of_incidents = True
    writes: ClassVar[dict[str, Way]] = {
        "create": making(
            "Ask for the pack of a review",
            export_review,
            Taken(ReviewExportForm, example={"format": "pdf", "period": "2026Q3"}),
            about="It is written by a worker: ask for it again until its `state` is `ready`."
            " Not for tokens of own incidents.",
            by_anybody=True,
        ),
        "take_step": Way(
            summary="Cancel an export that is not finished",
            does=cancel_export,
            takes=NOTHING,
            by_anybody=True,
        ),
    }

    def get_queryset(self) -> QuerySet[Export]:
        return mine(self.user)

    def rows(self) -> QuerySet[Export]:
        return mine(self.user)

    def parameters(self) -> set[str] | None:
        return OF_PAGES if self.action == "list" else set()

    def named(self, wanted: dict[str, Any]) -> dict[str, Any]:
        return {"pk": wanted["export"]}

    def make(self, made_with: dict[str, Any]) -> int:  # noqa: ARG002 (as Writes has it)
        needs_all_reach(self.user)
        wish = dict(self.filled().cleaned_data)
        return self.owed(wish.pop("period"), wanted=ExportFormat(wish.pop("format")), **wish)

    def owed(self, *of: Any, **wish: Any) -> int:
        try:
            return int(self.way.does(*of, **wish, by=self.user, at=timezone.now()).pk)
        except TooManyExports as refusal:
            raise NotNow(str(refusal)) from refusal

    def take_step(self, request: Request, **wanted: Any) -> HttpResponse:
        row = self.row(wanted)

        def write() -> int:
            self.filled()
            try:
                self.way.does(row, at=timezone.now())
            except NothingToCancel as refusal:
                raise NotNow(str(refusal)) from refusal
            return int(row.pk)

        return once(request, write=write, answer=self.answer)

    @extend_schema(summary="Your exports that are still kept, the latest first")
    def list(self, request: Request, **kwargs: Any) -> Response:
        return super().list(request, **kwargs)

    @extend_schema(summary="An export of yours")
    def retrieve(self, request: Request, **wanted: Any) -> Response:
        return super().retrieve(request, **wanted)


class OfIncident(Exports):
    writes: ClassVar[dict[str, Way]] = {
        "create": Way(
            summary="Ask for a file of an incident",
            does=export_incident,
            takes=Taken(IncidentExportForm, example={"format": "pdf"}),
            about="It is written by a worker: ask for it again until its `state` is `ready`.",
            by_anybody=True,
            answers=HTTPStatus.CREATED,
        )
    }

    def make(self, made_with: dict[str, Any]) -> int:
        wanted = ExportFormat(self.filled().cleaned_data["format"])
        return self.owed(made_with["incident"], wanted=wanted)

    def made_with(self) -> dict[str, Any]:
        incident = visible_or_404(Incident.objects, self.user, pk=self.kwargs["number"])
        return {"incident": incident}


class ExportFile(Answer):
    @extend_schema(
        summary="The file of an export",
        responses={(200, BYTES): OpenApiResponse(OpenApiTypes.BINARY)},
    )
    def get(self, request: HttpRequest, export: int) -> HttpResponseBase:  # noqa: ARG002 (DRF's signature)
        """404 also where something in it is not open to you any more."""
        found = one_or_404(mine(self.user), pk=export)
        if not may_still_see(found, self.user):
            raise Http404("Something in it is not open to you any more.")
        try:
            content = files.kept(found.file).open("rb")
        except (FileNotFoundError, IsADirectoryError):
            raise Http404("It is not written yet, or not kept any more.") from None
        name = f"{found.title}.{found.ending}"
        # The response closes it.
        return FileResponse(content, as_attachment=True, filename=name, content_type=BYTES)
