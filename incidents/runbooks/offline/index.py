"""The index that a device looks up in: the runbooks' words as the server's index has them.

Cutting words to stems stays here. What leaves is a dictionary, from each word that the runbooks
have to its term, and the runbooks as rows of terms. A row is a text in which each term is one
character, the most frequent ones the shortest: a term, or two neighbours, are found in it as any
text is found in another.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from functools import lru_cache
from typing import Any

from incidents.lookup.engines.ranking import HEAD_WEIGHT, PHRASE_WEIGHT
from incidents.lookup.reranking import DEPTH, TITLE_WEIGHT
from incidents.lookup.stems import stem
from incidents.lookup.terms import STOP_WORDS_IN_FULL, indexed, whole_names, written
from incidents.lookup.words import Words, words_of
from incidents.models import Runbook

FIRST_CHARACTER = 0x100
"""Of the first term; before it stand what JSON and HTML escape, and what people type."""
MOST_TEXTS = 5_000
"""Heads and bodies whose words a process remembers: after one runbook changed, one is read."""
SURROGATES, BEYOND = 0xD800, 0x10000
"""No characters of their own: after the last one before them it goes on behind."""


def index_of(runbooks: Sequence[Runbook]) -> dict[str, Any]:
    """`heads`, `bodies`, `titles` and `names` have a row for each runbook, in their order.

    `terms` are the stems by their number; `words` has the numbers of the words that are no stems
    themselves; `stop` the numbers of the stop words, which are in it even if no runbook has them.
    """
    words = words_of(*runbooks)
    heads = [terms_in(head_of(one)) for one in words]
    bodies = [terms_in(one.body) for one in words]
    names = [names_in_head(one) for one in words]
    counted = Counter(term for rows in (heads, bodies, names) for row in rows for term in row)
    stop = {word: stem(word) for word in STOP_WORDS_IN_FULL}
    # By how often they stand there, then by themselves: the same rows give the same index.
    terms = sorted({*counted, *stop.values()}, key=lambda term: (-counted[term], term))
    numbers = {term: number for number, term in enumerate(terms)}
    texts = (text for one in words for text in (head_of(one), one.body))
    return {
        "terms": terms,
        "words": dictionary(texts, stop, numbers),
        "stop": sorted({numbers[term] for term in stop.values()}),
        "heads": [row_of(row, numbers) for row in heads],
        "bodies": [row_of(row, numbers) for row in bodies],
        "titles": [row_of(dict.fromkeys(indexed(one.title)), numbers) for one in words],
        "names": [row_of(row, numbers) for row in names],
        "weights": {
            "head": HEAD_WEIGHT,
            "phrase": PHRASE_WEIGHT,
            "title": TITLE_WEIGHT,
            "depth": DEPTH,
        },
    }


@lru_cache(maxsize=MOST_TEXTS)
def terms_in(text: str) -> tuple[str, ...]:
    return tuple(indexed(text))


@lru_cache(maxsize=MOST_TEXTS)
def words_in(text: str) -> frozenset[str]:
    return frozenset(written(text))


def head_of(words: Words) -> str:
    return f"{words.title}\n{words.names}"


def names_in_head(words: Words) -> list[str]:
    """The lines of the head that are one name made of several words, each as one term."""
    lines = (line.strip() for line in (words.title, *words.names.splitlines()))
    return list(dict.fromkeys(name for line in lines if " " not in line for name in first(line)))


def first(line: str) -> list[str]:
    return whole_names(line)[:1]


def dictionary(
    texts: Iterable[str], stop: Mapping[str, str], numbers: Mapping[str, int]
) -> dict[str, int]:
    """Every word of the texts that is not its own stem, with the number of its term."""
    found = {word for text in texts for word in words_in(text)}
    terms = {**{word: stem(word) for word in found}, **stop}
    return {
        word: numbers[term]
        for word, term in sorted(terms.items())
        if word != term and term in numbers
    }


def row_of(terms: Iterable[str], numbers: Mapping[str, int]) -> str:
    return "".join(character(numbers[term]) for term in terms)


def character(number: int) -> str:
    place = FIRST_CHARACTER + number
    return chr(place if place < SURROGATES else place - SURROGATES + BEYOND)
