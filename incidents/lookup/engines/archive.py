"""The search over everything but runbooks, which may be a hundred thousand records.

To rate every record that has one of the words takes as long as there are records. So an embedded
index names the best few by their words alone, and the best of those are rated here, as the engines
of the databases rate all of theirs; beside them what was written since the index read last.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Any, NamedTuple

from django.db.models import Exists, OuterRef, QuerySet

from incidents.lookup.engines import bm25
from incidents.lookup.engines.bm25 import Pair
from incidents.lookup.engines.embedded import Named
from incidents.lookup.engines.ranking import Ranked
from incidents.lookup.engines.reading import Archive, look_in
from incidents.lookup.terms import Asked
from incidents.models import FoundKind, SearchEntry

Among = Mapping[FoundKind, QuerySet[Any]]
"""The records that it is to look among, of each kind that is asked for."""

COUNTED = 100
"""Of each kind, how many are counted: of more it is only known that there are more."""
CANDIDATES = 120
"""Of each kind, how many the index is asked for: COUNTED, and some that one may not see."""
RATED = 60
"""Of each kind, how many of those are rated: more change nothing among the first ten."""


def ranked(asked: Asked, *, among: Among, limit: int) -> list[Ranked]:
    """The best of each kind, best first; only records of `among` are ranked and counted.

    `found` goes up to COUNTED.
    """
    if not asked.terms:
        return []
    search = Search(asked, look_in())
    found = [
        one for kind, records in among.items() for one in search.best(kind, records, limit=limit)
    ]
    return sorted(found, key=lambda one: (-one.score, one.entry_id))


class Rated(NamedTuple):
    entry_id: int
    score: float


@dataclass
class Search:
    asked: Asked
    archive: Archive
    weights: bm25.Weights = field(init=False)
    fresh: dict[str, dict[int, Rated]] = field(init=False)
    """By kind, how each record rates that the index has not read yet."""

    def __post_init__(self) -> None:
        self.weights = weights(self.archive, self.asked)
        self.fresh = {}
        for one in self.archive.fresh:
            if score := bm25.score(one.rows, self.weights):
                self.fresh.setdefault(one.kind, {})[one.record_id] = Rated(one.rows.entry_id, score)

    def best(self, kind: FoundKind, records: QuerySet[Any], *, limit: int) -> list[Ranked]:
        """The best first: at most RATED, or `limit` where that is more.

        The index is asked for more until enough of it may be seen: what may not is not even missed.
        """
        snapshot, rated = self.archive.snapshot, dict(self.fresh.get(kind, {}))
        asked_for, named = CANDIDATES, list[Named]()
        while True:
            if snapshot:
                named = snapshot.named(self.asked, kind=kind, limit=asked_for)
            read = [one for one in named if one.entry_id not in self.archive.unread]
            keys = [*rated, *(one.record_id for one in read)]
            visible = findable(kind, records.filter(pk__in=keys))
            if len(visible) >= COUNTED or len(named) < asked_for:
                break
            asked_for *= 4
        if snapshot:
            for one in [one for one in read if one.record_id in visible][: max(RATED, limit)]:
                score = bm25.score(snapshot.rows(one), self.weights)
                rated[one.record_id] = Rated(one.entry_id, score)
        count = min(len(visible), COUNTED)
        found = [
            Ranked(rated[key].entry_id, kind, key, rated[key].score, count)
            for key in rated.keys() & visible
        ]
        return sorted(found, key=lambda one: (-one.score, one.entry_id))[:limit]


def findable(kind: FoundKind, records: QuerySet[Any]) -> set[int]:
    """Those of the records that have an entry: the index may still have that of a withdrawn one."""
    entry = SearchEntry.objects.filter(kind=kind, record_id=OuterRef("pk"))
    return set(records.order_by().filter(Exists(entry)).values_list("pk", flat=True))


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
