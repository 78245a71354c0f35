"""Slips of the finger: `clutser` is asked for as `cluster` too.

Only what is everybody's may correct a question: the words of runbooks' titles and alerts. Were the
words of restricted records among them, a slip could tell that there is one.
"""

from collections.abc import Collection

from rapidfuzz import process
from rapidfuzz.distance import OSA

from incidents.lookup.terms import Asked

MOST_TERMS = 8
"""A question with more terms is a paste; a paste has no slips, and words enough."""
SHORTEST = 4
"""Letters: a shorter word is one slip away from too many others."""
LONG = 8
"""Letters from which on two slips are allowed for, instead of one."""


def may_have_slips(asked: Asked) -> bool:
    return len(asked.terms) <= MOST_TERMS


def corrected(asked: Asked, *, unknown: Collection[str], vocabulary: Collection[str]) -> Asked:
    """The question with the nearest word of the vocabulary beside each unknown one.

    Distance is the optimal string alignment distance: an insertion, a deletion, a substitution, or
    a transposition of neighbours is one slip each. A digit is no slip: `http2` is not `http3`.
    """
    words = [word for word in vocabulary if len(word) >= SHORTEST and word.isalpha()]
    meant = {term: word for term in unknown if (word := nearest(term, words))}
    if not meant:
        return asked
    pairs = [
        (meant.get(first, first), meant.get(then, then))
        for first, then in asked.pairs
        if first in meant or then in meant
    ]
    return Asked(
        tuple(dict.fromkeys([*asked.terms, *meant.values()])),
        tuple(dict.fromkeys([*asked.pairs, *pairs])),
    )


def nearest(term: str, words: Collection[str]) -> str | None:
    if len(term) < SHORTEST or not term.isalpha():
        return None
    slips = 2 if len(term) >= LONG else 1
    found = process.extractOne(term, words, scorer=OSA.distance, score_cutoff=slips)
    return found[0] if found else None
