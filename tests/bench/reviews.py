"""What `make quarter` runs: the review and the packs of a large quarter, on each database.

    python -m tests.bench.reviews [INCIDENTS]

The SQLite site is kept under var/bench; the PostgreSQL server is the benchmark's own, and is filled
anew each time.
"""

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

from tests.bench.answers import Told, told_by
from tests.bench.figures import Figures, Line, held, machine, milliseconds
from tests.bench.server import ROOT
from tests.postgres import PostgresDidNotStart, PostgresNotFound, find_binaries, private_server

SITES = Path(os.environ.get("VAR_DIR", ROOT / "var")) / "bench"

# The limits that the project holds itself to.
PAGE_MS = 500.0
STREAM_MB = 100.0
PDF_SECONDS, PDF_MB, PDF_PAGES = 15.0, 500.0, 300
BESIDE_EXPORT = 1.5
"""The list while an export runs, against the list alone."""


def main(arguments: list[str]) -> int:
    incidents = int(arguments[0]) if arguments else 10_000
    print(machine())
    failed = 0
    folder = SITES / f"quarter-{incidents}"
    folder.mkdir(parents=True, exist_ok=True)
    for name, url in databases(folder):
        try:
            told = measured(incidents, url, folder)
        except subprocess.CalledProcessError:
            print(f"\n{name}: not measured; the reason stands above.")
            failed = 1
            continue
        load = ", ".join(f"{each:.1f}" for each in os.getloadavg())
        print(f"\n{told['database']}, a quarter of {told['incidents']:,} incidents; load {load}")
        print("\n".join(map(str, lines(told))), flush=True)
    return failed


def databases(folder: Path) -> Iterator[tuple[str, str]]:
    yield "SQLite", f"sqlite:///{folder / 'site.sqlite3'}"
    try:
        with private_server(find_binaries()) as server:
            yield "PostgreSQL", server.url("postgres")
    except (PostgresNotFound, PostgresDidNotStart) as error:
        print(f"\nPostgreSQL was not measured: {error}")


def measured(incidents: int, url: str, folder: Path) -> Told:
    return told_by("tests.bench.quarter", incidents, DATABASE_URL=url, VAR_DIR=str(folder))


def lines(told: Told) -> list[Line]:
    review, alone = Figures(**told["review"]), Figures(**told["list"])
    found = [
        Line("the review, first page of a new process", f"{told['first']:.1f} ms"),
        Line("the review, p50 / p95", milliseconds(review)),
        held("the review p95", review.p95, PAGE_MS, "ms"),
        *(
            held(f"… its part {number} after that, p95", Figures(**part).p95, PAGE_MS, "ms")
            for number, part in enumerate(told["later"], start=2)
        ),
        Line("the list of incidents, p50 / p95", milliseconds(alone)),
    ]
    for wanted in ("csv", "xlsx"):
        pack, beside = told[wanted], Figures(**told[f"list beside {wanted}"])
        name = wanted.upper()
        found += [
            Line(f"{name}, wall / processor", seconds(pack["seconds"], pack["processor"])),
            held(f"{name}, private memory", pack["megabytes"], STREAM_MB, "MB"),
            Line(f"the list beside {name}, p50 / p95", milliseconds(beside)),
            held(f"the list beside {name}, p95", beside.p95 / alone.p95, BESIDE_EXPORT, "×"),
        ]
    pdf = told["pdf"]
    # The limit is for 300 pages; more may take as much longer.
    most = PDF_SECONDS * max(1.0, pdf["pages"] / PDF_PAGES)
    return [
        *found,
        Line("PDF, pages", f"{pdf['pages']}"),
        Line("PDF, of which the layout's processor", f"{pdf['child_seconds']:.1f} s"),
        held("PDF, wall", pdf["seconds"], most, "s"),
        held("PDF, memory of the layout", pdf["child_megabytes"], PDF_MB, "MB"),
    ]


def seconds(wall: float, processor: float) -> str:
    return f"{wall:.1f} s / {processor:.1f} s"


if __name__ == "__main__":
    try:
        sys.exit(main(sys.argv[1:]))
    except KeyboardInterrupt:
        sys.exit(130)
