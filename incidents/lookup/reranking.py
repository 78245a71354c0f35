"""The last word on the order: what an index cannot see, judged on its first few alone.

An index adds up the words that match. It does not see how much of a title was said, nor that a name
in the question is the whole name of an alert. Both are looked at here, for the first `DEPTH` of
each kind, whatever the size of the archive.
"""

from collections.abc import Collection
from functools import lru_cache
from itertools import groupby
from typing import NamedTuple

from django.db.models import QuerySet

from incidents.lookup.engines import Index, Ranked, archive, engine
from incidents.lookup.preference import preferred
from incidents.lookup.spelling import corrected, may_have_slips
from incidents.lookup.terms import Asked, asked, indexed, whole_names
from incidents.models import FoundKind, SearchEntry

DEPTH = 50
"""Of each kind, how many are judged."""
TITLE_WEIGHT = 0.5
"""A title of which every word was said adds this share of the score."""


class Wanted(NamedTuple):
    """What of the question is compared with a title and with names."""

    terms: frozenset[str]
    names: frozenset[str]


class Head(NamedTuple):
    """What an entry is called: its title, and its other names, one on a line."""

    title: str
    names: str


class Judged(NamedTuple):
    is_named: bool
    score: float
    found: Ranked


def find_runbooks(text: str, *, among: QuerySet[SearchEntry], limit: int) -> list[Ranked]:
    """The best `limit` runbooks for this text, best first; only of `among`.

    What the question names whole leads; then the score of the index counts, and how much of the
    title was said.
    """
    wanted = asked(text)
    if may_have_slips(wanted):
        wanted = without_slips(wanted)
    ranked = engine().ranked(Index.RUNBOOKS, wanted, among=among, limit=max(limit, DEPTH))
    return judged_again(preferred(ranked), text, wanted, limit=limit)


def find_in_archive(text: str, *, among: archive.Among, limit: int) -> list[Ranked]:
    """The best `limit` of each kind of `among`, likewise."""
    wanted = asked(text)
    ranked = archive.ranked(wanted, among=among, limit=max(limit, DEPTH))
    return judged_again(ranked, text, wanted, limit=limit)


def judged_again(
    ranked: Collection[Ranked], text: str, wanted: Asked, *, limit: int
) -> list[Ranked]:
    question = Wanted(frozenset(wanted.terms), frozenset(whole_names(text)))
    rows = SearchEntry.objects.filter(pk__in=[one.entry_id for one in ranked])
    heads = {key: Head(*row) for key, *row in rows.values_list("pk", "title", "names")}
    judged = [
        Judged(is_named(head, question), one.score * (1 + TITLE_WEIGHT * said(head, question)), one)
        for one in ranked
        # It may have gone since the index was asked.
        if (head := heads.get(one.entry_id)) is not None
    ]
    return [one.found for one in in_order(first_of_each_kind(in_order(judged), limit))]


def without_slips(wanted: Asked) -> Asked:
    """The question as it was probably meant, by the words of runbooks' titles and alerts."""
    unknown = set(wanted.terms) - engine().known(Index.RUNBOOKS, wanted.terms)
    if not unknown:
        return wanted
    heads = SearchEntry.objects.filter(kind=FoundKind.RUNBOOK).values_list("title", "names")
    vocabulary = {term for head in heads for line in head for term in indexed(line)}
    return corrected(wanted, unknown=unknown, vocabulary=sorted(vocabulary))


def in_order(judged: Collection[Judged]) -> list[Judged]:
    return sorted(judged, key=lambda one: (not one.is_named, -one.score, one.found.entry_id))


def first_of_each_kind(judged: Collection[Judged], limit: int) -> list[Judged]:
    by_kind = sorted(judged, key=lambda one: one.found.kind)
    kinds = groupby(by_kind, lambda one: one.found.kind)
    return [one for _kind, of_kind in kinds for one in list(of_kind)[:limit]]


def said(head: Head, question: Wanted) -> float:
    """The share of the title's terms that the question has, from 0 to 1."""
    title = terms_of_title(head.title)
    return len(title & question.terms) / len(title) if title else 0.0


@lru_cache(maxsize=4096)
def terms_of_title(title: str) -> frozenset[str]:
    """Kept for as many titles as are likely to be judged: most questions meet the same ones."""
    return frozenset(indexed(title))


def is_named(head: Head, question: Wanted) -> bool:
    """Whether a line of the head is one name, and the question has it whole.

    Right: the alert `SouthboundStale` in a paste that begins with it. Wrong: `node_down` where the
    line is `node_down_for_long`, or where it is a title of several words.
    """
    lines = (line.strip() for line in (head.title, *head.names.splitlines()))
    return any(name_of_line(line) in question.names for line in lines if line and " " not in line)


@lru_cache(maxsize=4096)
def name_of_line(line: str) -> str | None:
    return next(iter(whole_names(line)), None)
