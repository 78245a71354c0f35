"""One incident as plain data: all that a reader may see of it, and nothing else.

Every format is written from this, so that they tell the same. What a JSON file has of it is
described in `formats/schema.json`; beside that, each `html` is the rendered form of the Markdown
next to it. Texts are as people wrote them: making them harmless is each format's own affair.
"""

from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from django.conf import settings
from django.db import models

from incidents.exports.queries import Whole
from incidents.lib.approximate_time import (
    ApproximateTime,
    duration_between,
    human,
    human_duration,
    zone_named,
)
from incidents.lib.words.own import in_own_words
from incidents.models import (
    ActionItem,
    ConfigDelta,
    ContributingFactor,
    ImpactMeasure,
    Incident,
    Lesson,
    LessonLink,
    Participant,
    RelatedIncident,
    RunbookUse,
    TimelineEvent,
)

Data = dict[str, Any]


@dataclass(frozen=True)
class Document:
    """`data` is plain; `touched` are the keys of the incidents that it tells something of."""

    data: Data
    touched: set[int] = field(default_factory=set)


def document_of(whole: Whole, *, since_frozen: str = "") -> Document:
    """`since_frozen` says what changed since the review that it is told in was frozen."""
    incident = whole.incident
    zone = incident.time_zone
    data = {
        **head_of(incident),
        "since_frozen": since_frozen,
        "times": times_of(incident),
        "took": durations_of(incident),
        "prose": prose_of(incident),
        "events": [event_of(event, zone) for event in whole.parts[TimelineEvent]],
        "impact": [measure_of(measure) for measure in whole.parts[ImpactMeasure]],
        "factors": [factor_of(factor) for factor in whole.parts[ContributingFactor]],
        "deltas": [delta_of(delta, zone) for delta in whole.parts[ConfigDelta]],
        "people": [person_of(person) for person in whole.parts[Participant]],
        "lessons": [lesson_of(lesson) for lesson in whole.lessons],
        "earlier_lessons": [link_of(link) for link in whole.parts[LessonLink]],
        "runbooks": [use_of(use) for use in whole.parts[RunbookUse]],
        "related": [related_of(related) for related in whole.parts[RelatedIncident]],
        "action_items": [item_of(item) for item in whole.action_items],
    }
    return Document(data, whole.touched)


def head_of(incident: Incident) -> Data:
    return {
        "reference": incident.reference,
        "address": address_of(incident),
        "title": incident.title,
        "kind": coded(incident, "kind"),
        "state": coded(incident, "state"),
        "severity": coded(incident, "severity"),
        "detection": coded(incident, "detection"),
        "restricted": incident.is_restricted,
        "time_zone": incident.time_zone,
        "owner": incident.owner.name if incident.owner else None,
        "services": [service.name for service in incident.services.all()],
        "teams": [team.name for team in incident.teams.all()],
        "tags": [tag.name for tag in incident.tags.all()],
        "source": {"title": incident.source_title, "address": incident.source_url},
        "published_at": incident.published_at.isoformat() if incident.published_at else None,
        "withdrawn_reason": incident.withdrawn_reason,
        "version": incident.version,
    }


def coded(row: models.Model, name: str) -> Data:
    """A choice as programs compare it and as people read it."""
    label = getattr(row, f"get_{name}_display")()
    return {"code": str(getattr(row, name)), "label": str(label)}


def address_of(row: Incident | Lesson | ActionItem) -> str:
    return f"{settings.SITE_URL}{row.get_absolute_url()}"


def time_of(time: ApproximateTime, time_zone: str) -> Data:
    """`at` is the start of the period, in UTC; null where it is unknown."""
    return {
        "at": time.at.isoformat() if time.at else None,
        "precision": time.precision.value,
        "text": human(time, zone_named(time_zone)),
    }


def times_of(incident: Incident) -> Data:
    return {name: time_of(getattr(incident, name), incident.time_zone) for name in Incident.PHASES}


def durations_of(incident: Incident) -> list[Data]:
    """From the beginning to each moment that is known, in words."""
    zone = zone_named(incident.time_zone)
    found = []
    for name in Incident.PHASES[1:]:
        span = duration_between(incident.began, getattr(incident, name), zone)
        if span is not None:
            found.append({"until": name, "text": human_duration(*span)})
    return found


