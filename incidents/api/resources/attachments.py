"""The files beside a record, and what is in one."""

from typing import Any

from django.conf import settings
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.http import content_disposition_header
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiResponse, extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from incidents.access.gates import one_or_404, visible_or_404
from incidents.api.fields import PersonNamed, ReadSerializer
from incidents.api.views import OF_PAGES, Answer, Records
from incidents.attachments.queries import content_of
from incidents.models import Attachment, Incident, Runbook

BYTES = "application/octet-stream"


class AttachmentSerializer(ReadSerializer):
    """`size` is in bytes; `media_type` is seen from what is in it; `content` is where that is."""

    content = serializers.SerializerMethodField()
    added_by = PersonNamed(allow_null=True)

    class Meta:
        model = Attachment
        fields = ("id", "name", "media_type", "size", "sha256", "content", "added_by", "added_at")

    def get_content(self, row: Attachment) -> str:
        return f"{settings.SITE_URL}{reverse('api:attachment_content', args=[row.pk])}"


class Attachments(Records):
    serializer_class = AttachmentSerializer
    filter_backends = ()

    def record(self) -> Incident | Runbook:
        raise NotImplementedError

    def get_queryset(self) -> QuerySet[Attachment]:
        rows = self.record().attachments.visible_to(self.user).there()
        return rows.select_related("added_by")

    def parameters(self) -> set[str] | None:
        return OF_PAGES


class OfIncident(Attachments):
    def record(self) -> Incident:
        found: Incident = visible_or_404(Incident.objects, self.user, pk=self.kwargs["number"])
        return found

    @extend_schema(summary="The files beside an incident, the latest first")
    def list(self, request: Request, **kwargs: Any) -> Response:
        return super().list(request, **kwargs)


class OfRunbook(Attachments):
    def record(self) -> Runbook:
        return one_or_404(Runbook.objects.all(), slug=self.kwargs["slug"])

    @extend_schema(summary="The files beside a runbook, the latest first")
    def list(self, request: Request, **kwargs: Any) -> Response:
        return super().list(request, **kwargs)


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
