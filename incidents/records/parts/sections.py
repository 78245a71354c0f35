"""The sections of a record's page: each kind of part with its rows, and what hangs on it."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext

from incidents.lib.approximate_time import zone_named
from incidents.lib.words.fields import shown_name
from incidents.lib.words.translated import Translated
from incidents.models import Incident, TimelineEvent, User
from incidents.records.course import Course, Moment, course
from incidents.records.parts import queries
from incidents.records.parts.kinds import (
    DELTA,
    EVENT,
    FACTOR,
    LESSON_LINK,
    MEASURE,
    PERSON,
    RELATED,
    RUNBOOK_USE,
    PartKind,
)


@dataclass(frozen=True, kw_only=True)
class Section:
    """`kind` is None for records that have pages of their own: lessons and action items."""

    id: str
    heading: Translated
    icon: str
    nothing: Translated
    teaches: Translated
    row: str
    rows: Sequence[Any]
    kind: PartKind | None = None
    template: str = "records/parts/_section.html"


def sections_of(incident: Incident, *, user: User) -> list[Section]:
    """All sections in six queries, however many rows there are."""
    linked = queries.linked_records_of(incident, user=user)
    own = {
        kind: list(queries.parts_of(kind.model, incident, user=user))
        for kind in (EVENT, FACTOR, DELTA, MEASURE, PERSON)
    }
    return [
        of_kind(EVENT, own[EVENT]),
        of_kind(FACTOR, own[FACTOR]),
        of_kind(DELTA, own[DELTA]),
        of_kind(MEASURE, own[MEASURE]),
        lessons_section(linked.lessons),
        of_kind(LESSON_LINK, linked.lesson_links),
        actions_section(linked.action_items),
        of_kind(RUNBOOK_USE, linked.runbook_uses),
        of_kind(PERSON, own[PERSON]),
        of_kind(RELATED, linked.related),
    ]


def section_of(incident: Incident, kind: PartKind, *, user: User) -> Section:
    """One section, as it is shown again after a change in it."""
    return of_kind(kind, list(queries.parts_of(kind.model, incident, user=user)))


def of_kind(kind: PartKind, rows: Sequence[Any]) -> Section:
    return Section(
        id=kind.section,
        heading=kind.heading,
        icon=kind.icon,
        nothing=kind.nothing,
        teaches=kind.teaches,
        row=kind.row,
        rows=rows,
        kind=kind,
    )


def lessons_section(rows: Sequence[Any]) -> Section:
    return Section(
        id="lessons",
        heading=gettext("Lessons learned"),
        icon="light-bulb",
        nothing=gettext("No lessons yet"),
        teaches=gettext(
            "One sentence each that somebody will remember, with what it follows from."
        ),
        row="records/parts/_lesson.html",
        rows=rows,
        template="records/parts/_lessons.html",
    )


def actions_section(rows: Sequence[Any]) -> Section:
    return Section(
        id="actions",
        heading=gettext("Action items"),
        icon="clipboard-document-check",
        nothing=gettext("No action items yet"),
        teaches=gettext(
            "What somebody is to do so that it does not happen again, or hurts less: with an "
            "owner and a date."
        ),
        row="records/parts/_action_item.html",
        rows=rows,
        template="records/parts/_action_items.html",
    )


def course_of(incident: Incident, sections: Sequence[Section]) -> Course:
    """The picture of what the sections of the record tell, without another query."""
    return course_of_section(incident, next(one for one in sections if one.kind is EVENT))


def course_of_section(incident: Incident, timeline: Section) -> Course:
    phases = [
        Moment(name, shown_name(name.capitalize()), getattr(incident, name))
        for name in Incident.PHASES
    ]
    events: Sequence[TimelineEvent] = timeline.rows
    return course(
        phases,
        [Moment(event.anchor, str(event), event.time) for event in events],
        zone_named(incident.time_zone),
    )
