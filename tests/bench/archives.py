"""How long an archive takes to be read in, beside writing the same rows with bulk SQL.

    python -m tests.bench.archives [INCIDENTS] [RUNBOOKS]

On SQLite, in one process, one after the other, each into an empty site: every row of every table
that the import writes, the entries of the search among them, by `executemany` in one transaction;
and the import itself. What it reads is the archive of a made-up site (`manage.py make_history`).
"""

import os
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "postmortems.settings")
_folder = tempfile.TemporaryDirectory(prefix="postmortems-archives-")
os.environ["VAR_DIR"] = _folder.name
os.environ["DATABASE_URL"] = f"sqlite:///{_folder.name}/site.sqlite3"

import django

django.setup()

from django.apps import apps
from django.core.management import call_command
from django.db import connection, transaction

from incidents.exports.archive.operations import export_archive
from incidents.importers.archive.operations import import_archive
from incidents.lookup.engines import Index

LIMIT = 0.5
"""Of the speed of bulk SQL."""
Rows = dict[str, tuple[list[str], list[tuple[Any, ...]]]]


def main(incidents: int, runbooks: int) -> None:
    call_command("migrate", verbosity=0, interactive=False)
    call_command("make_history", incidents=incidents, runbooks=runbooks, stdout=sys.stderr)
    rows = all_rows()
    folder = Path(_folder.name) / "archive"
    exporting = seconds(lambda: export_archive(folder, tell=quiet))
    empty(rows)
    bulk = seconds(lambda: write(rows))
    empty(rows)
    importing = seconds(lambda: import_archive(folder, tell=quiet))
    again = all_rows()
    counts = {name: len(found) for name, (_, found) in rows.items()}
    if {name: len(found) for name, (_, found) in again.items()} != counts:
        sys.exit("The import wrote other rows than there were.")
    told = sum(counts.values())
    ratio = bulk / importing
    said = "met" if ratio >= LIMIT else "missed"
    print(f"{incidents:,} incidents, {runbooks:,} runbooks: {told:,} rows in {len(counts)} tables")
    print(f"  export     {exporting:8.1f} s")
    print(f"  bulk SQL   {bulk:8.1f} s")
    print(f"  import     {importing:8.1f} s: {ratio:.2f} of its speed, at least {LIMIT}: {said}")


def quiet(done: int, total: int) -> None:
    """Nobody waits for it."""


def seconds(work: Callable[[], object]) -> float:
    begun = time.perf_counter()
    work()
    return time.perf_counter() - begun


def all_rows() -> Rows:
    """Of each table that has some, the columns and the rows."""
    tables = [
        model._meta.db_table
        for model in apps.get_app_config("incidents").get_models(include_auto_created=True)
    ]
    found = {}
    with connection.cursor() as cursor:
        for table in [*tables, *Index.values]:
            key = "rowid, *" if table in Index.values else "*"
            cursor.execute(f"SELECT {key} FROM {table}")
            columns = [column[0] for column in cursor.description]
            if rows := cursor.fetchall():
                found[table] = columns, rows
    return found


@transaction.atomic
def empty(rows: Rows) -> None:
    with connection.cursor() as cursor:
        for table in rows:
            cursor.execute(f"DELETE FROM {table}")


@transaction.atomic
def write(rows: Rows) -> None:
    with connection.cursor() as cursor:
        for table, (columns, values) in rows.items():
            places = ", ".join(["%s"] * len(columns))
            cursor.executemany(
                f"INSERT INTO {table} ({', '.join(map(quoted, columns))}) VALUES ({places})", values
            )


def quoted(name: str) -> str:
    return connection.ops.quote_name(name)


if __name__ == "__main__":
    asked = [int(number) for number in sys.argv[1:]]
    main(*[*asked, *[2_000, 400][len(asked) :]])
