"""The files beside a record, and what is in one."""

from http import HTTPStatus
from typing import Any, ClassVar

import django_filters
from django.conf import settings
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.http import content_disposition_header
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiResponse, extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from incidents.access.gates import one_or_404, visible_or_404
from incidents.api.fields import PersonNamed, ReadSerializer
from incidents.api.views import Answer
from incidents.api.writes import Writes
from incidents.api.writing.files import digest_of, one_file
from incidents.api.writing.once import once
from incidents.api.writing.refusals import Unprocessable, refuse_own_reach
from incidents.api.writing.taken import NOTHING
from incidents.api.writing.ways import Way
from incidents.attachments.forms import new_file
from incidents.attachments.operations import (
    CannotAttach,
    attach,
    bring_back_attachment,
    remove_attachment,
)
from incidents.attachments.queries import content_of
from incidents.models import Attachment, Incident, Runbook

BYTES = "application/octet-stream"


class AttachmentSerializer(ReadSerializer):
    """`size` is in bytes; `media_type` is seen from what is in it; `content` is where that is. A
    file that was removed has a `removed_at`, and its content is not told."""

    content = serializers.SerializerMethodField()
    added_by = PersonNamed(allow_null=True)

    class Meta:
        model = Attachment
        fields = (
            "id",
            "name",
            "media_type",
            "size",
            "sha256",
            "content",
            "added_by",
            "added_at",
            "removed_at",
        )

    def get_content(self, row: Attachment) -> str:
        return f"{settings.SITE_URL}{reverse('api:attachment_content', args=[row.pk])}"


class AttachmentFilter(django_filters.FilterSet):
    removed = django_filters.BooleanFilter(
        label="Those that were removed instead of those that are there",
        method="that_were_removed",
    )

    def that_were_removed(
        self,
        rows: QuerySet[Attachment],
        _: str,
        are_removed: bool,  # noqa: FBT001 (as django-filter calls it)
    ) -> QuerySet[Attachment]:
        return rows.filter(removed_at__isnull=not are_removed)


FILE = {
    "type": "object",
    "properties": {"file": {"type": "string", "format": "binary"}},
    "required": ["file"],
    "additionalProperties": False,
}


def attaching(what: str) -> Way:
    return Way(
        summary=f"Attach a file to {what}",
        does=attach,
        about="One file of a form: `curl -F file=@graph.png`. A file that is there already, under"
        " this name, is not attached again: it is the answer.",
        form=FILE,
        answers=HTTPStatus.CREATED,
    )


class Attachments(Writes):
    """The files of one record."""

    serializer_class = AttachmentSerializer
    filterset_class = AttachmentFilter
    route = "attachment"
    in_route: ClassVar[dict[str, str]] = {"attachment": "pk"}

    def record(self) -> Incident | Runbook:
        raise NotImplementedError

    def get_queryset(self) -> QuerySet[Attachment]:
        return self.record().attachments.visible_to(self.user).select_related("added_by")

    def listed(self, rows: QuerySet[Attachment]) -> QuerySet[Attachment]:
        is_asked = "removed" in self.request.query_params
        return rows if is_asked else rows.filter(removed_at__isnull=True)

    def create(self, request: Request, **wanted: Any) -> HttpResponse:  # noqa: ARG002 (DRF's signature)
        record = self.record()
        file = new_file(one_file(request, "file"))

        def write() -> int:
            try:
                (made,) = self.way.does(record, [file], by=self.user, at=timezone.now())
            except CannotAttach as refusal:
                raise Unprocessable({"file": [str(refusal)]}) from refusal
            return int(made.pk)

        return once(request, write=write, answer=self.answer, sent=digest_of(request))


class OfIncident(Attachments):
    is_of_incidents = True
    writes: ClassVar[dict[str, Way]] = {"create": attaching("an incident")}

    def record(self) -> Incident:
        found: Incident = visible_or_404(Incident.objects, self.user, pk=self.kwargs["number"])
        return found

    @extend_schema(summary="The files beside an incident, the latest first")
    def list(self, request: Request, **kwargs: Any) -> Response:
        return super().list(request, **kwargs)


class OfRunbook(Attachments):
    writes: ClassVar[dict[str, Way]] = {"create": attaching("a runbook")}

    def record(self) -> Runbook:
        return one_or_404(Runbook.objects.all(), slug=self.kwargs["slug"])

    @extend_schema(summary="The files beside a runbook, the latest first")
    def list(self, request: Request, **kwargs: Any) -> Response:
        return super().list(request, **kwargs)


class One(Writes):
    """One file. It has no version: nobody changes it, so nothing is written over."""

    serializer_class = AttachmentSerializer
    is_of_incidents = True
    writes: ClassVar[dict[str, Way]] = {
        "destroy": Way(
            summary="Remove a file from its record",
            does=remove_attachment,
            about="It can be brought back.",
            answers=HTTPStatus.NO_CONTENT,
        ),
        "take_step": Way(
            summary="Bring back a file that was removed",
            does=bring_back_attachment,
            takes=NOTHING,
        ),
    }

    def get_queryset(self) -> QuerySet[Attachment]:
        return Attachment.objects.visible_to(self.user).select_related("added_by")

    def named(self, wanted: dict[str, Any]) -> dict[str, Any]:
        return {"pk": wanted["attachment"]}

    def row(self, wanted: dict[str, Any]) -> Attachment:
        found: Attachment = super().row(wanted)
        if found.incident_id is None:
            refuse_own_reach(self.user)
        return found

    @extend_schema(summary="A file beside a record, also one that was removed")
    def retrieve(self, request: Request, **wanted: Any) -> Response:
        return super().retrieve(request, **wanted)

    def destroy(self, request: Request, **wanted: Any) -> HttpResponse:  # noqa: ARG002 (DRF's signature)
        self.carry_out(self.filled(), self.row(wanted))
        return HttpResponse(status=self.way.answers)


class Content(Answer):
    @extend_schema(
        summary="What is in a file",
        responses={(200, BYTES): OpenApiResponse(OpenApiTypes.BINARY)},
    )
    def get(self, request: HttpRequest, attachment: int) -> HttpResponse:  # noqa: ARG002 (DRF's signature)
        rows = Attachment.objects.visible_to(self.user).there()
        found = one_or_404(rows, pk=attachment)
        name = content_disposition_header(as_attachment=True, filename=found.name)
        headers = {"Content-Disposition": name or "attachment"}
        return HttpResponse(content_of(found), content_type=BYTES, headers=headers)