def prose_of(incident: Incident) -> list[Data]:
    """The sections that somebody wrote, in the order of the page."""
    return [
        {
            "name": name,
            "heading": heading_of(name),
            **text_of(incident, name),
        }
        for name in Incident.PROSE
        if getattr(incident, name)
    ]


def heading_of(name: str) -> str:
    """In the site's own words, as the file is read back; `chapters.py` tells it to people."""
    with in_own_words():
        return str(Incident._meta.get_field(name).verbose_name).capitalize()  # type: ignore[union-attr]  # prose is a field of the row


def text_of(row: models.Model, name: str) -> Data:
    return {"markdown": getattr(row, name), "html": getattr(row, f"{name}_html")}


def number_of(value: Decimal | None) -> int | float | None:
    if value is None:
        return None
    return int(value) if value == value.to_integral_value() else float(value)


def event_of(event: TimelineEvent, time_zone: str) -> Data:
    return {
        "time": time_of(event.time, time_zone),
        "time_note": event.time_note,
        "kind": coded(event, "kind"),
        "text": text_of(event, "text"),
        "who": event.actor,
        "known_then": event.known_then,
        "source": event.source,
    }


def measure_of(measure: ImpactMeasure) -> Data:
    return {
        "name": measure.name,
        "value": number_of(measure.value),
        "out_of": number_of(measure.out_of),
        "unit": measure.unit,
        "approximate": measure.is_approximate,
        "note": measure.note,
        "source": measure.source,
    }


def factor_of(used: ContributingFactor) -> Data:
    return {
        "name": used.factor.name,
        "category": coded(used.factor, "category"),
        "how": text_of(used, "how"),
        "source": used.source,
    }


def delta_of(delta: ConfigDelta, time_zone: str) -> Data:
    return {
        "component": delta.knob.component,
        "key": delta.knob.key,
        "unit": delta.knob.unit,
        "before": {"known": delta.before_known, "value": delta.before},
        "after": {"known": delta.after_known, "value": delta.after},
        "part": coded(delta, "part"),
        "where": delta.place,
        "time": time_of(delta.time, time_zone),
        "note": delta.note,
        "source": delta.source,
    }


def person_of(person: Participant) -> Data:
    return {
        "name": str(person),
        "role": coded(person, "role"),
        "note": person.note,
        "hours": number_of(person.hours),
        "hours_outside_work": number_of(person.hours_outside_work),
        "longest_stretch_hours": number_of(person.longest_stretch_hours),
        "source": person.source,
    }


def lesson_of(lesson: Lesson) -> Data:
    return {
        "reference": lesson.reference,
        "address": address_of(lesson),
        "sentence": lesson.sentence,
        "explanation": text_of(lesson, "explanation"),
        "state": coded(lesson, "state"),
    }


def link_of(link: LessonLink) -> Data:
    return {
        "reference": link.lesson.reference,
        "address": address_of(link.lesson),
        "sentence": link.lesson.sentence,
        "relation": coded(link, "relation"),
        "note": link.note,
        "source": link.source,
    }


def use_of(use: RunbookUse) -> Data:
    return {
        "title": use.runbook.title,
        "address": f"{settings.SITE_URL}{use.runbook.get_absolute_url()}",
        "served": coded(use, "served"),
        "note": use.note,
        "source": use.source,
    }


def related_of(related: RelatedIncident) -> Data:
    return {
        "reference": related.other.reference,
        "address": address_of(related.other),
        "title": related.other.title,
        "relation": coded(related, "relation"),
        "note": related.note,
        "source": related.source,
    }


def item_of(item: ActionItem) -> Data:
    return {
        "reference": item.reference,
        "address": address_of(item),
        "title": item.title,
        "body": text_of(item, "body"),
        "kind": coded(item, "kind"),
        "state": coded(item, "state"),
        "owner": item.owner.name if item.owner else None,
        "team": item.team.name if item.team else None,
        "due_date": item.due_date.isoformat() if item.due_date else None,
        "done_at": item.done_at.isoformat() if item.done_at else None,
        "evidence": item.evidence,
        "wont_do_reason": item.wont_do_reason,
        "source": item.source,
    }


def without_html(data: Any) -> Any:
    """The same data for who reads the Markdown."""
    if isinstance(data, dict):
        return {name: without_html(value) for name, value in data.items() if name != "html"}
    return [without_html(each) for each in data] if isinstance(data, list) else data
