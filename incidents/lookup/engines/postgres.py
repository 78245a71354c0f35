"""The lookup on PostgreSQL: a table of postings, ranked by BM25 in plain SQL, without extensions.

An index has a table of its rows with their lengths, and a table of postings: how often a term
stands in a row, and how long that row is. Neighbours that may be asked for as a phrase are a term
too, with a space between them, so that a phrase is counted and is as rare as any other term. A
question reads the postings of its own terms and nothing else, and from the primary key alone. The
formula and its constants are those of SQLite's FTS5:

    idf = ln((rows - matching + 0.5) / (matching + 0.5)), at least 0.000001
    score = idf · count · (k1 + 1) / (count + k1 · (1 - b + b · length / mean length))

with k1 = 1.2 and b = 0.75.
"""

from collections import Counter
from collections.abc import Collection, Iterable, Sequence
from typing import Any

from django.db import connection
from django.db.models import QuerySet

from incidents.lookup.engines.ranking import (
    HEAD_WEIGHT,
    PHRASE_WEIGHT,
    Ranked,
    Rows,
    best_of,
)
from incidents.lookup.terms import Asked, neighbours
from incidents.models import SearchEntry

ROWS = {"entry_id": "bigint", "is_body": "boolean", "length": "integer"}
POSTINGS = {
    "term": "text",
    "entry_id": "bigint",
    "is_body": "boolean",
    "count": "integer",
    "length": "integer",
}
"""The columns of the tables, and their types."""

Values = list[tuple[Any, ...]]


class PostgresEngine:
    def write(self, index: str, rows: Iterable[Rows]) -> None:
        found = list(rows)
        # As on SQLite, an empty body is no row: it would make the mean length smaller.
        parts = [(row.entry_id, False, row.head) for row in found]
        parts += [(row.entry_id, True, row.body) for row in found if row.body]
        lengths: Values = [(entry_id, is_body, len(terms)) for entry_id, is_body, terms in parts]
        counts: Values = [
            (term, entry_id, is_body, count, len(terms))
            for entry_id, is_body, terms in parts
            for term, count in counted(terms).items()
        ]
        entry_ids = [row.entry_id for row in found]
        keep(index, ROWS, lengths, entry_ids=entry_ids)
        keep(postings(index), POSTINGS, sorted(counts), entry_ids=entry_ids)

    def erase(self, index: str, entry_ids: Iterable[int]) -> None:
        gone = list(entry_ids)
        with connection.cursor() as cursor:
            for table in (index, postings(index)):
                cursor.execute(f"DELETE FROM {table} WHERE entry_id = ANY(%s)", [gone])  # noqa: S608 (ours)

    def erase_orphans(self, index: str) -> int:
        entries = SearchEntry._meta.db_table
        erased = 0
        with connection.cursor() as cursor:
            for table in (index, postings(index)):
                cursor.execute(
                    f"""
                    DELETE FROM {table} WHERE NOT EXISTS (
                        SELECT FROM {entries} WHERE {entries}.id = {table}.entry_id
                    )
                    """  # noqa: S608 (ours)
                )
                erased += int(cursor.rowcount)
        return erased

    def known(self, index: str, terms: Collection[str]) -> set[str]:
        with connection.cursor() as cursor:
            cursor.execute(
                f"""
                SELECT term FROM unnest(%s::text[]) AS asked (term)
                WHERE EXISTS (SELECT FROM {postings(index)} AS posting
                    WHERE posting.term = asked.term)
                """,  # noqa: S608 (ours)
                [list(terms)],
            )
            return {term for (term,) in cursor.fetchall()}

    def ranked(
        self, index: str, asked: Asked, *, among: QuerySet[SearchEntry], limit: int
    ) -> list[Ranked]:
        if not asked.terms:
            return []
        terms = [*asked.terms, *map(" ".join, asked.pairs)]
        weights = [1.0] * len(asked.terms) + [PHRASE_WEIGHT] * len(asked.pairs)
        scored = SCORED.format(index=index, postings=postings(index))
        params: list[Any] = [terms, weights, HEAD_WEIGHT]
        return best_of(scored, params, among=among, limit=limit)


# Each term's postings are read twice, to count them and to score them: that is quicker than to keep
# them in between. OFFSET 0 holds the planner to reading them by term: of a table just filled it
# knows nothing yet, or what was true when it was empty, and would read all of it.
SCORED = """
    WITH
    total AS MATERIALIZED (
        SELECT count(*)::float8 AS rows, greatest(avg(length), 1)::float8 AS mean_length
        FROM {index}
    ),
    asked AS MATERIALIZED (
        SELECT term,
            weight * 2.2 * greatest(ln((rows - matching + 0.5) / (matching + 0.5)), 1e-6) AS weight
        FROM unnest(%s::text[], %s::float8[]) AS asked (term, weight) CROSS JOIN total
        CROSS JOIN LATERAL (
            SELECT count(*)::float8 AS matching FROM {postings} AS posting
            WHERE posting.term = asked.term
        ) AS counted
    )
    SELECT entry_id, sum(
        weight * CASE WHEN is_body THEN 1 ELSE %s END::float8 * count
        / (count + 1.2 * (0.25 + 0.75 * length / mean_length))
    ) AS score
    FROM asked CROSS JOIN LATERAL (
        SELECT entry_id, is_body, count, length FROM {postings} AS posting
        WHERE posting.term = asked.term
        OFFSET 0
    ) AS found CROSS JOIN total
    GROUP BY entry_id
"""


def postings(index: str) -> str:
    """The table beside that of the index's rows."""
    return f"{index}_postings"


def counted(terms: Sequence[str]) -> Counter[str]:
    """How often each term stands in a row, and each two that may be asked for as a phrase."""
    return Counter(terms) + Counter(map(" ".join, neighbours(terms)))


def keep(
    table: str, columns: dict[str, str], values: Values, *, entry_ids: Collection[int]
) -> None:
    """Let the table hold exactly these values of the entries.

    What is there already is not written again, and stays readable from the index alone: of an edit
    that adds or drops a word, the head or the body that it did not touch.
    """
    names = ", ".join(columns)
    wanted = ", ".join(f"%s::{type_of}[]" for type_of in columns.values())
    arrays = [[row[place] for row in values] for place in range(len(columns))]
    is_wanted = " AND ".join(f"wanted.{name} = {table}.{name}" for name in columns)
    with connection.cursor() as cursor:
        cursor.execute(
            f"""
            DELETE FROM {table} WHERE entry_id = ANY(%s) AND NOT EXISTS (
                SELECT FROM unnest({wanted}) AS wanted ({names}) WHERE {is_wanted}
            )
            """,  # noqa: S608 (ours)
            [list(entry_ids), *arrays],
        )
        cursor.execute(
            f"""
            INSERT INTO {table} ({names}) SELECT * FROM unnest({wanted})
            ON CONFLICT DO NOTHING
            """,  # noqa: S608 (ours)
            arrays,
        )
