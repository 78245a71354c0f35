"""Lessons, with their guards."""

from collections.abc import Iterable
from typing import Any, ClassVar

from django.db.models import Model, Prefetch, QuerySet
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from incidents.access.gates import visible_or_404
from incidents.api.fields import IncidentNamed, KnobNamed, LessonNamed, PageField, ReadSerializer
from incidents.api.writes import Writes
from incidents.api.writing.kinds import AS_EXAMPLE, AS_LINES_OF_KNOBS
from incidents.api.writing.taken import NOTHING, Taken
from incidents.api.writing.ways import Way, changing, making
from incidents.guard.forms import GuardForm, NewGuardForm
from incidents.guard.operations import add_guard, change_guard
from incidents.knowledge.filters import LessonFilter
from incidents.knowledge.forms import LessonForm, NewLessonForm, SupersedeForm
from incidents.knowledge.operations import (
    change_lesson,
    create_lesson,
    reactivate_lesson,
    retire_lesson,
    supersede_lesson,
)
from incidents.knowledge.queries import lessons_for
from incidents.models import Guard, Knob, Lesson


class GuardSerializer(ReadSerializer):
    """What a configuration must satisfy, in CEL; the examples are configuration values."""

    failing_example = serializers.DictField()
    passing_example = serializers.DictField()

    class Meta:
        model = Guard
        fields = (
            "expression",
            "precondition",
            "severity",
            "message",
            "failing_example",
            "passing_example",
            "state",
            "version",
        )


class LessonSerializer(ReadSerializer):
    """`violated` counts the incidents that you may see; `guard` is null where there is none."""

    reference = serializers.CharField()
    page = PageField()
    replacement = LessonNamed(
        allow_null=True, help_text="What supersedes it, as far as you may know of that."
    )
    learned_from = IncidentNamed(allow_null=True)
    knobs = KnobNamed(many=True)
    guard = GuardSerializer(source="told_guard", allow_null=True)
    violated = serializers.IntegerField(source="violated_count")

    class Meta:
        model = Lesson
        fields = (
            "reference",
            "page",
            "sentence",
            "explanation",
            "state",
            "replacement",
            "learned_from",
            "knobs",
            "guard",
            "violated",
            "version",
            "created_at",
            "changed_at",
        )


NAMED = {"knobs": AS_LINES_OF_KNOBS}
EXAMPLE = {"sentence": "A pool is as large as its clients together.", "learned_from": "INC-42"}
SUPERSEDE = Way(
    summary="Say which lesson takes the place of a lesson",
    does=supersede_lesson,
    takes=Taken(SupersedeForm, asks_who=True),
)
RETIRE = Way(summary="Retire a lesson", does=retire_lesson, takes=NOTHING)
REACTIVATE = Way(summary="Make a lesson active again", does=reactivate_lesson, takes=NOTHING)


EXAMPLES = {"failing_example": AS_EXAMPLE, "passing_example": AS_EXAMPLE}
OF_GUARD = {
    "expression": "unicorn.timeout >= 60",
    "message": "It gives up before the database does.",
    "severity": "error",
    "failing_example": {"unicorn": {"timeout": 30}},
    "passing_example": {"unicorn": {"timeout": 60}},
    "state": "active",
}


class Guards(Writes):
    """The one guard of a lesson."""

    serializer_class = GuardSerializer
    filter_backends = ()
    route = "guard_of_lesson"
    in_route: ClassVar[dict[str, str]] = {"number": "lesson_id"}
    writes: ClassVar[dict[str, Way]] = {
        "create": making(
            "Give a lesson a guard",
            add_guard,
            Taken(NewGuardForm, kinds=EXAMPLES, example=OF_GUARD),
        ),
        "partial_update": changing(
            "Change the guard of a lesson", change_guard, Taken(GuardForm, kinds=EXAMPLES)
        ),
    }

    @property
    def lesson(self) -> Lesson:
        found: Lesson = visible_or_404(Lesson.objects, self.user, pk=self.kwargs["number"])
        return found

    def rows(self) -> QuerySet[Guard]:
        return Guard.objects.filter(lesson=self.lesson)

    def get_queryset(self) -> QuerySet[Guard]:
        return self.rows()

    def named(self, wanted: dict[str, Any]) -> dict[str, Any]:
        return {"lesson": wanted["number"]}

    def made_with(self) -> dict[str, Any]:
        return {"instance": Guard(lesson=self.lesson)}

    def make(self, made_with: dict[str, Any]) -> int:
        filled = self.filled(**made_with)
        return int(self.carry_out(filled, self.lesson, values=self.values(filled)).pk)

    @extend_schema(summary="The guard of a lesson")
    def retrieve(self, request: Request, **wanted: Any) -> Response:
        return super().retrieve(request, **wanted)


class Lessons(Writes):
    serializer_class = LessonSerializer
    route = "lesson"
    in_route: ClassVar[dict[str, str]] = {"number": "pk"}
    writes: ClassVar[dict[str, Way]] = {
        "create": making(
            "Write a lesson", create_lesson, Taken(NewLessonForm, kinds=NAMED, example=EXAMPLE)
        ),
        "partial_update": changing(
            "Change a lesson", change_lesson, Taken(LessonForm, kinds=NAMED)
        ),
    }
    filterset_class = LessonFilter

    def get_queryset(self) -> QuerySet[Lesson]:
        knobs = Knob.objects.visible_to(self.user).order_by("component", "key")
        return lessons_for(self.user).prefetch_related(Prefetch("knobs", knobs))

    def filterset_takes(self, request: Request) -> dict[str, Any]:  # noqa: ARG002 (as in Records)
        return {"user": self.user}

    def prepare(self, rows: Iterable[Model]) -> None:
        lessons: list[Any] = list(rows)
        guards = {one.lesson_id: one for one in Guard.objects.filter(lesson__in=lessons)}
        others = [one.superseded_by_id for one in lessons if one.superseded_by_id]
        seen = Lesson.objects.visible_to(self.user).in_bulk(others)
        for one in lessons:
            one.told_guard = guards.get(one.pk)
            one.replacement = seen.get(one.superseded_by_id)

    def named(self, wanted: dict[str, Any]) -> dict[str, Any]:
        return {"pk": wanted["number"]}

    @extend_schema(summary="Lessons, the latest first")
    def list(self, request: Request, **kwargs: Any) -> Response:
        return super().list(request, **kwargs)

    @extend_schema(summary="A lesson")
    def retrieve(self, request: Request, **wanted: Any) -> Response:
        return super().retrieve(request, **wanted)
