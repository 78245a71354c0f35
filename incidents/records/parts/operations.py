"""Writing the parts of a record: each operation holds the record, so parts never cross."""

from collections.abc import Mapping, Sequence
from copy import copy
from datetime import datetime
from typing import Any, Literal, NamedTuple, TypeVar, cast

from django.db import IntegrityError, transaction
from django.utils.translation import gettext

from incidents.action_items.operations import reopen_what_was_to_prevent
from incidents.history.operations import (
    PartChange,
    change_record,
    create_record,
    create_records,
    locked,
    number_anew,
    remove_record,
)
from incidents.lookup.operations import keep_findable
from incidents.models import (
    Change,
    ConfigDelta,
    ContributingFactor,
    ImpactMeasure,
    Incident,
    LessonLink,
    LessonRelation,
    Part,
    Participant,
    RelatedIncident,
    RunbookUse,
    TimelineEvent,
    User,
)
from incidents.notifications.operations import tell_mentioned
from incidents.records.parts.fitting import DoesNotFit, refuse_what_does_not_fit
from incidents.records.parts.no_secrets import refuse_secrets
from incidents.records.parts.order import numbered, place_of
from incidents.records.parts.vocabulary import ensure_factor, ensure_knob
from incidents.records.parts.wording import named

SomePart = TypeVar("SomePart", bound=Part)
Values = Mapping[str, Any]
Direction = Literal["up", "down"]


def add_timeline_event(
    incident: Incident, *, values: Values, by: User | None, at: datetime
) -> TimelineEvent:
    """Put an event where its time belongs, or at the end where it has none.

    Raises `incidents.history.operations.RowGone` and `incidents.lib.markdown.TextTooLong`.
    """
    return add_timeline_events(incident, events=[values], by=by, at=at)[0]


@transaction.atomic
def add_timeline_events(
    incident: Incident, *, events: Sequence[Values], by: User | None, at: datetime
) -> list[TimelineEvent]:
    """Put several events in their places under one line of history.

    They stay in the order given as far as their times allow it. Raises as `add_timeline_event`.
    """
    incident = locked(incident)
    new = [TimelineEvent(incident=incident, **values) for values in events]
    order = rows_in_order(TimelineEvent, incident)
    times = [event.event_at for event in order]
    behind = None
    for event in new:
        behind = place_of(event.event_at, times, behind=behind)
        order.insert(behind, event)
        times.insert(behind, event.event_at)
    anew = number(order).anew
    what = named(new[0]) if len(new) == 1 else f"the timeline: {len(new)} events"
    create_records(new, by=by, at=at, summary=f"Added to {what}", also=anew)
    keep_findable(incident)
    if len(new) == 1:
        # Who is called in a log that is pasted was called long ago.
        tell_mentioned(new[0], about=incident, by=by, at=at)
    return new


def add_contributing_factor(
    incident: Incident, *, values: Values, by: User | None, at: datetime
) -> ContributingFactor:
    """Say that a factor was at work, and how.

    The factor is `factor`, or `factor_name` with the `category` that it gets if it is new. Raises
    `DoesNotFit` beside what `add_timeline_event` raises.
    """
    return _add_last(ContributingFactor, incident, values=values, by=by, at=at)


def add_config_delta(
    incident: Incident, *, values: Values, by: User | None, at: datetime
) -> ConfigDelta:
    """Record a turn of a knob: `knob`, or `component`, `key` and the `unit` that it gets if new.

    Raises as `add_contributing_factor`, also for a value that looks like a secret.
    """
    return _add_last(ConfigDelta, incident, values=values, by=by, at=at)


def add_impact_measure(
    incident: Incident, *, values: Values, by: User | None, at: datetime
) -> ImpactMeasure:
    """Say in a number how much it hurt. Raises as `add_contributing_factor`."""
    return _add_last(ImpactMeasure, incident, values=values, by=by, at=at)


def add_participant(
    incident: Incident, *, values: Values, by: User | None, at: datetime
) -> Participant:
    """Name somebody who took part. Raises as `add_contributing_factor`."""
    return _add_last(Participant, incident, values=values, by=by, at=at)


def add_lesson_link(
    incident: Incident, *, values: Values, by: User | None, at: datetime
) -> LessonLink:
    """Say what this record did to a lesson; if it violated it, what was to prevent that reopens.

    Raises as `add_contributing_factor`.
    """
    with transaction.atomic():
        link = _add_last(LessonLink, incident, values=values, by=by, at=at)
        follow_up(link, by=by, at=at)
    return link


def add_runbook_use(
    incident: Incident, *, values: Values, by: User | None, at: datetime
) -> RunbookUse:
    """Say how a runbook served. Raises as `add_contributing_factor`."""
    return _add_last(RunbookUse, incident, values=values, by=by, at=at)


def add_related_incident(
    incident: Incident, *, values: Values, by: User | None, at: datetime
) -> RelatedIncident:
    """Say that another record has to do with this one. Raises as `add_contributing_factor`."""
    return _add_last(RelatedIncident, incident, values=values, by=by, at=at)


