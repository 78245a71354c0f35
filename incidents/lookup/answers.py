"""What the responder is answered, and in which order."""

from collections.abc import Mapping, Sequence
from textwrap import indent
from typing import NamedTuple

from django.utils.safestring import SafeString
from django.utils.translation import gettext

from incidents.lookup.matchers import AlertLine, line_for
from incidents.lookup.question import Question
from incidents.lookup.steps import Steps
from incidents.models import ConfigDelta, Incident, Knob, Lesson, Runbook

LONGEST_TITLE, LONGEST_SEEN = 200, 1_000
"""Characters of a question with which a new runbook begins: they go through its address."""
SERVICE_LABELS = ("service", "app", "application", "component", "job")
"""Labels that may say which service an alert is about."""


class RunbookAnswer(NamedTuple):
    """A runbook and why it is one: `line` matches the alert, `services` are the alert's, `by_words`
    says that words of the question are in it. `title` has them marked, and so has `snippet`, which
    stands in where there are no steps to show."""

    runbook: Runbook
    title: SafeString
    snippet: SafeString
    steps: Steps
    line: AlertLine | None
    services: list[str]
    by_words: bool
    helped: int
    failed: int

    @property
    def is_exact(self) -> bool:
        """A line of it says the very name of the alert."""
        return self.line is not None and names_alert(self.line) == EXACTLY

    @property
    def is_by_pattern(self) -> bool:
        return self.line is not None and names_alert(self.line) == BY_PATTERN


class PastIncident(NamedTuple):
    """A record like this one: `turned` are the knobs that mitigated or fixed it, `took` how long
    it was until then, each as (what, how long), `served` how the first runbook served then."""

    incident: Incident
    title: SafeString
    snippet: SafeString
    turned: list[ConfigDelta]
    took: list[tuple[str, str]]
    served: str


class RowAnswer(NamedTuple):
    row: Knob | Lesson
    title: SafeString
    snippet: SafeString


class Answers(NamedTuple):
    """The runbooks, best first. These never wait for the archive."""

    runbooks: list[RunbookAnswer]

    @property
    def first_key(self) -> int | None:
        return self.runbooks[0].runbook.pk if self.runbooks else None


class Beside(NamedTuple):
    """What the archive has: incidents like this, knobs and lessons that match.

    `unsearched` is how many records could not be looked through yet.
    """

    incidents: list[PastIncident]
    knobs: list[RowAnswer]
    lessons: list[RowAnswer]
    unsearched: int

    @property
    def total(self) -> int:
        return len(self.incidents) + len(self.knobs) + len(self.lessons)

    @property
    def has_turned(self) -> bool:
        """Whether a knob is known that mitigated or fixed one of the incidents."""
        return any(past.turned for past in self.incidents)


EXACTLY, BY_PATTERN, BY_OTHER_LABELS = 2, 1, 0


def names_alert(line: AlertLine) -> int:
    return line.specificity.names_alert


def best_first(lines: Mapping[int, AlertLine], by_words: Sequence[int]) -> list[int]:
    """Runbooks by their keys, in the order in which they are answered.

    1. Those with a line that names the alert, exactly or by a pattern: the most specific first.
    2. Those that the words found, in the order in which they did.
    3. Those whose line speaks of other labels alone and in which no word was found: what is right
       for every critical alert is seldom the runbook of this one.

    What is equal in that goes by words, then by age.
    """
    places = {key: place for place, key in enumerate(by_words)}

    def by_line(key: int) -> tuple[tuple[int, ...], int, int]:
        return (
            tuple(-count for count in lines[key].specificity),
            places.get(key, len(places)),
            key,
        )

    named = sorted((key for key in lines if names_alert(lines[key])), key=by_line)
    others = sorted((key for key in lines if not names_alert(lines[key])), key=by_line)
    return list(dict.fromkeys([*named, *by_words, *others]))


def draft_for(question: Question) -> dict[str, str]:
    """What the form of a new runbook begins with, where none was found for this question."""
    first_line = question.text.partition("\n")[0]
    title = question.alertname or first_line
    seen = question.text if question.text != title else ""
    body = gettext("Seen as:") + f"\n\n{indent(seen[:LONGEST_SEEN], '    ')}\n" if seen else ""
    draft = {"title": title[:LONGEST_TITLE], "alerts": line_for(question.alertname), "body": body}
    return {name: text for name, text in draft.items() if text}


def speaks_of_services(labels: Mapping[str, str]) -> bool:
    return any(name in labels for name in SERVICE_LABELS)


def services_named(names: Sequence[tuple[str, str]], labels: Mapping[str, str]) -> list[str]:
    """The services, as (name, slug), that the alert's labels speak of."""
    said = {labels[name].casefold() for name in SERVICE_LABELS if name in labels}
    return [name for name, slug in names if {name.casefold(), slug.casefold()} & said]
