"""What the archive's search leaves out: beside it, the ranking of every record that has a word."""

from collections.abc import Sequence
from dataclasses import dataclass
from heapq import nlargest

from incidents.lookup.engines import bm25
from incidents.lookup.engines.archive import Search, ranked
from incidents.lookup.engines.reading import look_in, written
from incidents.lookup.queries import visible
from incidents.lookup.terms import asked
from incidents.models import FoundKind, SearchEntry, User

TOP = 10
QUESTIONS = 20
"""Every record is rated for each, in Python."""
KINDS = (FoundKind.INCIDENT,)


@dataclass(frozen=True)
class Kept:
    """The mean share, from 0 to 1, of the ten best of all that the search names, and the least."""

    mean: float
    least: float


def kept(texts: Sequence[str], user: User) -> Kept:
    """The same scores on both sides: what differs is only which records are rated at all."""
    some = [asked(text) for text in texts[:: max(1, len(texts) // QUESTIONS)]]
    among = visible(KINDS, user=user)
    in_all = look_in()
    wanted = [Search(question, in_all).weights for question in some]
    best: list[list[tuple[float, int]]] = [[] for _ in some]
    of_kind = SearchEntry.objects.filter(kind__in=KINDS)
    seen = {key for kind in KINDS for key in among[kind].values_list("pk", flat=True)}
    for one in written(list(of_kind.order_by("pk").values_list("pk", flat=True))):
        if one.record_id not in seen:
            continue
        for found, weights in zip(best, wanted, strict=True):
            if score := bm25.score(one.rows, weights):
                found.append((score, -one.rows.entry_id))
    shares = []
    for question, found in zip(some, best, strict=True):
        named = {one.entry_id for one in ranked(question, among=among, limit=TOP)}
        top = [-negative for _score, negative in nlargest(TOP, found)]
        shares.append(len(named.intersection(top)) / len(top) if top else 1.0)
    return Kept(sum(shares) / len(shares), min(shares))
