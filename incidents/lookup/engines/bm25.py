"""BM25 over rows of terms that are at hand, as the databases' engines rate theirs.

The formula and its constants are those of SQLite's FTS5 (S. Robertson and H. Zaragoza, "The
Probabilistic Relevance Framework: BM25 and Beyond", 2009): an entry has two rows, its head and its
body, which stand in one statistic.
"""

import math
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

from incidents.lookup.engines.ranking import HEAD_WEIGHT, PHRASE_WEIGHT, Rows
from incidents.lookup.terms import Asked

K1, B = 1.2, 0.75
LEAST = 1e-6
"""What a word counts that stands in half of the rows or more."""

Pair = tuple[str, str]


@dataclass(frozen=True)
class Weights:
    """What each term and each pair of neighbours is worth, and how long a row is on average."""

    terms: Mapping[str, float]
    pairs: Mapping[Pair, float]
    mean_length: float


def weights(
    asked: Asked,
    *,
    rows: int,
    mean_length: float,
    with_term: Callable[[str], int],
    with_pair: Callable[[Pair], int],
) -> Weights:
    """`with_term` and `with_pair` say in how many of the `rows` there is one."""
    return Weights(
        {term: rarity(rows, with_term(term)) for term in asked.terms},
        {pair: PHRASE_WEIGHT * rarity(rows, with_pair(pair)) for pair in asked.pairs},
        max(mean_length, 1.0),
    )


def rarity(rows: int, matching: int) -> float:
    """The inverse document frequency."""
    return max(math.log(max(rows - matching, 0) + 0.5) - math.log(matching + 0.5), LEAST)


def score(entry: Rows, wanted: Weights) -> float:
    return HEAD_WEIGHT * row_score(entry.head, wanted) + row_score(entry.body, wanted)


def row_score(row: Sequence[str], wanted: Weights) -> float:
    """Nought for a row that has none of what is wanted."""
    terms = Counter(filter(wanted.terms.__contains__, row))
    if not terms:
        return 0.0
    against = K1 * (1 - B + B * len(row) / wanted.mean_length)
    total = sum(wanted.terms[term] * saturated(n, against) for term, n in terms.items())
    if len(terms) > 1 and wanted.pairs:
        pairs = Counter(filter(wanted.pairs.__contains__, pairwise(row)))
        total += sum(wanted.pairs[pair] * saturated(n, against) for pair, n in pairs.items())
    return total


def saturated(count: int, against: float) -> float:
    return count * (K1 + 1) / (count + against)
