"""The search over everything but runbooks, which may be a hundred thousand records.

To rate every record that has one of the words takes as long as there are records. So an embedded
index names the best few by their words alone, and the best of those are rated here, as the engines
of the databases rate all of theirs; beside them what was written since the index read last.
"""

from collections.abc import Collection
from dataclasses import dataclass, field
from itertools import pairwise

from django.db.models import QuerySet

from incidents.lookup.engines import bm25
from incidents.lookup.engines.bm25 import Pair
from incidents.lookup.engines.embedded import Named
from incidents.lookup.engines.ranking import Ranked
from incidents.lookup.engines.reading import Archive, look_in
from incidents.lookup.terms import Asked
from incidents.models import FoundKind, SearchEntry

COUNTED = 100
"""Of each kind, how many are counted: of more it is only known that there are more."""
CANDIDATES = 120
"""Of each kind, how many the index is asked for: COUNTED, and some that one may not see."""
RATED = 60
"""Of each kind, how many of those are rated: more change nothing among the first ten."""


def ranked(
    asked: Asked, *, kinds: Collection[FoundKind], among: QuerySet[SearchEntry], limit: int
) -> list[Ranked]:
    """The best of each of these kinds, best first; only entries of `among` are ranked and counted.

    `found` goes up to COUNTED.
    """
    if not asked.terms:
        return []
    search = Search(asked, look_in(), among)
    found = [one for kind in kinds for one in search.best(kind, limit=limit)]
    return sorted(found, key=lambda one: (-one.score, one.entry_id))


@dataclass
class Search:
    asked: Asked
    archive: Archive
    among: QuerySet[SearchEntry]
    weights: bm25.Weights = field(init=False)
    fresh: dict[str, dict[int, float]] = field(init=False)
    """By kind, how each entry rates that the index has not read yet."""

    def __post_init__(self) -> None:
        self.weights = weights(self.archive, self.asked)
        self.fresh = {}
        for one in self.archive.fresh:
            if score := bm25.score(one.rows, self.weights):
                self.fresh.setdefault(one.kind, {})[one.rows.entry_id] = score

    def best(self, kind: FoundKind, *, limit: int) -> list[Ranked]:
        """The best first: at most RATED, or `limit` where that is more.

        The index is asked for more until enough of it may be seen: what may not is not even missed.
        """
        snapshot, scores = self.archive.snapshot, dict(self.fresh.get(kind, {}))
        asked_for, named = CANDIDATES, list[Named]()
        while True:
            if snapshot:
                named = snapshot.named(self.asked, kind=kind, limit=asked_for)
            read = [one for one in named if one.entry_id not in self.archive.unread]
            visible = self.visible(kind, [*scores, *(one.entry_id for one in read)])
            if len(visible) >= COUNTED or len(named) < asked_for:
                break
            asked_for *= 4
        if snapshot:
            rated = [one for one in read if one.entry_id in visible][: max(RATED, limit)]
            scores |= {one.entry_id: bm25.score(snapshot.rows(one), self.weights) for one in rated}
        best = sorted(scores.keys() & visible.keys(), key=lambda one: (-scores[one], one))
        count = min(len(visible), COUNTED)
        return [Ranked(one, kind, visible[one], scores[one], count) for one in best[:limit]]

    def visible(self, kind: FoundKind, entry_ids: Collection[int]) -> dict[int, int]:
        """Which of the entries it is to look among, each with its record."""
        entries = self.among.order_by().filter(pk__in=entry_ids, kind=kind)
        return dict(entries.values_list("id", "record_id"))


def weights(archive: Archive, asked: Asked) -> bm25.Weights:
    rows, mean_length = archive.rows_and_length()
    terms = dict.fromkeys(asked.terms, 0)
    pairs: dict[Pair, int] = dict.fromkeys(asked.pairs, 0)
    for row in (row for one in archive.fresh for row in (one.rows.head, one.rows.body)):
        for term in terms.keys() & set(row):
            terms[term] += 1
        for pair in pairs.keys() & set(pairwise(row)) if pairs else ():
            pairs[pair] += 1
    snapshot = archive.snapshot
    return bm25.weights(
        asked,
        rows=rows,
        mean_length=mean_length,
        with_term=lambda term: terms[term] + (snapshot.with_term(term) if snapshot else 0),
        with_pair=lambda pair: pairs[pair] + (snapshot.with_pair(pair) if snapshot else 0),
    )
