"""Reading what is known across incidents, in the shape that a page needs."""

import json
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, F, Q, QuerySet

from incidents.lib.approximate_time import human
from incidents.lib.zones import zone_named
from incidents.models import (
    ActionItem,
    ConfigDelta,
    ContributingFactor,
    Factor,
    Guard,
    Incident,
    Knob,
    Lesson,
    LessonLink,
    LessonRelation,
    Runbook,
    User,
)


def factors_for(user: User) -> QuerySet[Factor]:
    """The vocabulary with, for each entry, in how many records it is at work that one may see."""
    seen = Q(uses__incident__in=Incident.objects.visible_to(user))
    return (
        Factor.objects.visible_to(user)
        .annotate(use_count=Count("uses", filter=seen, distinct=True))
        .order_by("category", "name", "id")
    )


def uses_of(factor: Factor, user: User) -> QuerySet[ContributingFactor]:
    """Where it was at work and how, the latest record first."""
    uses = ContributingFactor.objects.visible_to(user).filter(factor=factor)
    return uses.select_related("incident").order_by("-incident_id", "id")


def knobs_for(user: User) -> QuerySet[Knob]:
    """The knobs by component, with how often each was turned in the records that one may see."""
    seen = Q(deltas__incident__in=Incident.objects.visible_to(user))
    return (
        Knob.objects.visible_to(user)
        .annotate(turn_count=Count("deltas", filter=seen, distinct=True))
        .order_by("component", "key", "id")
    )


def components_for(user: User) -> list[str]:
    components = Knob.objects.visible_to(user).order_by("component")
    return list(components.values_list("component", flat=True).distinct())


def turns_of(knob: Knob, user: User) -> QuerySet[ConfigDelta]:
    """Every value that it had in a record; the latest first, those without a time last."""
    turns = ConfigDelta.objects.visible_to(user).filter(knob=knob).select_related("incident")
    return turns.order_by(F("turned_at").desc(nulls_last=True), "-incident_id", "position", "id")


def told_time(delta: ConfigDelta) -> str:
    """When the knob was turned, as people read it in the zone of its record."""
    return human(delta.time, zone_named(delta.incident.time_zone))


def lessons_about(knob: Knob, user: User) -> QuerySet[Lesson]:
    return Lesson.objects.visible_to(user).filter(knobs=knob).order_by("-id")


def runbooks_assuming(knob: Knob) -> QuerySet[Runbook]:
    """Runbooks are open to everybody who signs in."""
    return Runbook.objects.filter(knobs=knob).order_by("title", "id")


def lessons_for(user: User) -> QuerySet[Lesson]:
    """The lessons with how often each was violated, in the records that one may see."""
    violated = Q(
        links__relation=LessonRelation.VIOLATED,
        links__incident__in=Incident.objects.visible_to(user),
    )
    return (
        Lesson.objects.visible_to(user)
        .select_related("learned_from")
        .annotate(violated_count=Count("links", filter=violated, distinct=True))
        .order_by("-id")
    )


@dataclass(frozen=True)
class AroundLesson:
    """What stands around a lesson on its page: only what the reader may know of."""

    links: list[LessonLink]
    knobs: list[Knob]
    action_items: list[ActionItem]
    superseded_by: Lesson | None
    supersedes: list[Lesson]
    guard: Guard | None
    failing_example: list[tuple[str, str]]
    passing_example: list[tuple[str, str]]


def around(lesson: Lesson, user: User) -> AroundLesson:
    links = LessonLink.objects.visible_to(user).filter(lesson=lesson).select_related("incident")
    lessons = Lesson.objects.visible_to(user)
    items = ActionItem.objects.visible_to(user).filter(lesson=lesson)
    guard = Guard.objects.filter(lesson=lesson).first()
    return AroundLesson(
        links=list(links.order_by("-incident_id", "id")),
        knobs=list(Knob.objects.visible_to(user).filter(lessons=lesson)),
        action_items=list(items.select_related("owner")),
        superseded_by=lessons.filter(supersedes=lesson).first(),
        supersedes=list(lessons.filter(superseded_by=lesson)),
        guard=guard,
        failing_example=settings_in(guard.failing_example) if guard else [],
        passing_example=settings_in(guard.passing_example) if guard else [],
    )


def settings_in(example: dict[str, Any]) -> list[tuple[str, str]]:
    """Configuration values as rows of a table: `unicorn.timeout`, and its value in JSON."""
    rows: list[tuple[str, str]] = []
    for name, value in example.items():
        if isinstance(value, dict) and value:
            rows += [(f"{name}.{inner}", text) for inner, text in settings_in(value)]
        else:
            rows.append((name, json.dumps(value, ensure_ascii=False)))
    return rows
