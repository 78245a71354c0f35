"""The lookup on SQLite: FTS5, whose `rank` is BM25 (smaller is better)."""

from collections.abc import Collection, Iterable

from django.db import connection
from django.db.models import QuerySet

from incidents.lookup.engines.ranking import (
    HEAD_WEIGHT,
    PHRASE_WEIGHT,
    Ranked,
    Rows,
    best_of,
)
from incidents.lookup.terms import Asked
from incidents.models import SearchEntry


class SqliteEngine:
    """A row's number in the index is twice the entry's, and one more for the body."""

    def write(self, index: str, rows: Iterable[Rows]) -> None:
        found = list(rows)
        self.erase(index, (row.entry_id for row in found))
        written = [(2 * row.entry_id, " ".join(row.head)) for row in found]
        written += [(2 * row.entry_id + 1, " ".join(row.body)) for row in found if row.body]
        with connection.cursor() as cursor:
            cursor.executemany(f"INSERT INTO {index} (rowid, words) VALUES (%s, %s)", written)  # noqa: S608 (ours)

    def erase(self, index: str, entry_ids: Iterable[int]) -> None:
        places = [(2 * entry_id + part,) for entry_id in entry_ids for part in (0, 1)]
        with connection.cursor() as cursor:
            cursor.executemany(f"DELETE FROM {index} WHERE rowid = %s", places)  # noqa: S608 (ours)

    def erase_orphans(self, index: str) -> int:
        entries = SearchEntry._meta.db_table
        with connection.cursor() as cursor:
            cursor.execute(
                f"DELETE FROM {index} WHERE rowid / 2 NOT IN (SELECT id FROM {entries})"  # noqa: S608 (ours)
            )
            return int(cursor.rowcount)

    def known(self, index: str, terms: Collection[str]) -> set[str]:
        one = f"SELECT 1 FROM {index} WHERE {index} MATCH %s LIMIT 1"  # noqa: S608 (ours)
        found = set()
        with connection.cursor() as cursor:
            for term in terms:
                if cursor.execute(one, [quoted(term)]).fetchone():
                    found.add(term)
        return found

    def ranked(
        self, index: str, asked: Asked, *, among: QuerySet[SearchEntry], limit: int
    ) -> list[Ranked]:
        if not asked.terms:
            return []
        matching = f"SELECT rowid, %s * -rank AS score FROM {index} WHERE {index} MATCH %s"  # noqa: S608 (ours)
        parts = [matching]
        params: list[float | str] = [1.0, any_of(quoted(term) for term in asked.terms)]
        if asked.pairs:
            parts.append(matching)
            params += [PHRASE_WEIGHT, any_of(quoted(" ".join(pair)) for pair in asked.pairs)]
        scored = f"""
            SELECT rowid / 2 AS entry_id, sum(score * iif(rowid %% 2, 1, %s)) AS score
            FROM ({" UNION ALL ".join(parts)}) GROUP BY rowid / 2
        """  # noqa: S608 (ours)
        return best_of(scored, [HEAD_WEIGHT, *params], among=among, limit=limit)


def any_of(phrases: Iterable[str]) -> str:
    return " OR ".join(phrases)


def quoted(phrase: str) -> str:
    """A string in FTS5's query language; within one, no character but the quote means anything."""
    return '"' + phrase.replace('"', '""') + '"'
