"""Runbooks."""

from typing import Any, ClassVar

from django.db.models import Prefetch, QuerySet
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from incidents.api.fields import (
    KnobNamed,
    PageField,
    PersonNamed,
    ReadSerializer,
    ServiceNamed,
    TeamNamed,
)
from incidents.api.writes import Writes
from incidents.api.writing.kinds import AS_KNOBS, AS_LINES
from incidents.api.writing.taken import NOTHING, Taken
from incidents.api.writing.ways import Way, changing, making
from incidents.models import Knob, Runbook
from incidents.runbooks.filters import RunbookFilter
from incidents.runbooks.forms import NewRunbookForm, RunbookForm
from incidents.runbooks.operations import change_runbook, create_runbook, verify_runbook
from incidents.runbooks.queries import runbooks_for

IN_LISTS = (
    "slug",
    "page",
    "title",
    "summary",
    "state",
    "alerts",
    "services",
    "owner",
    "team",
    "verify_every_days",
    "last_verified_date",
    "unverified_since",
    "helped",
    "failed",
    "version",
    "created_at",
    "changed_at",
)


class RunbookSerializer(ReadSerializer):
    """`helped` and `failed` count the incidents that you may see."""

    page = PageField()
    alerts = serializers.ListField(
        source="alert_lines", child=serializers.CharField(), help_text="Names, or label matchers."
    )
    services = ServiceNamed(many=True)
    owner = PersonNamed(allow_null=True)
    team = TeamNamed(allow_null=True)
    verify_every_days = serializers.IntegerField(
        source="verify_every",
        allow_null=True,
        help_text="Null: as the site's settings say.",
    )
    unverified_since = serializers.SerializerMethodField(
        help_text="The incident in which a knob that it assumes was turned since: `INC-42`."
    )
    helped = serializers.IntegerField(source="helped_count")
    failed = serializers.IntegerField(source="failed_count")

    def get_unverified_since(self, row: Runbook) -> str | None:
        return f"INC-{row.unverified_since}" if row.unverified_since else None

    class Meta:
        model = Runbook
        fields: tuple[str, ...] = IN_LISTS


class WholeRunbookSerializer(RunbookSerializer):
    """A runbook with what to do, in Markdown, and the knobs that it assumes."""

    knobs = KnobNamed(many=True)
    last_verified_by = PersonNamed(allow_null=True)

    class Meta(RunbookSerializer.Meta):
        fields = (*IN_LISTS, "body", "knobs", "last_verified_by")


CALLED = {"verify_every_days": "verify_every"}
KINDS = {"alerts": AS_LINES, "knobs": AS_KNOBS}
EXAMPLE = {"title": "Redis is full", "alerts": ["RedisMemoryHigh"], "body": "1. Look."}
VERIFY = Way(
    summary="Say that a runbook is right, after going through it",
    does=verify_runbook,
    takes=NOTHING,
    about="What people said to be wrong with it is dealt with. `If-Match` names the version that"
    " was gone through.",
    names_version=True,
)


class Runbooks(Writes):
    serializer_class = RunbookSerializer
    whole = WholeRunbookSerializer
    route = "runbook"
    in_route: ClassVar[dict[str, str]] = {"slug": "slug"}
    writes: ClassVar[dict[str, Way]] = {
        "create": making(
            "Write a runbook",
            create_runbook,
            Taken(NewRunbookForm, called=CALLED, kinds=KINDS, optional=("slug",), example=EXAMPLE),
            about="Its title makes the `slug` where none is given.",
        ),
        "partial_update": changing(
            "Change a runbook", change_runbook, Taken(RunbookForm, called=CALLED, kinds=KINDS)
        ),
    }
    filterset_class = RunbookFilter

    def get_queryset(self) -> QuerySet[Runbook]:
        rows = runbooks_for(self.user)
        if self.action == "list":
            return rows.defer("body", "body_html")
        knobs = Knob.objects.visible_to(self.user).order_by("component", "key")
        return rows.select_related("last_verified_by").prefetch_related(Prefetch("knobs", knobs))

    def filterset_takes(self, request: Request) -> dict[str, Any]:  # noqa: ARG002 (as in Records)
        return {"user": self.user}

    @extend_schema(summary="Runbooks, the latest first, without what to do")
    def list(self, request: Request, **kwargs: Any) -> Response:
        return super().list(request, **kwargs)

    @extend_schema(summary="A runbook", responses=WholeRunbookSerializer)
    def retrieve(self, request: Request, **wanted: Any) -> Response:
        self.serializer_class = WholeRunbookSerializer
        return super().retrieve(request, **wanted)
