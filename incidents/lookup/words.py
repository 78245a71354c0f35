"""What a record is found by: a head (title, names, alerts) and a body."""

from collections.abc import Callable
from typing import Any, NamedTuple

from django.db.models import Model, Prefetch, prefetch_related_objects

from incidents.models import (
    ActionItem,
    ConfigDelta,
    ContributingFactor,
    Factor,
    FoundKind,
    Incident,
    Knob,
    Lesson,
    Runbook,
    Service,
    State,
    Tag,
    Team,
    TimelineEvent,
)


class Words(NamedTuple):
    kind: FoundKind
    title: str
    names: str
    body: str


def words_of(*rows: Model) -> list[Words]:
    """The words of rows of one table, asking as often for many as for one.

    Raises `KeyError` for a table whose rows are not found by themselves.
    """
    if rows:
        along = ASKED_ALONG.get(type(rows[0]))
        prefetch_related_objects(rows, *(along() if along else ()))
    return [WORDS[type(row)](row) for row in rows]


def kind_of(row: Model) -> FoundKind:
    """Raises `KeyError` for a table whose rows are not found by themselves."""
    return KINDS[type(row)]


def is_findable(row: Model) -> bool:
    """A withdrawn incident is found by its reference alone."""
    return not (isinstance(row, Incident) and row.state == State.WITHDRAWN)


def of_incident(row: Incident) -> Words:
    """The record with its parts: an incident is found by what its timeline and deltas say."""
    names = [row.reference, *names_of(row.services), *names_of(row.tags)]
    deltas = row.configdeltas.all()
    names += [f"{delta.knob.component} {delta.knob.key}" for delta in deltas]
    body = [getattr(row, field) for field in row.PROSE]
    body += [event.text for event in row.timelineevents.all()]
    for factor in row.contributingfactors.all():
        body += [factor.factor.name, factor.how]
    for delta in deltas:
        body += [delta.before_text, delta.after_text, delta.place, delta.note]
    return Words(FoundKind.INCIDENT, row.title, joined(names), joined(body))


def of_runbook(row: Runbook) -> Words:
    names = [row.slug, row.alerts, *names_of(row.services)]
    names += [f"{knob.component} {knob.key}" for knob in row.knobs.all()]
    return Words(FoundKind.RUNBOOK, row.title, joined(names), joined([row.summary, row.body]))


def of_lesson(row: Lesson) -> Words:
    """Not by its knobs: one index serves all readers, and a knob may be known to few of them."""
    return Words(FoundKind.LESSON, row.sentence, row.reference, row.explanation)


def of_knob(row: Knob) -> Words:
    return Words(FoundKind.KNOB, str(row), row.unit, row.description)


def of_factor(row: Factor) -> Words:
    return Words(FoundKind.FACTOR, row.name, row.slug, row.description)


def of_action_item(row: ActionItem) -> Words:
    body = joined([row.body, row.evidence, row.wont_do_reason])
    return Words(FoundKind.ACTION_ITEM, row.title, row.reference, body)


def of_service(row: Service) -> Words:
    return Words(FoundKind.SERVICE, row.name, row.slug, row.description)


def of_team(row: Team) -> Words:
    return Words(FoundKind.TEAM, row.name, row.slug, row.description)


def names_of(rows: Any) -> list[str]:
    return [row.name for row in rows.all()]


def joined(texts: list[str]) -> str:
    return "\n".join(text for text in texts if text)


KINDS: dict[type[Model], FoundKind] = {
    Incident: FoundKind.INCIDENT,
    Runbook: FoundKind.RUNBOOK,
    Lesson: FoundKind.LESSON,
    Knob: FoundKind.KNOB,
    Factor: FoundKind.FACTOR,
    ActionItem: FoundKind.ACTION_ITEM,
    Service: FoundKind.SERVICE,
    Team: FoundKind.TEAM,
}


def along_incidents() -> "list[Prefetch[Any]]":
    return [
        part("services", Service, "name"),
        part("tags", Tag, "name"),
        part("timelineevents", TimelineEvent, "incident", "text"),
        part("contributingfactors", ContributingFactor, "incident", "how", "factor__name"),
        part(
            "configdeltas",
            ConfigDelta,
            *("incident", "knob__component", "knob__key", "place", "note"),
            *("before", "before_known", "after", "after_known"),
        ),
    ]


def along_runbooks() -> "list[Prefetch[Any]]":
    return [part("services", Service, "name"), part("knobs", Knob, "component", "key")]


def part(name: str, table: type[Model], *columns: str) -> "Prefetch[Any]":
    """Rows beside a record, with nothing but the columns that words are made of."""
    rows = table._default_manager.only(*columns)
    named = {column.split("__")[0] for column in columns if "__" in column}
    return Prefetch(name, rows.select_related(*named) if named else rows)


# What the words of a row are made of besides its own columns.
ASKED_ALONG: dict[type[Model], Callable[[], "list[Prefetch[Any]]"]] = {
    Incident: along_incidents,
    Runbook: along_runbooks,
}
OWN: dict[type[Model], tuple[str, ...]] = {
    Incident: ("state", "title", *Incident.PROSE),
    Lesson: ("sentence", "explanation"),
    ActionItem: ("title", "body", "evidence", "wont_do_reason"),
}
"""The columns that the words of a row are made of, where it has many others."""
WORDS: dict[type[Model], Callable[[Any], Words]] = {
    Incident: of_incident,
    Runbook: of_runbook,
    Lesson: of_lesson,
    Knob: of_knob,
    Factor: of_factor,
    ActionItem: of_action_item,
    Service: of_service,
    Team: of_team,
}
