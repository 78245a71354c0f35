"""Incidents, in a list, and each with all of its parts."""

from typing import Any, ClassVar

from django.db.models import Prefetch, QuerySet, prefetch_related_objects
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from incidents.api.fields import (
    LessonNamed,
    PageField,
    PersonNamed,
    ReadSerializer,
    ServiceNamed,
    TeamNamed,
    TimeField,
)
from incidents.api.resources.action_items import ActionItemSerializer, told_items
from incidents.api.resources.parts import (
    ContributingFactorSerializer,
    DeltaSerializer,
    EventSerializer,
    LessonLinkSerializer,
    MeasureSerializer,
    ParticipantSerializer,
    RelatedSerializer,
    RunbookUseSerializer,
)
from incidents.api.views import Records
from incidents.api.writes import Writes
from incidents.api.writing.kinds import AS_TIME, AS_WORDS
from incidents.api.writing.refusals import Unprocessable
from incidents.api.writing.taken import NOTHING, Taken
from incidents.api.writing.ways import Way, changing, making
from incidents.exports.queries import Whole, some_whole
from incidents.models import (
    ConfigDelta,
    ContributingFactor,
    ImpactMeasure,
    Incident,
    LessonLink,
    Participant,
    Reach,
    RelatedIncident,
    RunbookUse,
    Team,
    TimelineEvent,
)
from incidents.records import states
from incidents.records.filters import IncidentFilter
from incidents.records.forms import (
    AccessForm,
    AnswerForm,
    IncidentForm,
    NewIncidentForm,
    PublishForm,
    ReviewersForm,
    WithdrawForm,
)
from incidents.records.operations import change_incident, create_incident
from incidents.records.queries import in_the_list, incidents_for
from incidents.records.state_views import change_access

IN_LISTS = (
    "reference",
    "page",
    "title",
    "kind",
    "state",
    "severity",
    "detection",
    "is_restricted",
    "began",
    "detected",
    "mitigated",
    "resolved",
    "owner",
    "services",
    "teams",
    "tags",
    "published_at",
    "version",
    "created_at",
    "changed_at",
)


class IncidentSerializer(ReadSerializer):
    """An incident without its texts and parts. A `severity` or `detection` may be `unknown`."""

    reference = serializers.CharField()
    page = PageField()
    is_restricted = serializers.BooleanField()
    began, detected = TimeField("began"), TimeField("detected")
    mitigated, resolved = TimeField("mitigated"), TimeField("resolved")
    owner = PersonNamed(allow_null=True)
    services = ServiceNamed(many=True)
    teams = TeamNamed(many=True)
    tags = serializers.SlugRelatedField(slug_field="name", many=True, read_only=True)

    class Meta:
        model = Incident
        fields: tuple[str, ...] = IN_LISTS


class WholeIncidentSerializer(IncidentSerializer):
    """An incident with all of it that you may see. Texts are Markdown, empty where there is none.

    `lessons` were learned from it, `lesson_links` are what it did to earlier ones.
    """

    source_url = serializers.CharField(allow_blank=True)
    published_by = PersonNamed(allow_null=True)
    events = EventSerializer(many=True)
    factors = ContributingFactorSerializer(many=True)
    deltas = DeltaSerializer(many=True)
    measures = MeasureSerializer(many=True)
    people = ParticipantSerializer(many=True)
    runbook_uses = RunbookUseSerializer(many=True)
    lesson_links = LessonLinkSerializer(many=True)
    related = RelatedSerializer(many=True)
    # The row's own `lessons` and `action_items` are all that there are, whoever asks.
    lessons = LessonNamed(many=True, source="learned")
    action_items = ActionItemSerializer(many=True, source="items")

    class Meta(IncidentSerializer.Meta):
        fields = (
            *IN_LISTS,
            "time_zone",
            *Incident.PROSE,
            "source_title",
            "source_url",
            "external_key",
            "published_by",
            "withdrawn_reason",
            "events",
            "factors",
            "deltas",
            "measures",
            "people",
            "runbook_uses",
            "lesson_links",
            "related",
            "lessons",
            "action_items",
        )


PARTS = {
    "events": TimelineEvent,
    "factors": ContributingFactor,
    "deltas": ConfigDelta,
    "measures": ImpactMeasure,
    "people": Participant,
    "runbook_uses": RunbookUse,
    "lesson_links": LessonLink,
    "related": RelatedIncident,
}


def with_parts(whole: Whole, user: Any) -> Incident:
    """The record with its parts where the serializer looks for them."""
    incident: Any = whole.incident
    for name, table in PARTS.items():
        parts = whole.parts[table]
        for part in parts:
            # It is the same, and would be fetched for each to know its zone.
            part.incident = incident
        setattr(incident, name, parts)
    incident.learned = whole.lessons
    prefetch_related_objects(whole.action_items, "incident", "done_by", "verified_by")
    incident.items = told_items(whole.action_items, user)
    found: Incident = incident
    return found


