"""Whether an archive of every field, with attachments, comes back to the byte, on each database and
from one to the other.

    python -m tests.bench.roundtrip [INCIDENTS]

A made-up site on SQLite is exported. Four empty sites read, each, the archive that another one
wrote, and write their own, which has to be the same files with the same bytes. As a control, the
last site loses one letter, which has to show.
"""

import shutil
import sys
import tempfile
import time
from pathlib import Path

from tests.bench.drills import Site
from tests.postgres import PostgresDidNotStart, PostgresNotFound, find_binaries, private_server

MAKE = (
    "import django; django.setup(); from tests.archive.everything import make_everything;"
    " make_everything(incidents={})"
)
LOSE_A_LETTER = (
    "import django; django.setup(); from incidents.models import Incident as I;"
    " one = I._base_manager.earliest('pk');"
    " I._base_manager.filter(pk=one.pk).update(title=one.title[:-1])"
)
LEGS = (
    ("SQLite", "SQLite", "made", "second"),
    ("SQLite", "PostgreSQL", "made", "third"),
    ("PostgreSQL", "PostgreSQL", "third", "fourth"),
    ("PostgreSQL", "SQLite", "fourth", "fifth"),
)
"""From what to what; the site whose archive is read, and the site that reads it."""


def main(incidents: int) -> int:
    try:
        with (
            private_server(find_binaries()) as server,
            tempfile.TemporaryDirectory(prefix="postmortems-roundtrip-") as scratch,
        ):
            made = Site(f"sqlite:///{scratch}/made/site.sqlite3", Path(scratch, "made"))
            made.folder.mkdir()
            made.manage("migrate", "-v0")
            sites = {"made": made}
            for _, kind, _, name in LEGS:
                folder = Path(scratch, name)
                if kind == "SQLite":
                    shutil.copytree(made.folder, folder)
                    sites[name] = Site(f"sqlite:///{folder}/site.sqlite3", folder)
                else:
                    folder.mkdir()
                    server.make_database(name)
                    sites[name] = Site(server.url(name), folder)
                    sites[name].manage("migrate", "-v0")
            return int(not all_the_same(sites, incidents))
    except (PostgresNotFound, PostgresDidNotStart) as error:
        sys.exit(f"PostgreSQL: {error}")


def all_the_same(sites: dict[str, Site], incidents: int) -> bool:
    made = sites["made"]
    made.run("-c", MAKE.format(incidents)).check_returncode()
    wanted = archive_of(made)
    size = sum(map(len, wanted.values()))
    attached = sum("/attachments/" in name for name in wanted)
    told = sum(name.startswith("incidents/") and name.endswith("/incident.md") for name in wanted)
    print(
        f"{told:,} incidents, {len(wanted):,} files ({attached} attached), {size / 1e6:.1f} MB",
        flush=True,
    )
    same = True
    for before, after, source, name in LEGS:
        began = time.monotonic()
        sites[name].manage("import_records", str(sites[source].folder / "archive"))
        others = different(archive_of(sites[name]), wanted)
        took = time.monotonic() - began
        said = f"{len(others)} files differ: {others[0]}" if others else "the same to the byte"
        print(f"  {before} → {after}: {said}, in {took:.0f} s", flush=True)
        same = same and not others
    last = sites[LEGS[-1][-1]]
    last.run("-c", LOSE_A_LETTER).check_returncode()
    lost = different(archive_of(last), wanted)
    print(f"  a letter lost: {len(lost)} file differs" if lost else "  a letter lost: not seen")
    return same and len(lost) == 1


def archive_of(found: Site) -> dict[str, bytes]:
    folder = found.folder / "archive"
    found.manage("export_records", str(folder))
    files = (file for file in folder.rglob("*") if file.is_file())
    return {str(file.relative_to(folder)): file.read_bytes() for file in files}


def different(found: dict[str, bytes], wanted: dict[str, bytes]) -> list[str]:
    names = found.keys() | wanted.keys()
    return sorted(name for name in names if found.get(name) != wanted.get(name))


if __name__ == "__main__":
    sys.exit(main(int(sys.argv[1]) if len(sys.argv) > 1 else 2_000))