@transaction.atomic
def change_part(
    part: SomePart, *, version: int, values: Values, by: User | None, at: datetime
) -> SomePart:
    """Change what is said of a part; an event whose time changes moves to its new place.

    A lesson that turns out to be violated reopens what was to prevent that. Raises `DoesNotFit`,
    `EditConflict`, `RowGone`, and `incidents.lib.markdown.TextTooLong`.
    """
    incident = locked(part.incident)
    part = locked(part)
    part.incident = incident
    values = resolved(values, by=by, at=at)
    wanted = copy(part)
    for name, value in values.items():
        setattr(wanted, name, value)
    refuse_what_does_not_fit(wanted)
    refuse_secrets(wanted)
    anew: list[PartChange] = []
    if isinstance(wanted, TimelineEvent) and "event_at" in changed_names(part, wanted):
        values["position"], anew = position_by_time(wanted, incident)
    try:
        with transaction.atomic():
            changed = change_record(
                part,
                version=version,
                values=values,
                by=by,
                at=at,
                summary=f"Changed in {named(wanted)}",
                also=anew,
            )
    except IntegrityError as error:
        raise DoesNotFit(
            gettext(
                "Somebody else changed this meanwhile, and both together contradict each other: "
                "open it again."
            )
        ) from error
    keep_findable(incident)
    if isinstance(changed, LessonLink) and {"lesson_id", "relation"} & changed_names(part, changed):
        follow_up(changed, by=by, at=at)
    tell_mentioned(changed, about=incident, before=part, by=by, at=at)
    return changed


def follow_up(link: LessonLink, *, by: User | None, at: datetime) -> None:
    if link.relation == LessonRelation.VIOLATED:
        reopen_what_was_to_prevent(link.lesson, incident=link.incident, by=by, at=at)


@transaction.atomic
def move_part(part: SomePart, *, direction: Direction, by: User | None, at: datetime) -> SomePart:
    """Exchange the part with its neighbour; the first stays first, the last stays last.

    Raises `RowGone`.
    """
    incident = locked(part.incident)
    part = locked(part)
    order = rows_in_order(type(part), incident)
    place = order.index(part)
    target = place + (-1 if direction == "up" else 1)
    if not 0 <= target < len(order):
        return part
    order.insert(target, order.pop(place))
    numbers = number(order, free=part)
    return change_record(
        part,
        version=part.version,
        values={"position": numbers.position},
        by=by,
        at=at,
        summary=f"Moved {direction} in {named(part)}",
        also=numbers.anew,
    )


@transaction.atomic
def remove_part(part: Part, *, version: int, by: User | None, at: datetime) -> Change:
    """Take a part out of its record, and return the line of history that can bring it back.

    Raises `EditConflict` where somebody changed it in between, and `RowGone`.
    """
    incident = locked(part.incident)
    change = remove_record(
        part, version=version, by=by, at=at, summary=f"Removed from {named(part)}"
    )
    keep_findable(incident)
    return change


@transaction.atomic
def _add_last(
    model: type[SomePart], incident: Incident, *, values: Values, by: User | None, at: datetime
) -> SomePart:
    incident = locked(incident)
    part = model(incident=incident, **resolved(values, by=by, at=at))
    refuse_what_does_not_fit(part)
    refuse_secrets(part)
    anew = number([*rows_in_order(model, incident), part]).anew
    create_record(part, by=by, at=at, summary=f"Added to {named(part)}", also=anew)
    keep_findable(incident)
    tell_mentioned(part, about=incident, by=by, at=at)
    return part


def resolved(values: Values, *, by: User | None, at: datetime) -> dict[str, Any]:
    """The values with factors and knobs that were named put in place, made where they are new."""
    values = dict(values)
    if "factor_name" in values:
        name, category = values.pop("factor_name"), values.pop("category", "")
        values["factor"] = ensure_factor(name=name, category=category, by=by, at=at)
    if "component" in values:
        component, key = values.pop("component"), values.pop("key")
        unit = values.pop("unit", "")
        values["knob"] = ensure_knob(component=component, key=key, unit=unit, by=by, at=at)
    return values


def changed_names(before: Part, after: Part) -> set[str]:
    columns = [field.attname for field in before._meta.concrete_fields]
    return {name for name in columns if getattr(before, name) != getattr(after, name)}


class Numbers(NamedTuple):
    position: int
    """The last position of a row that was open to be numbered."""
    anew: list[PartChange]
    """What became of the others, for the line of history."""


def rows_in_order(model: type[SomePart], incident: Incident) -> list[SomePart]:
    rows = model._base_manager.filter(incident=incident).order_by("position", "id")
    return list(cast("Sequence[SomePart]", rows))


def position_by_time(event: TimelineEvent, incident: Incident) -> Numbers:
    """The position of an event that is in the timeline already and got another time."""
    order = [other for other in rows_in_order(TimelineEvent, incident) if other != event]
    order.insert(place_of(event.event_at, [other.event_at for other in order]), event)
    return number(order, free=event)


def number(order: Sequence[Part], *, free: Part | None = None) -> Numbers:
    """Give the new rows, and the one that is `free` to move, positions that keep this order.

    Rows that stay where they are get new numbers only where there is no room between them.
    """
    open_rows = [row for row in order if row.pk is None or row == free]
    numbers = numbered([None if row in open_rows else row.position for row in order])
    found, anew = 0, []
    for row, position in zip(order, numbers, strict=True):
        if row in open_rows:
            found = position
            if row.pk is None:
                row.position = position
        elif row.position != position:
            anew.append(number_anew(row, position))
    return Numbers(found, anew)
