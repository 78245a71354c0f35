"""How the lines of history name a part. Pure: nothing is read from the database."""

from collections.abc import Callable
from typing import Any, NamedTuple

from incidents.lib.approximate_time import write, zone_named
from incidents.lib.words.own import in_own_words
from incidents.models import (
    ConfigDelta,
    ContributingFactor,
    ImpactMeasure,
    LessonLink,
    Part,
    Participant,
    RelatedIncident,
    RunbookUse,
    TimelineEvent,
)


class Wording(NamedTuple):
    section: str
    said: Callable[[Any], str]


def named(part: Part) -> str:
    """The part in its section: "the timeline: 2026-03-14 14:05 Latency rose"."""
    wording = WORDING[type(part)]
    with in_own_words():
        return f"{wording.section}: {wording.said(part)}"


def of_event(event: TimelineEvent) -> str:
    time = write(event.time, zone_named(event.incident.time_zone)) or event.time_note
    return f"{time} {' '.join(event.text.split())}".strip()


# A link names no other record here: who reads this history may not know of that one.
WORDING: dict[type[Part], Wording] = {
    TimelineEvent: Wording("the timeline", of_event),
    ContributingFactor: Wording("the contributing factors", str),
    ConfigDelta: Wording("the config deltas", str),
    ImpactMeasure: Wording("the impact", str),
    Participant: Wording(
        "the people and roles", lambda person: f"{person}, {person.get_role_display()}"
    ),
    LessonLink: Wording("the earlier lessons", lambda link: f"one {link.get_relation_display()}"),
    RunbookUse: Wording("the runbooks", str),
    RelatedIncident: Wording(
        "the related records", lambda related: f"one that it {related.get_relation_display()}"
    ),
}
