"""The score: the formula, and that it is the one by which the databases rank."""

from itertools import pairwise
from math import isclose, log

import pytest

from incidents.lookup.engines import Index, Rows, engine
from incidents.lookup.engines.bm25 import rarity, score, weights
from incidents.lookup.terms import asked, indexed
from incidents.models import SearchEntry

TEXTS = (
    ("Connection pool is empty", "Orders wait for a connection. The pool has ten."),
    ("Queue grows", "The pool of workers is too small for the queue, and the queue for the night."),
    ("Certificate expired", "Nobody renewed it; the pool refused every connection since."),
    ("Disk full", "Logs were kept for ever."),
    ("Disk slow", ""),
    ("Nothing to do with it", "Filling words stand here, and more of them stand there."),
    ("Another one", "The connection to the pool of the night."),
)


def test_it_works() -> None:
    wanted = weights(
        asked("disk"), rows=10, mean_length=4.0, with_term={"disk": 2}.get, with_pair={}.get
    )  # type: ignore[arg-type]
    row = Rows(1, ["disk", "full"], [])
    against = 1.2 * (0.25 + 0.75 * 2 / 4)
    expected = 1.5 * log((10 - 2 + 0.5) / (2 + 0.5)) * 2.2 / (1 + against)
    assert isclose(score(row, wanted), expected)


def test_a_row_without_any_word_rates_nothing() -> None:
    wanted = weights(
        asked("disk"), rows=9, mean_length=4.0, with_term=lambda _: 2, with_pair=lambda _: 0
    )
    assert score(Rows(1, ["pool"], ["queue"]), wanted) == 0


def test_what_stands_nearly_everywhere_counts_next_to_nothing() -> None:
    assert 0 < rarity(10, 6) < 1e-5
    assert 0 < rarity(10, 11) < 1e-5
    assert rarity(10, 0) > rarity(10, 1) > rarity(10, 2)


@pytest.mark.django_db
@pytest.mark.parametrize("text", ["pool", "connection pool", "the queue of the night", "disk full"])
def test_the_databases_rank_by_it(text: str) -> None:
    rows = []
    for number, (head, body) in enumerate(TEXTS, 1):
        entry = SearchEntry.objects.create(kind="runbook", record_id=number, title=head)
        rows.append(Rows(entry.pk, indexed(head), indexed(body)))
    engine().write(Index.RUNBOOKS, rows)
    every_row = [row for one in rows for row in (one.head, one.body) if row]
    question = asked(text)
    wanted = weights(
        question,
        rows=len(every_row),
        mean_length=sum(map(len, every_row)) / len(every_row),
        with_term=lambda term: sum(term in row for row in every_row),
        with_pair=lambda pair: sum(pair in pairwise(row) for row in every_row),
    )
    ours = {one.entry_id: score(one, wanted) for one in rows}

    found = engine().ranked(
        Index.RUNBOOKS, question, among=SearchEntry.objects.all(), limit=len(TEXTS)
    )

    best = sorted((key for key in ours if ours[key]), key=lambda key: -ours[key])
    assert [one.entry_id for one in found] == best
