"""The search engines. Runbooks have an index in the database, one engine for each kind of it; all
other records have one beside it (`archive`), so that runbooks do not drown among them.

All rank alike, by BM25 over rows: an entry has two rows in its index, its head (title, names,
alerts) and its body, whose scores are added; because a head is short, a word in it counts for more,
and `HEAD_WEIGHT` times that. Any term may match. Neighbours that stand side by side in the row too
count `PHRASE_WEIGHT` more.
"""

from collections.abc import Collection, Iterable
from typing import Protocol

from django.db import connection
from django.db.models import QuerySet, TextChoices

from incidents.lookup.engines.postgres import PostgresEngine
from incidents.lookup.engines.ranking import Ranked, Rows
from incidents.lookup.engines.sqlite import SqliteEngine
from incidents.lookup.terms import Asked
from incidents.models import SearchEntry


class Index(TextChoices):
    """The index's table."""

    RUNBOOKS = "incidents_lookup_runbooks"


class Engine(Protocol):
    def write(self, index: str, rows: Iterable[Rows]) -> None:
        """Put the entries into the index in place of what it held of them."""

    def erase(self, index: str, entry_ids: Iterable[int]) -> None:
        """Take the entries out of the index."""

    def erase_orphans(self, index: str) -> int:
        """Take out what belongs to no entry any more; how many rows that were."""

    def known(self, index: str, terms: Collection[str]) -> set[str]:
        """Those of the terms that stand in the index at all."""

    def ranked(
        self, index: str, asked: Asked, *, among: QuerySet[SearchEntry], limit: int
    ) -> list[Ranked]:
        """The best, best first; only entries of `among` are ranked and counted."""


ENGINES: dict[str, type[Engine]] = {"sqlite": SqliteEngine, "postgresql": PostgresEngine}


def engine() -> Engine:
    """The engine of the database in use. Raises `KeyError` for a database that has none."""
    return ENGINES[connection.vendor]()


__all__ = ["Asked", "Engine", "Index", "Ranked", "Rows", "engine"]
