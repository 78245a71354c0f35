"""How long an archive takes to be read in, beside writing the same rows with bulk SQL.

    python -m tests.bench.archives [INCIDENTS] [RUNBOOKS]

In one process, one after the other, each into an empty site: every row of every table that the
import writes, the indexes of the search among them, by `executemany` in one transaction, with all
constraints and indexes in place; and the import itself. Between the two every file of the archive
is read as the import reads it, and nothing done with what it says: no import can be faster. What
it reads is the archive of a made-up site (`manage.py make_history`), on SQLite or in the empty
database that BENCH_DATABASE_URL names.
"""

import os
import sys
import tempfile
from collections.abc import Callable, Iterable
from pathlib import Path

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "postmortems.settings")
_folder = tempfile.TemporaryDirectory(prefix="postmortems-archives-")
os.environ["VAR_DIR"] = _folder.name
os.environ["DATABASE_URL"] = os.environ.get(
    "BENCH_DATABASE_URL", f"sqlite:///{_folder.name}/site.sqlite3"
)

import django

django.setup()

from django.core.management import call_command
from django.db import connection

from incidents.archive.kinds import KINDS, LISTS
from incidents.exports.archive.operations import export_archive
from incidents.importers.archive.operations import import_archive
from incidents.importers.archive.reading import Source
from tests.bench.rows import Clock, all_rows, empty, write

LIMIT = 0.5
"""Of the speed of bulk SQL."""


def main(incidents: int, runbooks: int) -> None:
    call_command("migrate", verbosity=0, interactive=False)
    call_command("make_history", incidents=incidents, runbooks=runbooks, stdout=sys.stderr)
    rows = all_rows()
    folder = Path(_folder.name) / "archive"
    exporting = timed(lambda: export_archive(folder, tell=quiet))
    empty(rows)
    bulk = timed(lambda: write(rows))
    empty(rows)
    reading = timed(lambda: read_alone(Source(folder)))
    importing = timed(lambda: import_archive(folder, tell=quiet))
    counts = {name: len(found) for name, (_, found) in rows.items()}
    if {name: len(found) for name, (_, found) in all_rows().items()} != counts:
        sys.exit("The import wrote other rows than there were.")
    told = sum(counts.values())
    ratio, busy = bulk.wall / importing.wall, bulk.processor / importing.processor
    said = "met" if ratio >= LIMIT else "missed"
    print(f"{connection.vendor}: {incidents:,} incidents, {runbooks:,} runbooks")
    print(f"  {told:,} rows in {len(counts)} tables")
    print(f"  export     {exporting}")
    print(f"  bulk SQL   {bulk}")
    print(f"  reading    {reading}: {bulk.wall / reading.wall:.2f} of its speed")
    print(f"  import     {importing}: {ratio:.2f} of its speed, at least {LIMIT}: {said}")
    print(f"  by the processor alone {busy:.2f}")


def read_alone(source: Source) -> None:
    """Every file but those attached, and nothing done with what they say."""
    for kind in KINDS:
        for found in source.records(kind):
            for name in kind.files:
                exhaust(source.lines(f"{kind.folder}/{found.name}/{name}"))
    for name in LISTS:
        exhaust(source.lines(name))


def exhaust(values: Iterable[object]) -> None:
    for _ in values:
        pass


def timed(work: Callable[[], object]) -> Clock:
    clock = Clock()
    work()
    clock.stop()
    return clock


def quiet(done: int, total: int) -> None:
    """Nobody waits for it."""


if __name__ == "__main__":
    asked = [int(number) for number in sys.argv[1:]]
    main(*[*asked, *[2_000, 400][len(asked) :]])
