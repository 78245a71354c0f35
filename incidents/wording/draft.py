"""What the rules read: a record with its parts, and each of its texts with its place."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from zoneinfo import ZoneInfo

from django.utils.translation import gettext

from incidents.lib.approximate_time import zone_named
from incidents.lib.words.fields import shown_name
from incidents.lib.words.own import in_own_words
from incidents.models import (
    ActionItem,
    ConfigDelta,
    ContributingFactor,
    ImpactMeasure,
    Incident,
    Lesson,
    Participant,
    TimelineEvent,
)
from incidents.wording.vocabulary import PEOPLE
from incidents.wording.written import own_words

LABEL = 60
"""Characters of a part that tell which it is."""


@dataclass(frozen=True)
class Place:
    """Where in the record something is, or would go."""

    label: str
    url: str


@dataclass(frozen=True)
class Text:
    place: Place
    written: str

    @cached_property
    def own_words(self) -> str:
        return own_words(self.written)


@dataclass(frozen=True, kw_only=True)
class Draft:
    """`edit_url` is the form of the record's own fields. Nothing here asks the database."""

    incident: Incident
    edit_url: str = ""
    events: Sequence[TimelineEvent] = ()
    factors: Sequence[ContributingFactor] = ()
    deltas: Sequence[ConfigDelta] = ()
    measures: Sequence[ImpactMeasure] = ()
    people: Sequence[Participant] = ()
    lessons: Sequence[Lesson] = ()
    actions: Sequence[ActionItem] = ()

    @cached_property
    def zone(self) -> ZoneInfo:
        return zone_named(self.incident.time_zone)

    def field_place(self, name: str, *, box: str = "", label: str = "") -> Place:
        """A field of the record; `box` is its name in the form, where that is another."""
        with in_own_words():
            own = str(getattr(Incident._meta.get_field(name), "verbose_name", name)).capitalize()
        return Place(label or shown_name(own), f"{self.edit_url}#id_{box or name}")

    def section_place(self, label: str, section: str) -> Place:
        return Place(label, f"{self.incident.get_absolute_url()}#{section}")

    @cached_property
    def names(self) -> frozenset[str]:
        """Each word of the names of those who took part: “Ann”, and nothing of “on-call team”."""
        names = (str(person).split() for person in self.people)
        of_somebody = (name for name in names if all(is_a_name(word) for word in name))
        # “Ann B.” is not every “B.” that there is.
        return frozenset(word for name in of_somebody for word in name if len(word.strip(".")) > 1)

    @cached_property
    def texts(self) -> list[Text]:
        return [text for text in self._texts() if text.written]

    def _texts(self) -> Iterator[Text]:
        for name in ("title", *Incident.PROSE):
            yield Text(self.field_place(name), getattr(self.incident, name))
        for event in self.events:
            yield Text(event_place(event), event.text)
        for factor in self.factors:
            yield Text(factor_place(factor), factor.factor.name)
            yield Text(factor_place(factor), factor.how)
        for delta in self.deltas:
            url = delta.get_absolute_url()
            yield Text(
                Place(
                    gettext("Config delta: %(shortened)s")
                    % {"shortened": shortened(str(delta.knob))},
                    url,
                ),
                delta.note,
            )
        for measure in self.measures:
            url = measure.get_absolute_url()
            yield Text(
                Place(
                    gettext("Impact: %(shortened)s") % {"shortened": shortened(measure.name)}, url
                ),
                measure.note,
            )
        for person in self.people:
            url = person.get_absolute_url()
            yield Text(
                Place(
                    gettext("People: %(shortened)s") % {"shortened": shortened(str(person))}, url
                ),
                person.note,
            )
        for lesson in self.lessons:
            place = Place(lesson.reference, lesson.get_absolute_url())
            yield Text(place, lesson.sentence)
            yield Text(place, lesson.explanation)
        for action in self.actions:
            yield Text(action_place(action), action.title)
            yield Text(action_place(action), action.body)


def is_a_name(word: str) -> bool:
    return word[0].isupper() and word.casefold() not in PEOPLE


def event_place(event: TimelineEvent) -> Place:
    return Place(
        gettext("Timeline: %(shortened)s") % {"shortened": shortened(event.text)},
        event.get_absolute_url(),
    )


def factor_place(factor: ContributingFactor) -> Place:
    return Place(
        gettext("Factor: %(shortened)s") % {"shortened": shortened(factor.factor.name)},
        factor.get_absolute_url(),
    )


def action_place(action: ActionItem) -> Place:
    return Place(f"{action.reference} {shortened(action.title)}", action.get_absolute_url())


def shortened(text: str) -> str:
    # A text may be long, and only its beginning is looked at.
    line = " ".join(text[: 4 * LABEL].split())
    return line if len(line) <= LABEL else line[: LABEL - 1].rstrip() + "…"
