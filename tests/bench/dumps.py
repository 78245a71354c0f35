"""How quickly a dump of another home is brought in, and how much memory that takes.

    python -m tests.bench.dumps [RECORDS] [MEGABYTES]

A made-up dump of Morgue's tables, in a site of its own on SQLite, or on the empty database that
BENCH_DATABASE_URL names: RECORDS postmortems are read and applied, beside writing every row that
this made by `executemany` in one transaction. Then a dump of MEGABYTES is read (a dry run) in a
process of its own, for the most memory that it has at any moment. A 0 leaves that part out.
"""

import os
import random
import resource
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "postmortems.settings")
_folder = tempfile.TemporaryDirectory(prefix="postmortems-dumps-")
os.environ["VAR_DIR"] = _folder.name
os.environ["DATABASE_URL"] = os.environ.get(
    "BENCH_DATABASE_URL", f"sqlite:///{_folder.name}/site.sqlite3"
)

import django

django.setup()

from django.core.management import call_command
from django.db import connection
from django.utils import timezone

from incidents.importers.intake.operations import apply_now, import_now
from incidents.models import Incident
from tests.bench.rows import Clock, all_rows, empty, write

SPOKEN = (
    "the pool of orders was full after a deploy and every request waited for a connection until it"
    " timed out so that buyers saw an error while the replica fell behind its leader we raised the"
    " limit restarted two nodes drained a queue of mail and looked at the log which named a"
    " certificate that had expired"
)
WORDS = SPOKEN.split()
MOST_MEMORY = 700
"""Megabytes, of a process that reads the largest dump that is taken."""
SIZE = 4_000
"""About so many bytes a postmortem has."""


def main(records: int, megabytes: int) -> None:
    if records:
        beside_bulk_sql(records)
    if megabytes:
        memory(megabytes)


def beside_bulk_sql(records: int) -> None:
    call_command("migrate", verbosity=0, interactive=False)
    dump = Path(_folder.name) / "morgue.sql"
    dump.write_text("".join(morgue(records)), encoding="utf-8")
    before = {name: len(rows) for name, (_, rows) in all_rows().items()}
    reading = Clock()
    at = timezone.now()
    found = import_now(dump, wanted="morgue", options={}, by=None, at=at, tell=quiet)
    reading.stop()
    applying = Clock()
    apply_now(found, by=None, at=at, tell=quiet)
    applying.stop()
    made = Incident.objects.filter(external_key__startswith="morgue:").count()
    if made != records:
        sys.exit(f"{made:,} records of {records:,} were made.")
    rows = {name: table for name, table in all_rows().items() if before.get(name) != len(table[1])}
    empty(rows)
    bulk = Clock()
    write(rows)
    bulk.stop()
    count = sum(len(found) for _, found in rows.values())
    print(f"{connection.vendor}, {records:,} records, {count:,} rows in {len(rows)} tables")
    print(f"  read       {reading}")
    print(f"  apply      {applying}: {records / applying.wall:,.0f} records a second")
    print(f"  bulk SQL   {bulk}: {bulk.wall / (reading.wall + applying.wall):.3f}")


def memory(megabytes: int) -> None:
    dump = Path(_folder.name) / "large.sql"
    records = megabytes * 1_000_000 // SIZE
    with dump.open("w", encoding="utf-8") as file:
        file.writelines(morgue(records))
    size = dump.stat().st_size / 1e6
    call_command("migrate", verbosity=0, interactive=False)
    command = ["import_incidents", str(dump), "--dry-run", "--format", "morgue", "-v0"]
    manage = Path(__file__).parents[2] / "manage.py"
    reading = Clock()
    subprocess.run([sys.executable, manage, *command], check=True)
    reading.stop()
    peak = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024
    said = "met" if peak <= MOST_MEMORY else "missed"
    print(f"A dump of {size:,.0f} MB, {records:,} records, read in {reading}")
    print(f"  most memory {peak:,.0f} MB, at most {MOST_MEMORY}: {said}")


def quiet(done: int, total: int | None) -> None:
    """Nobody waits for it."""


def morgue(records: int) -> Iterator[str]:
    """The statements of a dump, each postmortem with two tickets, a tag and a channel."""
    chance = random.Random(7)
    # One such letter makes four bytes in memory of each letter of the file.
    yield "INSERT INTO `tags` (`id`, `title`, `deleted`) VALUES (1,'pool 🔥',0),(2,'database',0);\n"
    columns = "id,title,tldr,summary,starttime,detecttime,endtime,severity,subsystem"
    for one in range(1, records + 1):
        began = 1_500_000_000 + one * 3_600
        yield f"INSERT INTO `postmortems` ({columns}) VALUES ({one},"
        yield f"'{sentence(chance, 6)} ({one})','{sentence(chance, 20)}','{prose(chance)}',"
        yield f"{began},{began + 300},{began + 5_000},{one % 5 + 1},'shop-{one % 40}');\n"
        yield "INSERT INTO `jira` (`id`,`postmortem_id`,`ticket`) VALUES "
        yield f"({2 * one},{one},'OPS-{one}'),({2 * one + 1},{one},'WEB-{one}');\n"
        yield "INSERT INTO `postmortem_referenced_tags` (`postmortem_id`,`tag_id`) "
        yield f"VALUES ({one},{one % 2 + 1});\n"
        yield "INSERT INTO `irc` (`id`,`postmortem_id`,`channel`) "
        yield f"VALUES ({one},{one},'#war-{one}');\n"


def prose(chance: random.Random) -> str:
    """As people write it: headings, a list of times, a **word** that matters."""
    paragraphs = [sentence(chance, 40) + f" **{chance.choice(WORDS)}** " + sentence(chance, 20)]
    times = [f"- 10:{minute:02} {sentence(chance, 9)}" for minute in range(0, 60, 6)]
    parts = [
        "## Impact", *paragraphs, "## Timeline", "\\n".join(times), "## What happened",
        *(sentence(chance, 70) for _ in range(6)), "## Lessons", sentence(chance, 30),
    ]  # fmt: skip
    return "\\r\\n\\r\\n".join(parts)


def sentence(chance: random.Random, count: int) -> str:
    return " ".join(chance.choices(WORDS, k=count)).capitalize() + "."


if __name__ == "__main__":
    asked = [int(number) for number in sys.argv[1:]]
    main(*[*asked, *[1_000, 99][len(asked) :]])
