"""The lookup on PostgreSQL: core full-text search, without extensions, ranked by BM25.

`ts_rank` alone knows neither how rare a word is nor how long a row. But of one lexeme it gives
back how often it stands in the row: the weight 1 falls by the square of the place among the
lexeme's places, and the sum is divided by its limit pi²/6, so that rank / (1 - rank) grows with
the count. From that BM25 is computed as SQLite does, with the same constants:

    idf = ln((rows - matching + 0.5) / (matching + 0.5)), at least 0.000001
    score = idf · count · (k1 + 1) / (count + k1 · (1 - b + b · length / mean length))
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from typing import Any

from django.db import connection
from django.db.models import QuerySet

from incidents.lookup.engines.ranking import (
    HEAD_WEIGHT,
    PHRASE_WEIGHT,
    Ranked,
    Rows,
    best_of_each_kind,
)
from incidents.lookup.terms import Asked
from incidents.models import SearchEntry

MOST_PLACES = 255
LAST_PLACE = 16_383
"""What a tsvector holds of one lexeme, and of a row."""


class PostgresEngine:
    def write(self, index: str, rows: Iterable[Rows]) -> None:
        written = [
            (row.entry_id, is_body, vector(terms), len(terms))
            for row in rows
            for is_body, terms in ((False, row.head), (True, row.body))
        ]
        with connection.cursor() as cursor:
            cursor.executemany(
                f"""
                INSERT INTO {index} (entry_id, is_body, words, length)
                VALUES (%s, %s, %s::tsvector, %s)
                ON CONFLICT (entry_id, is_body)
                DO UPDATE SET words = EXCLUDED.words, length = EXCLUDED.length
                """,  # noqa: S608 (ours)
                written,
            )

    def erase(self, index: str, entry_ids: Iterable[int]) -> None:
        with connection.cursor() as cursor:
            cursor.execute(f"DELETE FROM {index} WHERE entry_id = ANY(%s)", [list(entry_ids)])  # noqa: S608 (ours)

    def erase_orphans(self, index: str) -> int:
        entries = SearchEntry._meta.db_table
        with connection.cursor() as cursor:
            cursor.execute(
                f"""
                DELETE FROM {index} WHERE NOT EXISTS (
                    SELECT FROM {entries} WHERE {entries}.id = {index}.entry_id
                )
                """  # noqa: S608 (ours)
            )
            return int(cursor.rowcount)

    def known(self, index: str, terms: Collection[str]) -> set[str]:
        asked = list(terms)
        with connection.cursor() as cursor:
            cursor.execute(
                f"""
                SELECT term FROM unnest(%s::text[], %s::text[]) AS asked (term, query)
                WHERE EXISTS (SELECT FROM {index} WHERE words @@ query::tsquery)
                """,  # noqa: S608 (ours)
                [asked, [lexeme(term) for term in asked]],
            )
            return {term for (term,) in cursor.fetchall()}

    def ranked(
        self, index: str, asked: Asked, *, among: QuerySet[SearchEntry], limit: int
    ) -> list[Ranked]:
        if not asked.terms:
            return []
        queries = [lexeme(term) for term in asked.terms]
        queries += [f"{lexeme(first)} <-> {lexeme(then)}" for first, then in asked.pairs]
        weights = [1.0] * len(asked.terms) + [PHRASE_WEIGHT] * len(asked.pairs)
        params: list[Any] = [queries, weights, HEAD_WEIGHT]
        return best_of_each_kind(SCORED.format(index=index), params, among=among, limit=limit)


SCORED = """
    WITH
    asked AS (
        SELECT number, query::tsquery AS query, weight, numnode(query::tsquery) = 1 AS is_term
        FROM unnest(%s::text[], %s::float8[]) WITH ORDINALITY AS asked (query, weight, number)
    ),
    total AS (
        SELECT count(*) AS rows, greatest(avg(length), 1)::float8 AS mean_length FROM {index}
    ),
    matching AS MATERIALIZED (
        SELECT asked.number, entry_id, length,
            asked.weight * CASE WHEN is_body THEN 1 ELSE %s END AS weight,
            -- For a phrase the rank says nothing of how often: it counts once.
            CASE WHEN is_term THEN ts_rank('{{1,1,1,1}}', words, asked.query) ELSE 0.608 END
                ::float8 AS rank
        FROM asked JOIN {index} ON words @@ asked.query
    ),
    counted AS (
        SELECT entry_id, weight, 0.645 * rank / (1 - rank) AS count,
            1.2 * (0.25 + 0.75 * length / mean_length) AS against,
            rows::float8 AS rows, count(*) OVER (PARTITION BY number)::float8 AS matching
        FROM matching CROSS JOIN total
    )
    SELECT entry_id, sum(
        weight * greatest(ln((rows - matching + 0.5) / (matching + 0.5)), 1e-6)
        * count * 2.2 / (count + against)
    ) AS score
    FROM counted GROUP BY entry_id
"""


def vector(terms: Sequence[str]) -> str:
    """A tsvector in writing, each term with its places: made without PostgreSQL's own parser."""
    places: dict[str, list[int]] = defaultdict(list)
    for place, term in enumerate(terms[:LAST_PLACE], 1):
        if len(places[term]) < MOST_PLACES:
            places[term].append(place)
    return " ".join(f"{lexeme(term)}:{','.join(map(str, at))}" for term, at in places.items())


def lexeme(term: str) -> str:
    """A term quoted for a tsvector or a tsquery; nothing within the quotes is an operator."""
    return "'" + term.replace("\\", "\\\\").replace("'", "''") + "'"
