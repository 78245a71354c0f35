"""Reading what is known across incidents, in the shape that a page needs."""

import json
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, NamedTuple

from django.core.paginator import Page
from django.db.models import Count, F, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce

from incidents.knowledge.step_chart import Chart, Turn, draw
from incidents.lib.approximate_time import human
from incidents.lib.setting_names import as_dotted_name, as_name
from incidents.lib.zones import zone_named
from incidents.models import (
    ActionItem,
    ConfigDelta,
    ContributingFactor,
    Factor,
    Guard,
    Incident,
    Kind,
    Knob,
    Known,
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
    """The knobs by component, with how often each was turned in the records that one may see, when
    last, and by which delta."""
    turns = latest_first(ConfigDelta.objects.visible_to(user).filter(knob=OuterRef("pk")))
    counted = turns.order_by().values("knob").annotate(count=Count("pk")).values("count")
    return (
        Knob.objects.visible_to(user)
        .annotate(
            turn_count=Coalesce(Subquery(counted), 0),
            last_turn_id=Subquery(turns.values("pk")[:1]),
            last_turned_at=Subquery(turns.values("turned_at")[:1]),
        )
        .order_by("component", "key", "id")
    )


def latest_first(turns: QuerySet[ConfigDelta]) -> QuerySet[ConfigDelta]:
    """Those without a time last."""
    return turns.order_by(F("turned_at").desc(nulls_last=True), "-incident_id", "-position", "-id")


@dataclass(frozen=True)
class LastTurn:
    """`is_last` is false where nobody can tell: there are several, and none has a time."""

    turn: ConfigDelta
    told: str
    is_last: bool


def with_last_turns(knobs: Iterable[Any], user: User) -> list[tuple[Knob, LastTurn | None]]:
    """Each of `knobs_for` with its last turn: one query for all."""
    rows = list(knobs)
    deltas = (
        ConfigDelta.objects.visible_to(user)
        .select_related("incident")
        .in_bulk([row.last_turn_id for row in rows if row.last_turn_id])
    )
    found: list[tuple[Knob, LastTurn | None]] = []
    for row in rows:
        turn = deltas.get(row.last_turn_id)
        is_last = turn is not None and (turn.turned_at is not None or row.turn_count == 1)
        found.append((row, LastTurn(turn, told_time(turn), is_last) if turn else None))
    return found


def components_for(user: User) -> list[str]:
    components = Knob.objects.visible_to(user).order_by("component")
    return list(components.values_list("component", flat=True).distinct())


def turns_of(knob: Knob, user: User) -> QuerySet[ConfigDelta]:
    """Every value that it had in a record; the latest first, those without a time last."""
    turns = ConfigDelta.objects.visible_to(user).filter(knob=knob).select_related("incident")
    return latest_first(turns)


def told_time(delta: ConfigDelta) -> str:
    """When the knob was turned, as people read it in the zone of its record."""
    return human(delta.time, zone_named(delta.incident.time_zone))


def lessons_about(knob: Knob, user: User) -> QuerySet[Lesson]:
    return Lesson.objects.visible_to(user).filter(knobs=knob).order_by("-id")


def guards_about(knob: Knob, user: User) -> list[Guard]:
    """The guards of lessons about it, and those whose expression names it."""
    name = f"{as_name(knob.component)}.{as_dotted_name(knob.key)}"
    spoken_of = Q(expression__contains=name) | Q(precondition__contains=name)
    lessons = Lesson.objects.visible_to(user)
    found = Guard.objects.filter(Q(lesson__knobs=knob) | spoken_of, lesson__in=lessons)
    return list(found.select_related("lesson").distinct().order_by("lesson_id"))


def runbooks_assuming(knob: Knob, user: User) -> QuerySet[Runbook]:
    """Runbooks are open to everybody who signs in."""
    rows = Runbook.objects.with_unverified(user).filter(knobs=knob)
    return rows.order_by("title", "id")


MOST_DRAWN, MOST_UNDATED = 30, 10
"""Turns in the picture, the latest that have a time; and beside it."""


def dated_count(knob: Knob, user: User) -> int:
    return turns_of(knob, user).filter(turned_at__isnull=False).count()


class Row(NamedTuple):
    """A turn with its time in words, or when its incident began if it has none; `number` is that in
    the picture, 1 for the earliest of those that have a time."""

    turn: ConfigDelta
    when: str
    began: str
    number: int | None


def numbered(page: Page[ConfigDelta], dated: int) -> list[Row]:
    first = page.start_index() - 1
    rows = []
    for place, turn in enumerate(page):
        incident = turn.incident
        is_dated = turn.turned_at is not None
        began = "" if is_dated else human(incident.began, zone_named(incident.time_zone))
        number = dated - first - place if is_dated else None
        rows.append(Row(turn, told_time(turn), began if incident.began_at else "", number))
    return rows


def undated_of(knob: Knob, user: User) -> list[ConfigDelta]:
    """The turns that no picture can place: the first few."""
    return list(turns_of(knob, user).filter(turned_at__isnull=True)[:MOST_UNDATED])


def chart_of(knob: Knob, user: User) -> Chart | None:
    """The picture of the latest turns, numbered as the rows are."""
    dated = turns_of(knob, user).filter(turned_at__isnull=False)
    rows = list(dated[:MOST_DRAWN])
    turns = [turn_of(row) for row in reversed(rows)]
    skipped = dated.count() - len(rows) if len(rows) == MOST_DRAWN else 0
    return draw(turns, component=knob.component, unit=knob.unit, skipped=skipped)


def turn_of(row: ConfigDelta) -> Turn:
    known = {Known.UNKNOWN: None, Known.ABSENT: ""}
    is_foreign = row.incident.kind == Kind.EXTERNAL
    return Turn(
        key=row.pk,
        time=row.time,
        zone=zone_named(row.incident.time_zone),
        before=known.get(Known(row.before_known), row.before),
        after=known.get(Known(row.after_known), row.after),
        part=row.part,
        told=f"{row.before_text} → {row.after_text}, {row.get_part_display()}, {told_time(row)}, "
        f"{row.incident.reference}",
        # Each story of somebody else is of a system of its own.
        series=f"{row.incident_id}" if is_foreign else "",
    )


def lessons_for(user: User) -> QuerySet[Lesson]:
    """The lessons with how often each was violated, in the records that one may see."""
    links = LessonLink.objects.visible_to(user).filter(lesson=OuterRef("pk"))
    violated = links.filter(relation=LessonRelation.VIOLATED).order_by().values("lesson")
    counted = violated.annotate(count=Count("pk")).values("count")
    return (
        Lesson.objects.visible_to(user)
        .select_related("learned_from")
        .annotate(violated_count=Coalesce(Subquery(counted), 0))
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
