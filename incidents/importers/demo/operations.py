"""Bringing the stories into the site."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, TypeVar
from zoneinfo import ZoneInfo

from django.db import transaction

from incidents.action_items.operations import create_action_item
from incidents.directory.operations import create_service
from incidents.guard.operations import add_guard
from incidents.history.operations import create_records
from incidents.importers.demo.reading import Library, Row, Story, read_library
from incidents.knowledge.operations import create_factor, create_knob, create_lesson
from incidents.lib import approximate_time
from incidents.lookup.operations import keep_findable
from incidents.models import (
    ConfigDelta,
    ContributingFactor,
    Factor,
    GuardState,
    ImpactMeasure,
    Incident,
    Knob,
    Lesson,
    LessonLink,
    Participant,
    RelatedIncident,
    Runbook,
    RunbookUse,
    Service,
    TimelineEvent,
    User,
)
from incidents.models.editable import Editable
from incidents.records.operations import create_incident
from incidents.records.states import publish
from incidents.runbooks.operations import create_runbook

Made = TypeVar("Made", bound=Editable)


@dataclass
class Loaded:
    """What a run made, and the stories that it found here and left as they are."""

    made: list[str] = field(default_factory=list)
    left_alone: list[str] = field(default_factory=list)


@transaction.atomic
def load_stories(*, by: User | None, at: datetime) -> Loaded:
    """Record the six stories, with their factors, knobs, lessons, runbooks and action items.

    A story is known by its `external_key`. One that is here already is left alone with all that
    belongs to it, whatever people have made of it since; so a second run changes nothing.

    Raises `NotAStory` where a file cannot be read; nothing is written then.
    """
    library = read_library()
    here = {
        incident.external_key: incident
        for incident in Incident.objects.filter(
            external_key__in=[story.record["external_key"] for story in library.stories]
        ).order_by("pk")
    }
    loader = Loader(library=library, by=by, at=at, incidents=dict(here))
    wanted = [story for story in library.stories if story.record["external_key"] not in here]
    for story in wanted:
        loader.make_record(story)
        loader.make_lessons(story)
        loader.make_action_items(story)
    # Stories speak of each other: these wait until all are there.
    for story in wanted:
        loader.connect(story)
    return Loaded(made=loader.made, left_alone=[str(incident) for incident in here.values()])


@dataclass
class Loader:
    """One run. It remembers what it found or made, by the names that the files use."""

    library: Library
    by: User | None
    at: datetime
    incidents: dict[str | None, Incident]
    made: list[str] = field(default_factory=list)

    def make_record(self, story: Story) -> None:
        told = story.record
        zone = ZoneInfo(told.get("time_zone", "UTC"))
        texts = {name: told.get(name, "") for name in Incident.PROSE}
        times: dict[str, Any] = {}
        for phase in Incident.PHASES:
            times |= time_fields(phase, told.get(phase, ""), zone)
        values = {
            **texts,
            **times,
            **{name: told[name] for name in ("title", "kind", "detection", "external_key")},
            **{name: told.get(name, "") for name in ("source_title", "source_url")},
            "time_zone": zone.key,
            "services": [self.service(slug) for slug in told.get("services", [])],
            "tags": told.get("tags", []),
        }
        incident = self.noted(create_incident(values=values, by=self.by, at=self.at))
        self.make_parts(incident, story, zone)
        # Told by somebody else, and not ours to review.
        incident = publish(incident, by=self.by, at=self.at, without_approval=True)
        keep_findable(incident)
        self.incidents[incident.external_key] = incident

    def make_parts(self, incident: Incident, story: Story, zone: ZoneInfo) -> None:
        builders: dict[str, Callable[[Row], Editable]] = {
            "events": lambda row: TimelineEvent(
                **time_fields("event", row.get("at", ""), zone), **without(row, "at")
            ),
            "factors": lambda row: ContributingFactor(
                factor=self.factor(row["factor"]), **without(row, "factor")
            ),
            "deltas": lambda row: ConfigDelta(
                **time_fields("turned", row.get("at", ""), zone),
                knob=self.knob(row["component"], row["key"]),
                **without(row, "at", "component", "key"),
            ),
            "measures": lambda row: ImpactMeasure(**row),
            "participants": lambda row: Participant(**row),
            "runbooks": lambda row: RunbookUse(
                runbook=self.runbook(row["slug"]), **without(row, "slug")
            ),
        }
        rows: list[Editable] = []
        for table, build in builders.items():
            rows += placed(incident, [build(row) for row in story.tables[table]])
        summary = "Recorded its timeline, factors, deltas, measures, people and runbooks"
        create_records(rows, by=self.by, at=self.at, summary=summary)

    def make_lessons(self, story: Story) -> None:
        incident = self.incidents[story.record["external_key"]]
        for row in story.tables["lessons"]:
            values = {
                **without(row, "guard"),
                "learned_from": incident,
                "knobs": self.knobs(row.get("knobs", [])),
            }
            lesson = self.noted(create_lesson(values=values, by=self.by, at=self.at))
            if "guard" in row:
                guard = {**row["guard"], "state": GuardState.ACTIVE}
                add_guard(lesson, values=guard, by=self.by, at=self.at)

    def make_action_items(self, story: Story) -> None:
        incident = self.incidents[story.record["external_key"]]
        for row in story.tables["actions"]:
            lesson = None
            if "lesson" in row:
                lesson = Lesson.objects.get(learned_from=incident, sentence=row["lesson"])
            # What others published has no due date of ours.
            values = {**row, "incident": incident, "lesson": lesson, "due_date": None}
            self.noted(create_action_item(values=values, by=self.by, at=self.at))

    def connect(self, story: Story) -> None:
        incident = self.incidents[story.record["external_key"]]
        links = [
            LessonLink(
                lesson=Lesson.objects.filter(sentence=row["lesson"]).earliest("pk"),
                **without(row, "lesson"),
            )
            for row in story.tables["lesson_links"]
        ]
        others = [
            RelatedIncident(other=self.incidents[row["other"]], **without(row, "other"))
            for row in story.tables["related"]
        ]
        rows: list[Editable] = [*placed(incident, links), *placed(incident, others)]
        create_records(rows, by=self.by, at=self.at, summary="Connected it with the other stories")

    def service(self, slug: str) -> Service:
        if (found := Service.objects.filter(slug=slug).first()) is not None:
            return found
        values = entry(self.library.shared["services"], slug=slug)
        return self.noted(create_service(values=values, by=self.by, at=self.at))

    def factor(self, slug: str) -> Factor:
        if (found := Factor.objects.filter(slug=slug).first()) is not None:
            return found
        values = entry(self.library.shared["factors"], slug=slug)
        return self.noted(create_factor(values=values, by=self.by, at=self.at))

    def knob(self, component: str, key: str) -> Knob:
        if (found := Knob.objects.filter(component=component, key=key).first()) is not None:
            return found
        values = entry(self.library.shared["knobs"], component=component, key=key)
        return self.noted(create_knob(values=values, by=self.by, at=self.at))

    def knobs(self, names: list[str]) -> list[Knob]:
        return [self.knob(*name.split(" · ")) for name in names]

    def runbook(self, slug: str) -> Runbook:
        if (found := Runbook.objects.filter(slug=slug).first()) is not None:
            return found
        told = self.library.runbooks[slug]
        values = {
            **told,
            "slug": slug,
            "services": [self.service(name) for name in told.get("services", [])],
            "knobs": self.knobs(told.get("knobs", [])),
        }
        return self.noted(create_runbook(values=values, by=self.by, at=self.at))

    def noted(self, row: Made) -> Made:
        self.made.append(f"{row._meta.verbose_name} {row}")
        return row


def time_fields(name: str, text: str, zone: ZoneInfo) -> dict[str, Any]:
    """Raises `incidents.lib.approximate_time.NotATime`."""
    time = approximate_time.parse(text, zone)
    return {f"{name}_at": time.at, f"{name}_precision": time.precision.value}


def without(row: Row, *names: str) -> dict[str, Any]:
    return {key: value for key, value in row.items() if key not in names}


def placed(incident: Incident, rows: list[Any]) -> list[Any]:
    """The rows as parts of the incident, in this order."""
    for position, row in enumerate(rows):
        row.incident, row.position = incident, position
    return rows


def entry(rows: list[Row], **name: str) -> Row:
    """The one that has this name. Raises `KeyError`."""
    for row in rows:
        if all(row[key] == value for key, value in name.items()):
            return row
    raise KeyError(name)
