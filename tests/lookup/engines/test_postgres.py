"""What is particular to the tables of PostgreSQL; elsewhere these promises hold by themselves."""

from importlib import import_module
from types import SimpleNamespace
from typing import Any

import pytest
from django.db import connection

from incidents.lookup.engines import Index, Rows, engine
from incidents.lookup.engines.postgres import counted, postings
from incidents.lookup.terms import asked, indexed
from incidents.models import SearchEntry

pytestmark = pytest.mark.django_db

migration = import_module("incidents.migrations.0008_postgres_postings")
lengths = import_module("incidents.migrations.0016_posting_lengths")
BODY = "The connection pool is full. Raise the connection pool, or lower what it feeds."


def an_entry(body: str) -> SearchEntry:
    number = SearchEntry.objects.count() + 1
    entry = SearchEntry.objects.create(kind="runbook", record_id=number, title="Connections")
    engine().write(Index.RUNBOOKS, [Rows(entry.pk, ["connect"], indexed(body))])
    return entry


def scores(text: str) -> dict[int, float]:
    among = SearchEntry.objects.all()
    ranked = engine().ranked(Index.RUNBOOKS, asked(text), among=among, limit=9)
    return {one.entry_id: one.score for one in ranked}


def rows_kept() -> list[tuple[object, ...]]:
    """With the place of each in the table, which changes when it is written again."""
    if connection.vendor != "postgresql":
        return []
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT ctid::text, term FROM {postings(Index.RUNBOOKS)}")
        return sorted(cursor.fetchall())


def test_it_works() -> None:
    assert counted(["the", "pool", "of", "the", "connect", "pool", "pool", "full"]) == {
        "the": 2,
        "of": 1,
        "connect": 1,
        "pool": 3,
        "full": 1,
        "connect pool": 1,
        "pool full": 1,
    }


def test_only_what_changed_is_written() -> None:
    entry = an_entry(BODY)
    before = rows_kept()

    engine().write(Index.RUNBOOKS, [Rows(entry.pk, ["connect"], indexed(BODY))])
    assert rows_kept() == before

    # As many words as before: a posting says how long its row is.
    changed = BODY.replace("feeds", "starves")
    engine().write(Index.RUNBOOKS, [Rows(entry.pk, ["connect"], indexed(changed))])
    assert scores("starve")
    assert len(set(rows_kept()) - set(before)) <= 2


def test_a_site_from_before_finds_the_same() -> None:
    entries = [an_entry(BODY), an_entry("A pool of connections."), an_entry("")]
    asked_for = "connection pool full"
    before = scores(asked_for)
    editor = SimpleNamespace(connection=connection)

    lengths.take_lengths_out(None, editor)
    migration.make_vectors_again(None, editor)
    for entry, body in zip(entries, (BODY, "A pool of connections.", ""), strict=True):
        write_vectors(entry.pk, ["connect"], indexed(body))
    migration.make_postings(None, editor)
    lengths.add_lengths(None, editor)

    assert len(before) == len(entries)
    assert scores(asked_for) == pytest.approx(before)


def test_statistics_of_an_empty_table_do_no_harm() -> None:
    """PostgreSQL may have looked at the tables just before thousands of runbooks came in."""
    if connection.vendor != "postgresql":
        return
    gone = [an_entry(f"{BODY} {number}") for number in range(30)]
    engine().erase(Index.RUNBOOKS, [entry.pk for entry in gone])
    SearchEntry.objects.all().delete()
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
    entries = [an_entry(f"{BODY} {number}") for number in range(60)]
    plans: list[dict[str, Any]] = []

    def explained(execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        with context["connection"].connection.cursor() as cursor:
            cursor.execute(f"EXPLAIN (ANALYZE, FORMAT JSON) {sql}", params)
            plans.extend(cursor.fetchone()[0])
        return execute(sql, params, many, context)

    with connection.execute_wrapper(explained):
        assert len(scores("connection pool full")) == 9

    (plan,) = plans
    # Read once for each term, or once for each entry, and never once for each of their pairs.
    assert most_loops(plan["Plan"]) <= len(entries)


def most_loops(node: dict[str, Any]) -> int:
    return max(node["Actual Loops"], *map(most_loops, node.get("Plans", [])), 0)


def write_vectors(entry_id: int, head: list[str], body: list[str]) -> None:
    """What the version before wrote."""
    if connection.vendor != "postgresql":
        return
    with connection.cursor() as cursor:
        for is_body, terms in ((False, head), (True, body)):
            vector = " ".join(f"'{term}':{place}" for place, term in enumerate(terms, 1))
            cursor.execute(
                f"INSERT INTO {Index.RUNBOOKS.value} (entry_id, is_body, words, length)"
                " VALUES (%s, %s, %s::tsvector, %s)",
                [entry_id, is_body, vector, len(terms)],
            )
