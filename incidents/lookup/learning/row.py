"""A lookup as it is kept: cut to size, and what it has in common with another."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import NamedTuple

from django.conf import settings

from incidents.lookup.answers import RunbookAnswer
from incidents.lookup.matchers import ALERTNAME
from incidents.lookup.question import Question, as_text
from incidents.models import LONGEST_GIST, AnsweredBy, Lookup, User, Way

SAME_QUESTION = timedelta(minutes=10)
"""For so long the same question of the same person is the same lookup: a page that is loaded again,
or a program that asks for every alert of a storm."""
ASKED_AGAIN = timedelta(minutes=10)
STILL_TYPING = timedelta(seconds=10)
"""A text that stood for longer was a question of its own."""
BY_HAND = {Way.ADDRESS, Way.TYPED}


class Asker(NamedTuple):
    """Who asks, how and when; `typing` tells one page on which it is typed from another."""

    by: User | None
    way: Way
    at: datetime
    typing: str = ""


def row_of(question: Question, answers: Sequence[RunbookAnswer], asker: Asker) -> Lookup | None:
    """The lookup as a row, not written yet; None where nothing was asked."""
    gist = gist_of(question.text, question.labels)
    if not gist:
        return None
    return Lookup(
        asked_by=asker.by,
        asked_at=asker.at,
        way=asker.way,
        typing=asker.typing,
        text=question.text[: settings.LOOKUP_CHARACTERS],
        labels=cut_labels(question.labels),
        gist=gist,
        answered_by=answered_by(answers),
        offered=[answer.runbook.pk for answer in answers],
    )


def gist_of(text: str, labels: Mapping[str, str]) -> str:
    """What alike questions have in common: the alert's name, or else the first line.

    Right: `DiskFull` for that alert on any host. Wrong: a key of its own for each host.
    """
    first_line = next((line for line in text.splitlines() if line.strip()), "")
    gist = labels.get(ALERTNAME) or first_line or as_text("", labels)
    longest = min(LONGEST_GIST, settings.LOOKUP_CHARACTERS)
    return " ".join(gist.casefold().split())[:longest]


def cut_labels(labels: Mapping[str, str]) -> dict[str, str]:
    """As many of the labels as the settings keep characters for, the alert's name first."""
    kept: dict[str, str] = {}
    left = settings.LOOKUP_CHARACTERS
    for name in sorted(labels, key=lambda name: name != ALERTNAME):
        left -= len(name) + len(labels[name])
        if left >= 0:
            kept[name] = labels[name]
    return kept


def answered_by(answers: Sequence[RunbookAnswer]) -> AnsweredBy:
    if not answers:
        return AnsweredBy.NOTHING
    first = answers[0]
    if first.is_exact:
        return AnsweredBy.EXACT
    if first.is_by_pattern:
        return AnsweredBy.PATTERN
    return AnsweredBy.WORDS if first.by_words else AnsweredBy.LABELS


def same_question(one: Lookup, other: Lookup) -> bool:
    return (one.text, one.labels) == (other.text, other.labels)


def is_typed_on(earlier: Lookup, later: Lookup) -> bool:
    """Whether `later` is what `earlier` became while somebody went on typing.

    Right: "disk" and then "disk full", on one page, or sent from there before it was answered.
    Wrong: "disk full", and a minute later "dns".
    """
    if earlier.way != Way.TYPED:
        return False
    goes_on = bool(earlier.text and later.text) and (
        later.text.startswith(earlier.text) or earlier.text.startswith(later.text)
    )
    if later.way == Way.ADDRESS:
        return goes_on
    on_one_page = bool(earlier.typing) and earlier.typing == later.typing
    return on_one_page and (goes_on or later.asked_at - earlier.asked_at <= STILL_TYPING)


def is_erased(earlier: Lookup, later: Lookup) -> bool:
    """Whether somebody takes back what they typed: what is left was never meant as a question."""
    return later.way == Way.TYPED and earlier.text.startswith(later.text)


def is_asked_again(earlier: Lookup, later: Lookup) -> bool:
    """Whether a person who opened nothing of `earlier` asks the same in other words.

    Another alert by its name is another question: alerts come several at once.
    """
    one, other = (row.labels.get(ALERTNAME) for row in (earlier, later))
    return (
        {earlier.way, later.way} <= BY_HAND
        and later.asked_at - earlier.asked_at <= ASKED_AGAIN
        and (one == other or not one or not other)
    )
