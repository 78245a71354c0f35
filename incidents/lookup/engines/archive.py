"""The search over everything but runbooks, which may be a hundred thousand records.

To rate every record that has one of the words takes as long as there are records. So an embedded
index names the best few by their words alone, and the best of those are rated here, as the engines
of the databases rate all of theirs; beside them what was written since the index read last.
"""

import logging
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Any

from django.db.models import QuerySet

from incidents.lookup.engines import bm25
from incidents.lookup.engines.bm25 import Pair
from incidents.lookup.engines.embedded import FAULTS, EmbeddedIndex, Named
from incidents.lookup.engines.ranking import Ranked
from incidents.lookup.engines.reading import Archive, look_in
from incidents.lookup.terms import Asked
from incidents.models import FoundKind, SearchEntry

logger = logging.getLogger(__name__)

Among = Mapping[FoundKind, QuerySet[Any]]
"""The records that it is to look among, of each kind that is asked for."""

COUNTED = 100
"""Of each kind, how many are counted: of more it is only known that there are more."""
CANDIDATES = 120
"""Of each kind, how many the index is asked for: COUNTED, and some that one may not see."""
CHUNK = 5_000
"""Keys of one query: a database takes only so many."""
RATED = 60
"""Of each kind, how many of those are rated: more change nothing among the first ten."""


def ranked(asked: Asked, *, among: Among, limit: int) -> list[Ranked]:
    """The best of each kind, best first; only records of `among` are ranked and counted.

    `found` goes up to COUNTED.
    """
    if not asked.terms:
        return []
    try:
        return ranked_in(look_in(), asked, among=among, limit=limit)
    except FAULTS:
        logger.exception("The index of the archive fails; what was written last is searched.")
        EmbeddedIndex.close_all()
        return ranked_in(look_in(with_index=False), asked, among=among, limit=limit)


def ranked_in(archive: Archive, asked: Asked, *, among: Among, limit: int) -> list[Ranked]:
    search = Search(asked, archive)
    found = [
        one for kind, records in among.items() for one in search.best(kind, records, limit=limit)
    ]
    return sorted(found, key=lambda one: (-one.score, one.entry_id))


@dataclass
class Search:
    asked: Asked
    archive: Archive
    weights: bm25.Weights = field(init=False)
    fresh: dict[str, dict[int, float]] = field(init=False)
    """By kind, how each record rates that the index has not read yet."""

    def __post_init__(self) -> None:
        self.weights = weights(self.archive, self.asked)
        self.fresh = {}
        for one in self.archive.fresh:
            if score := bm25.score(one.rows, self.weights):
                self.fresh.setdefault(one.kind, {})[one.record_id] = score

    def best(self, kind: FoundKind, records: QuerySet[Any], *, limit: int) -> list[Ranked]:
        """The best first: at most RATED, or `limit` where that is more.

        The index is asked for more until enough of it may be seen: what may not is not even missed.
        """
        snapshot, scores = self.archive.snapshot, dict(self.fresh.get(kind, {}))
        visible = findable(kind, records, scores)
        asked_for, named = CANDIDATES, list[Named]()
        while snapshot:
            before = len(named)
            named = snapshot.named(self.asked, kind=kind, limit=asked_for)
            visible |= findable(kind, records, (one.record_id for one in named[before:]))
            if len(visible) >= COUNTED or len(named) < asked_for:
                break
            asked_for *= 4
        entries = {key: visible[key] for key in scores.keys() & visible.keys()}
        # The index may have a record as it was before, even under an entry that is gone.
        current = [
            one
            for one in named
            if one.entry_id not in self.archive.unread
            and visible.get(one.record_id) == one.entry_id
        ]
        if snapshot:
            for one in current[: max(RATED, limit)]:
                scores[one.record_id] = bm25.score(snapshot.rows(one), self.weights)
        entries |= {one.record_id: one.entry_id for one in current}
        count = min(len(entries), COUNTED)
        found = [
            Ranked(entries[key], kind, key, scores[key], count)
            for key in entries.keys() & scores.keys()
        ]
        return sorted(found, key=lambda one: (-one.score, one.entry_id))[:limit]


def findable(kind: FoundKind, records: QuerySet[Any], keys: Iterable[int]) -> dict[int, int]:
    """The entries of those of the records that it is to look among, by the records' keys."""
    wanted, found = list(keys), dict[int, int]()
    for start in range(0, len(wanted), CHUNK):
        seen = records.order_by().filter(pk__in=wanted[start : start + CHUNK])
        entries = SearchEntry.objects.filter(kind=kind, record_id__in=seen.values("pk"))
        found |= dict(entries.values_list("record_id", "id"))
    return found


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
