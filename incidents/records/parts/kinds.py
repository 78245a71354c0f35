"""The kinds of parts: what each is made, shown and asked for with. One entry is one kind."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext_lazy

from incidents.lib.words.translated import Translated
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
from incidents.records.parts import forms, operations


@dataclass(frozen=True, kw_only=True)
class PartKind:
    name: str
    """In the address: `/incidents/INC-4/event/new/`."""
    model: type[Part]
    form: type[forms.PartForm]
    add: Callable[..., Any]
    """The operation: the incident, `values=`, `by=`, `at=`."""
    section: str
    """The id of the section on the record's page."""
    heading: Translated
    icon: str
    one: str
    """One of them, for programs: "an event"."""
    adding: Translated
    """As a button and a page name it: "Add an event"."""
    editing_it: Translated
    nothing: Translated
    teaches: Translated
    """What belongs here, for who has never filled one in."""
    row: str
    """The template of one row."""
    rows: str = "parts"
    """The class of the list."""

    def __str__(self) -> str:
        return self.name

    @property
    def editing(self) -> str:
        """The classes of a row while it is edited."""
        return "timeline-editing" if self.rows == "timeline" else "part part-editing"


EVENT = PartKind(
    name="event",
    model=TimelineEvent,
    form=forms.TimelineEventForm,
    add=operations.add_timeline_event,
    section="timeline",
    heading=gettext_lazy("Timeline"),
    icon="clock",
    one="an event",
    adding=gettext_lazy("Add an event"),
    editing_it=gettext_lazy("Edit an event"),
    nothing=gettext_lazy("No events yet"),
    teaches=gettext_lazy(
        "What was seen, decided and done, each with its time as precisely as it is "
        "known. A chat log can be pasted."
    ),
    row="records/parts/_event.html",
    rows="timeline",
)
FACTOR = PartKind(
    name="factor",
    model=ContributingFactor,
    form=forms.ContributingFactorForm,
    add=operations.add_contributing_factor,
    section="factors",
    heading=gettext_lazy("Contributing factors"),
    icon="puzzle-piece",
    one="a factor",
    adding=gettext_lazy("Add a factor"),
    editing_it=gettext_lazy("Edit a factor"),
    nothing=gettext_lazy("No contributing factors yet"),
    teaches=gettext_lazy(
        "The conditions that made it possible, made it worse or kept it hidden. There "
        "are always several, and a person is never one."
    ),
    row="records/parts/_factor.html",
)
DELTA = PartKind(
    name="delta",
    model=ConfigDelta,
    form=forms.ConfigDeltaForm,
    add=operations.add_config_delta,
    section="deltas",
    heading=gettext_lazy("Config deltas"),
    icon="adjustments-horizontal",
    one="a delta",
    adding=gettext_lazy("Add a delta"),
    editing_it=gettext_lazy("Edit a delta"),
    nothing=gettext_lazy("No configuration was turned, or none is recorded yet"),
    teaches=gettext_lazy(
        "Each setting that was changed: what it was before, what it was after, and "
        "whether that contributed, was tried, mitigated or fixed it."
    ),
    row="records/parts/_delta.html",
)
MEASURE = PartKind(
    name="measure",
    model=ImpactMeasure,
    form=forms.ImpactMeasureForm,
    add=operations.add_impact_measure,
    section="measures",
    heading=gettext_lazy("Impact in numbers"),
    icon="chart-bar",
    one="a measure",
    adding=gettext_lazy("Add a measure"),
    editing_it=gettext_lazy("Edit a measure"),
    nothing=gettext_lazy("No measures yet"),
    teaches=gettext_lazy(
        "How many, how much, how long, and out of what whole. A number that nobody "
        "counted is recorded as unknown."
    ),
    row="records/parts/_measure.html",
)
PERSON = PartKind(
    name="person",
    model=Participant,
    form=forms.ParticipantForm,
    add=operations.add_participant,
    section="people",
    heading=gettext_lazy("People and roles"),
    icon="user-group",
    one="a person",
    adding=gettext_lazy("Add a person"),
    editing_it=gettext_lazy("Edit a person"),
    nothing=gettext_lazy("Nobody is named yet"),
    teaches=gettext_lazy(
        "Who took part, in which role, and how many hours it took of them. Nobody is "
        "named as a cause."
    ),
    row="records/parts/_person.html",
)
LESSON_LINK = PartKind(
    name="lesson-link",
    model=LessonLink,
    form=forms.LessonLinkForm,
    add=operations.add_lesson_link,
    section="earlier-lessons",
    heading=gettext_lazy("Earlier lessons"),
    icon="academic-cap",
    one="an earlier lesson",
    adding=gettext_lazy("Add an earlier lesson"),
    editing_it=gettext_lazy("Edit an earlier lesson"),
    nothing=gettext_lazy("No earlier lesson is linked"),
    teaches=gettext_lazy(
        "Lessons that were known before: which of them this incident violated, upheld or refined."
    ),
    row="records/parts/_lesson_link.html",
)
RUNBOOK_USE = PartKind(
    name="runbook-use",
    model=RunbookUse,
    form=forms.RunbookUseForm,
    add=operations.add_runbook_use,
    section="runbooks",
    heading=gettext_lazy("Runbooks"),
    icon="book-open",
    one="a runbook",
    adding=gettext_lazy("Add a runbook"),
    editing_it=gettext_lazy("Edit a runbook"),
    nothing=gettext_lazy("No runbook is named"),
    teaches=gettext_lazy(
        "Which runbooks were followed and how they served; also one that was there and "
        "not found, or would have helped."
    ),
    row="records/parts/_runbook_use.html",
)
RELATED = PartKind(
    name="related",
    model=RelatedIncident,
    form=forms.RelatedIncidentForm,
    add=operations.add_related_incident,
    section="related",
    heading=gettext_lazy("Related records"),
    icon="link",
    one="a related record",
    adding=gettext_lazy("Add a related record"),
    editing_it=gettext_lazy("Edit a related record"),
    nothing=gettext_lazy("No related records"),
    teaches=gettext_lazy("Incidents that looked alike, or that followed from this one."),
    row="records/parts/_related.html",
)

KINDS = {
    kind.name: kind
    for kind in (EVENT, FACTOR, DELTA, MEASURE, PERSON, LESSON_LINK, RUNBOOK_USE, RELATED)
}