MOMENTS = dict.fromkeys(Incident.PHASES, AS_TIME)
NEW = Taken(
    NewIncidentForm,
    kinds={**MOMENTS, "tags": AS_WORDS},
    optional=("time_zone",),
    example={
        "title": "Orders time out",
        "severity": "sev2",
        "began": "2026-03-14T22:30",
        "services": ["orders"],
        "tags": ["pools"],
    },
)
CHANGED = Taken(
    IncidentForm,
    kinds={**MOMENTS, "tags": AS_WORDS},
    example={"resolved": "2026-03-15T01:10", "resolution": "The pool was made larger."},
)
REVIEW = Way(
    summary="Ask people to review an incident",
    does=states.send_to_review,
    takes=Taken(ReviewersForm),
)
ANSWER = Way(
    summary="Answer, as one who was asked to review an incident",
    does=states.answer_review,
    takes=Taken(AnswerForm),
    by_anybody=True,
)
PUBLISH = Way(summary="Publish an incident", does=states.publish, takes=Taken(PublishForm))
RETURN = Way(
    summary="Return an incident to draft, also one that was withdrawn",
    does=states.return_to_draft,
    takes=NOTHING,
)
WITHDRAW = Way(summary="Withdraw an incident", does=states.withdraw, takes=Taken(WithdrawForm))
ACCESS = changing(
    "Say who may see an incident",
    change_access,
    Taken(AccessForm, called={"people": "allowed_people", "teams": "allowed_teams"}),
    about="Whoever says it and the owner are always among them.",
)


class Incidents(Writes):
    serializer_class = IncidentSerializer
    whole = WholeIncidentSerializer
    route = "incident"
    in_route: ClassVar[dict[str, str]] = {"number": "pk"}
    is_of_incidents = True
    writes: ClassVar[dict[str, Way]] = {
        "create": making(
            "Record an incident",
            create_incident,
            NEW,
            about="It is a draft. Whoever records it owns it unless `owner` says otherwise.",
        ),
        "partial_update": changing("Change an incident", change_incident, CHANGED),
    }
    filterset_class = IncidentFilter

    def get_queryset(self) -> QuerySet[Incident]:
        teams = Team.objects.only("name", "slug").order_by("name")
        return incidents_for(self.user).prefetch_related(Prefetch("teams", teams))

    def filterset_takes(self, request: Request) -> dict[str, Any]:
        return {"request": request}

    def listed(self, rows: QuerySet[Incident]) -> QuerySet[Incident]:
        return in_the_list(rows, states_chosen=bool(self.request.query_params.get("state")))

    @extend_schema(summary="Incidents, the latest first, without their parts")
    def list(self, request: Request, **kwargs: Any) -> Response:
        """Withdrawn ones are left out unless `state=withdrawn` asks for them."""
        return super().list(request, **kwargs)

    @extend_schema(summary="An incident with all its parts", responses=WholeIncidentSerializer)
    def retrieve(self, request: Request, **wanted: Any) -> Response:
        self.serializer_class = WholeIncidentSerializer
        return super().retrieve(request, **wanted)

    def named(self, wanted: dict[str, Any]) -> dict[str, Any]:
        return {"pk": wanted["number"]}

    def initial_of_form(self) -> dict[str, Any]:
        return {"time_zone": self.user.time_zone, "owner": self.user.pk}

    def values(self, filled: Any) -> dict[str, Any]:
        values = super().values(filled)
        if self.user.reach == Reach.OWN and values.get("owner", self.user) != self.user:
            raise Unprocessable({"owner": ["A token of own incidents gives none to others."]})
        return values

    def found(self, row: Incident) -> Incident:
        (whole,) = some_whole([row.pk], user=self.user)
        return with_parts(whole, self.user)


class AccessSerializer(ReadSerializer):
    """Who may see an incident; `people` and `teams` are empty where that is everybody."""

    reference = serializers.CharField()
    people = PersonNamed(many=True, source="allowed_people")
    teams = TeamNamed(many=True, source="allowed_teams")

    class Meta:
        model = Incident
        fields = ("reference", "visibility", "people", "teams", "version")


class Access(Incidents):
    serializer_class = AccessSerializer
    whole = AccessSerializer
    writes: ClassVar[dict[str, Way]] = {"partial_update": ACCESS}

    def get_queryset(self) -> QuerySet[Incident]:
        return incidents_for(self.user).prefetch_related("allowed_people", "allowed_teams")

    def found(self, row: Incident) -> Incident:
        return row

    def values(self, filled: Any) -> dict[str, Any]:
        values: dict[str, Any] = filled.values
        return values

    @extend_schema(summary="Who may see an incident", responses=AccessSerializer)
    def retrieve(self, request: Request, **wanted: Any) -> Response:
        return Records.retrieve(self, request, **wanted)
