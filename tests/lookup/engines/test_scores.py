"""Both engines give the scores that the formula of BM25 gives; run on each database."""

from collections.abc import Sequence
from itertools import pairwise
from math import log

import pytest

from incidents.lookup.engines import Index, Rows, engine
from incidents.lookup.engines.ranking import HEAD_WEIGHT, PHRASE_WEIGHT
from incidents.lookup.terms import Asked
from incidents.models import SearchEntry

pytestmark = pytest.mark.django_db

# Heads and bodies, as terms.
RUNBOOKS = [
    ("connection pool full", "the pool of a connection is not the connection budget"),
    ("connection pool", "raise the connection pool or lower what the connection pool feeds"),
    ("disk full", "free some room on the disk"),
    ("pod crash", ""),
    ("queue", "a queue that grows is full of work for a pool that is not there not at all"),
]
ASKED = Asked(
    terms=("connection", "pool", "full", "not", "queue", "nowhere"),
    pairs=(("connection", "pool"), ("pool", "full"), ("not", "queue")),
)


def expected(runbooks: Sequence[tuple[str, str]], asked: Asked) -> list[float]:
    """The score of each runbook by the formula, spelt out."""
    rows = [text.split() for head, body in runbooks for text in (head, body) if text]
    mean_length = sum(map(len, rows)) / len(rows)

    def score(row: list[str], term: tuple[str, ...]) -> float:
        count = said(row, term)
        matching = sum(said(other, term) > 0 for other in rows)
        idf = max(log((len(rows) - matching + 0.5) / (matching + 0.5)), 1e-6)
        against = 1.2 * (1 - 0.75 + 0.75 * len(row) / mean_length)
        return idf * count * (1.2 + 1) / (count + against)

    def scores(text: str) -> float:
        row = text.split()
        return sum(score(row, (term,)) for term in asked.terms) + PHRASE_WEIGHT * sum(
            score(row, pair) for pair in asked.pairs
        )

    return [HEAD_WEIGHT * scores(head) + scores(body) for head, body in runbooks]


def said(row: list[str], term: tuple[str, ...]) -> int:
    """How often a term, or two in this order, stands in the row."""
    return row.count(*term) if len(term) == 1 else list(pairwise(row)).count(term)  # type: ignore[arg-type]


def write(runbooks: Sequence[tuple[str, str]]) -> list[int]:
    entries = [
        SearchEntry.objects.create(kind="runbook", record_id=number, title=head)
        for number, (head, _body) in enumerate(runbooks, 1)
    ]
    rows = [
        Rows(entry.pk, head.split(), body.split())
        for entry, (head, body) in zip(entries, runbooks, strict=True)
    ]
    engine().write(Index.RUNBOOKS, rows)
    return [entry.pk for entry in entries]


def scores_by_entry(asked: Asked) -> dict[int, float]:
    among = SearchEntry.objects.all()
    ranked = engine().ranked(Index.RUNBOOKS, asked, among=among, limit=50)
    assert [one.score for one in ranked] == sorted((one.score for one in ranked), reverse=True)
    return {one.entry_id: one.score for one in ranked}


def test_it_works() -> None:
    keys = write(RUNBOOKS)

    scores = scores_by_entry(ASKED)

    wanted = zip(keys, expected(RUNBOOKS, ASKED), strict=True)
    assert scores == pytest.approx({key: score for key, score in wanted if score}, rel=1e-9)
    assert len(scores) == len(RUNBOOKS) - 1


def test_a_word_in_most_rows_still_finds_and_hardly_counts() -> None:
    runbooks = [("api", "api"), ("api", "api"), ("api pool", "api")]
    keys = write(runbooks)
    asked = Asked(terms=("api", "pool"), pairs=(("api", "pool"),))

    wanted = dict(zip(keys, expected(runbooks, asked), strict=True))

    assert scores_by_entry(asked) == pytest.approx(wanted, rel=1e-9)
    assert wanted[keys[0]] < 1e-5


def test_the_rows_are_counted_as_they_are_now() -> None:
    keys = write(RUNBOOKS)
    engine().erase(Index.RUNBOOKS, keys[3:4])
    engine().write(Index.RUNBOOKS, [Rows(keys[4], ["pool"], [])])
    now = [*RUNBOOKS[:3], ("pool", "")]

    wanted = zip([*keys[:3], keys[4]], expected(now, ASKED), strict=True)

    assert scores_by_entry(ASKED) == pytest.approx(dict(wanted), rel=1e-9)
