"""The index that a device looks up in: the runbooks' words as the server's index has them.

Cutting words to stems is done when a runbook is written (incidents/lookup/copied_words.py), and
stays on the server. What leaves is a dictionary, from each word that the runbooks have to its term,
and the runbooks as rows of terms. A row is a text in which each term is one character, the most
frequent ones the shortest: a term, or two neighbours, are found in it as any text is found in
another.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from itertools import chain
from typing import Any

from incidents.lookup.engines.ranking import HEAD_WEIGHT, PHRASE_WEIGHT
from incidents.lookup.reranking import DEPTH, TITLE_WEIGHT
from incidents.lookup.stems import stem
from incidents.lookup.terms import STOP_WORDS_IN_FULL
from incidents.models import RunbookWords

FIRST_CHARACTER = 0x100
"""Of the first term; before it stand what JSON and HTML escape, and what people type."""
SURROGATES, BEYOND = 0xD800, 0x10000
"""No characters of their own: after the last one before them it goes on behind."""


def index_of(runbooks: Sequence[RunbookWords]) -> dict[str, Any]:
    """`heads`, `bodies`, `titles` and `names` have a row for each runbook, in their order.

    `terms` are the stems by their number; `words` has the numbers of the words that are no stems
    themselves; `stop` the numbers of the stop words, which are in it even if no runbook has them.
    """
    heads = [one.head.split() for one in runbooks]
    bodies = [one.body.split() for one in runbooks]
    titles = [dict.fromkeys(one.title.split()) for one in runbooks]
    names = [one.names.split() for one in runbooks]
    counted = Counter(chain.from_iterable(chain(heads, bodies, names)))
    stop = {word: stem(word) for word in STOP_WORDS_IN_FULL}
    # By how often they stand there, then by themselves: the same rows give the same index.
    terms = sorted({*counted, *stop.values()}, key=lambda term: (-counted[term], term))
    numbers = {term: number for number, term in enumerate(terms)}
    characters = {term: character(number) for term, number in numbers.items()}

    def as_texts(rows: Iterable[Iterable[str]]) -> list[str]:
        return ["".join(map(characters.__getitem__, row)) for row in rows]

    return {
        "terms": terms,
        "words": dictionary((one.stems for one in runbooks), stop, numbers),
        "stop": sorted({numbers[term] for term in stop.values()}),
        "heads": as_texts(heads),
        "bodies": as_texts(bodies),
        "titles": as_texts(titles),
        "names": as_texts(names),
        "weights": {
            "head": HEAD_WEIGHT,
            "phrase": PHRASE_WEIGHT,
            "title": TITLE_WEIGHT,
            "depth": DEPTH,
        },
    }


def dictionary(
    stems: Iterable[str], stop: Mapping[str, str], numbers: Mapping[str, int]
) -> dict[str, int]:
    """Every word of the texts that is not its own stem, with the number of its term."""
    # Most lines stand with many runbooks: they are taken apart when each is there once.
    lines = set().union(*(each.splitlines() for each in stems))
    terms = {**dict(line.split() for line in lines), **stop}
    return {
        word: numbers[term]
        for word, term in sorted(terms.items())
        if word != term and term in numbers
    }


def character(number: int) -> str:
    place = FIRST_CHARACTER + number
    return chr(place if place < SURROGATES else place - SURROGATES + BEYOND)
