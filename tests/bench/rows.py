"""Every row of the site, and writing it again with bulk SQL."""

import time
from typing import Any

from django.apps import apps
from django.db import connection, transaction

Rows = dict[str, tuple[list[str], list[tuple[Any, ...]]]]
SHADOWS = ("_config", "_content", "_data", "_docsize", "_idx")
"""Tables that SQLite keeps behind one for full text: they follow it."""
ENTRIES = "incidents_lookup_runbooks"
AT_A_TIME = 5_000


class Clock:
    """The time on the wall, and that of this process on a processor."""

    def __init__(self) -> None:
        self.wall, self.processor = -time.perf_counter(), -time.process_time()

    def stop(self) -> None:
        self.wall += time.perf_counter()
        self.processor += time.process_time()

    def __str__(self) -> str:
        return f"{self.wall:8.1f} s, {self.processor:8.1f} s of a processor"


def all_rows() -> Rows:
    """Of each table of the app that has some, the columns and the rows; the indexes of the search
    among them. Those that are named come before those that name them."""
    found = {}
    with connection.cursor() as cursor:
        for table in tables():
            key = "rowid, *" if connection.vendor == "sqlite" and table == ENTRIES else "*"
            cursor.execute(f"SELECT {key} FROM {table}")
            columns = [column[0] for column in cursor.description]
            if rows := cursor.fetchall():
                found[table] = columns, rows
    return found


def tables() -> list[str]:
    models = apps.get_app_config("incidents").get_models(include_auto_created=True)
    named = [model._meta.db_table for model in models]
    there = connection.introspection.table_names()
    indexes = [name for name in there if name.startswith("incidents_lookup_")]
    shadows = {ENTRIES + end for end in SHADOWS}
    return [*named, *(name for name in indexes if name not in {*named, *shadows})]


@transaction.atomic
def empty(rows: Rows) -> None:
    with connection.cursor() as cursor:
        for table in reversed(rows):
            cursor.execute(f"DELETE FROM {table}")


@transaction.atomic
def write(rows: Rows) -> None:
    """With all constraints and indexes in place."""
    with connection.cursor() as cursor:
        for table, (columns, values) in rows.items():
            places = ", ".join(["%s"] * len(columns))
            names = ", ".join(map(connection.ops.quote_name, columns))
            for start in range(0, len(values), AT_A_TIME):
                some = values[start : start + AT_A_TIME]
                cursor.executemany(f"INSERT INTO {table} ({names}) VALUES ({places})", some)
