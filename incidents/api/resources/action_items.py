"""Action items across incidents."""

from collections.abc import Iterable
from typing import Any, ClassVar

from django.db.models import Model, QuerySet
from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from incidents.action_items.filters import ActionItemFilter
from incidents.action_items.forms import (
    ActionItemForm,
    EvidenceForm,
    NewActionItemForm,
    ReasonForm,
)
from incidents.action_items.operations import (
    change_action_item,
    complete_action_item,
    create_action_item,
    decline_action_item,
    reopen_action_item,
    start_action_item,
    verify_action_item,
)
from incidents.action_items.queries import action_items_for
from incidents.api.fields import (
    IncidentNamed,
    LessonNamed,
    PageField,
    PersonNamed,
    ReadSerializer,
    TeamNamed,
)
from incidents.api.writes import Writes
from incidents.api.writing.refusals import Unprocessable, refuse_own_reach
from incidents.api.writing.taken import NOTHING, Taken
from incidents.api.writing.ways import Way, changing, making
from incidents.models import ActionItem, Incident, Reach, User


class ActionItemSerializer(ReadSerializer):
    """`done_at` and `declined_at` are null where it is not, or where nobody wrote the day down.

    `reopened` is null, too, where you may not know of that incident.
    """

    reference = serializers.CharField()
    page = PageField()
    incident = IncidentNamed(allow_null=True)
    lesson = LessonNamed(allow_null=True)
    owner = PersonNamed(allow_null=True)
    team = TeamNamed(allow_null=True)
    done_by = PersonNamed(allow_null=True)
    verified_by = PersonNamed(allow_null=True)
    tracker_url = serializers.CharField(allow_blank=True)
    reopened = serializers.CharField(
        allow_null=True, help_text="The incident in which its lesson was violated again: `INC-42`."
    )

    class Meta:
        model = ActionItem
        fields = (
            "reference",
            "page",
            "title",
            "body",
            "kind",
            "state",
            "origin",
            "incident",
            "lesson",
            "owner",
            "team",
            "due_date",
            "evidence",
            "wont_do_reason",
            "tracker_url",
            "source",
            "done_at",
            "done_by",
            "declined_at",
            "verified_at",
            "verified_by",
            "reopened",
            "version",
            "created_at",
            "changed_at",
        )


def told_items(items: Iterable[ActionItem], user: User) -> list[ActionItem]:
    """With what each is told with, in one query for all: who may see an item may not know of the
    incident for which it was reopened."""
    rows = list(items)
    keys = {one.reopened_for_id for one in rows if one.reopened_for_id}
    open_to_them = Incident.objects.visible_to(user).filter(pk__in=keys) if keys else []
    seen = {one.pk: one.reference for one in open_to_them}
    for one in rows:
        one.reopened = seen.get(one.reopened_for_id or 0)  # type: ignore[attr-defined]  # for the serializer
    return rows


EXAMPLE = {"title": "Alert on the pool's use", "kind": "detect", "incident": "INC-42"}
STEPS = {
    "start": Way(summary="Start an action item", does=start_action_item, takes=NOTHING),
    "complete": Way(
        summary="Say that an action item is done, and what shows it",
        does=complete_action_item,
        takes=Taken(EvidenceForm),
    ),
    "decline": Way(
        summary="Say that an action item will not be done, and why",
        does=decline_action_item,
        takes=Taken(ReasonForm),
    ),
    "reopen": Way(
        summary="Reopen an action item that was closed", does=reopen_action_item, takes=NOTHING
    ),
    "verify": Way(
        summary="Say that what somebody else did is done",
        does=verify_action_item,
        takes=NOTHING,
    ),
}


class ActionItems(Writes):
    serializer_class = ActionItemSerializer
    route = "action_item"
    in_route: ClassVar[dict[str, str]] = {"number": "pk"}
    is_of_incidents = True
    writes: ClassVar[dict[str, Way]] = {
        "create": making(
            "Add an action item",
            create_action_item,
            Taken(NewActionItemForm, example=EXAMPLE),
            about="Without a `due_date` it gets the one of the site's policy, where there is one,"
            " unless `no_due_date` is true.",
        ),
        "partial_update": changing(
            "Change an action item", change_action_item, Taken(ActionItemForm)
        ),
    }
    filterset_class = ActionItemFilter

    def get_queryset(self) -> QuerySet[ActionItem]:
        today = self.user.date_at(timezone.now())
        return action_items_for(self.user, today=today).select_related("verified_by")

    def filterset_takes(self, request: Request) -> dict[str, Any]:  # noqa: ARG002 (as in Records)
        return {"user": self.user, "is_unfinished": False}

    def prepare(self, rows: Iterable[Model]) -> None:
        told_items(rows, self.user)  # type: ignore[arg-type]  # they are action items

    def named(self, wanted: dict[str, Any]) -> dict[str, Any]:
        return {"pk": wanted["number"]}

    def row(self, wanted: dict[str, Any]) -> Any:
        found = super().row(wanted)
        if found.incident_id is None:
            refuse_own_reach(self.user)
        return found

    def values(self, filled: Any) -> dict[str, Any]:
        values = super().values(filled)
        if self.user.reach == Reach.OWN and values.get("incident", True) is None:
            raise Unprocessable({"incident": ["A token of own incidents names one of them."]})
        return values

    @extend_schema(summary="Action items of all states, the latest first")
    def list(self, request: Request, **kwargs: Any) -> Response:
        return super().list(request, **kwargs)

    @extend_schema(summary="An action item")
    def retrieve(self, request: Request, **wanted: Any) -> Response:
        return super().retrieve(request, **wanted)
