"""Writing what is known across incidents: factors, knobs and lessons."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext

from incidents.history.operations import change_record, create_record, locked
from incidents.history.slugs import free_slug, slug_or_refusal
from incidents.lookup.operations import keep_findable
from incidents.models import Factor, Incident, Knob, Lesson, LessonState, User
from incidents.notifications.operations import tell_concerned


class CannotChangeState(Exception):
    """The lesson is not in a state from which it can get there; the message says why."""


@transaction.atomic
def create_factor(*, values: Mapping[str, Any], by: User | None, at: datetime) -> Factor:
    """Add an entry to the shared vocabulary; its name makes the slug where none is given.

    Raises `SlugTaken` and `incidents.lib.markdown.TextTooLong`.
    """
    factor = Factor(**values)
    factor.slug = factor.slug or free_slug(Factor, factor.name)
    with slug_or_refusal(Factor, factor.slug):
        create_record(factor, by=by, at=at, summary=f"Added the factor “{factor.name}”")
    keep_findable(factor)
    return factor


@transaction.atomic
def change_factor(
    factor: Factor, *, version: int, values: Mapping[str, Any], by: User | None, at: datetime
) -> Factor:
    """Raises `EditConflict`, `RowGone`, `SlugTaken`, and `incidents.lib.markdown.TextTooLong`."""
    name_before = Factor.objects.filter(pk=factor.pk).values_list("name", flat=True).first()
    with slug_or_refusal(Factor, values.get("slug")):
        factor = change_record(
            factor, version=version, values=values, by=by, at=at, summary="Changed the factor"
        )
    keep_findable(factor)
    if factor.name != name_before:
        # A record is found by the names of its factors too.
        for incident in Incident.objects.filter(contributingfactors__factor=factor):
            keep_findable(incident)
    return factor


@transaction.atomic
def create_knob(*, values: Mapping[str, Any], by: User | None, at: datetime) -> Knob:
    """Add a configuration setting. Raises `incidents.lib.markdown.TextTooLong`.

    Component and key are its address, so they keep no line breaks: each run of spaces is one.
    """
    names = {field: " ".join(values[field].split()) for field in ("component", "key")}
    knob = Knob(**{**values, **names})
    create_record(knob, by=by, at=at, summary=f"Added the knob “{knob}”")
    keep_findable(knob)
    return knob


@transaction.atomic
def change_knob(
    knob: Knob, *, version: int, values: Mapping[str, Any], by: User | None, at: datetime
) -> Knob:
    """Change what is said of a knob; component and key are its address and stay.

    Raises `EditConflict`, `RowGone`, and `incidents.lib.markdown.TextTooLong`.
    """
    values = {field: value for field, value in values.items() if field not in {"component", "key"}}
    knob = change_record(
        knob, version=version, values=values, by=by, at=at, summary="Changed the knob"
    )
    keep_findable(knob)
    return knob


@transaction.atomic
def create_lesson(*, values: Mapping[str, Any], by: User | None, at: datetime) -> Lesson:
    """Write down what is to be remembered. Raises `incidents.lib.markdown.TextTooLong`."""
    values = dict(values)
    knobs = values.pop("knobs", [])
    lesson = Lesson(**values)
    create_record(lesson, by=by, at=at, summary="Wrote the lesson", related={"knobs": knobs})
    keep_findable(lesson)
    tell_concerned(lesson, by=by, at=at)
    return lesson


@transaction.atomic
def change_lesson(
    lesson: Lesson, *, version: int, values: Mapping[str, Any], by: User | None, at: datetime
) -> Lesson:
    """Raises `EditConflict`, `RowGone`, and `incidents.lib.markdown.TextTooLong`."""
    before = locked(lesson)
    lesson = change_record(
        lesson, version=version, values=values, by=by, at=at, summary="Changed the lesson"
    )
    keep_findable(lesson)
    tell_concerned(lesson, before=before, by=by, at=at)
    return lesson


@transaction.atomic
def supersede_lesson(
    lesson: Lesson, *, replacement: Lesson, by: User | None, at: datetime
) -> Lesson:
    """`replacement` says it better from now on. Raises `CannotChangeState`."""
    if lesson.pk == replacement.pk:
        raise CannotChangeState(gettext("A lesson does not replace itself."))
    # Both are held, in the order of their numbers, so that two people cannot let each of two
    # lessons replace the other, nor wait for one another.
    rows = {row.pk: locked(row) for row in sorted((lesson, replacement), key=lambda row: row.pk)}
    current, other = rows[lesson.pk], rows[replacement.pk]
    if current.state != LessonState.ACTIVE:
        raise CannotChangeState(
            gettext("It is %(get_state_display)s already: make it active first.")
            % {"get_state_display": current.get_state_display()}
        )
    if other.state != LessonState.ACTIVE:
        raise CannotChangeState(
            gettext("%(reference)s is %(get_state_display)s itself: name an active lesson.")
            % {"reference": other.reference, "get_state_display": other.get_state_display()}
        )
    values = {"state": LessonState.SUPERSEDED, "superseded_by": other}
    return change_record(
        current, version=current.version, values=values, by=by, at=at, summary="Superseded"
    )


@transaction.atomic
def retire_lesson(lesson: Lesson, *, by: User | None, at: datetime) -> Lesson:
    """It no longer holds, and nothing takes its place. Raises `CannotChangeState`."""
    current = locked(lesson)
    if current.state != LessonState.ACTIVE:
        raise CannotChangeState(
            gettext("It is %(get_state_display)s already: make it active first.")
            % {"get_state_display": current.get_state_display()}
        )
    values = {"state": LessonState.RETIRED}
    return change_record(
        current, version=current.version, values=values, by=by, at=at, summary="Retired"
    )


@transaction.atomic
def reactivate_lesson(lesson: Lesson, *, by: User | None, at: datetime) -> Lesson:
    """It holds again, after all. Raises `CannotChangeState`."""
    current = locked(lesson)
    if current.state == LessonState.ACTIVE:
        raise CannotChangeState(gettext("It is active already."))
    values = {"state": LessonState.ACTIVE, "superseded_by": None}
    return change_record(
        current, version=current.version, values=values, by=by, at=at, summary="Made active again"
    )
