"""What `make bench` runs: how fast it is found, on each database, beside what it is measured by.

    python -m tests.bench [INCIDENTS[,INCIDENTS…]] [RUNBOOKS]

Sites are kept under var/bench: a second run of the same size begins to measure at once. On
PostgreSQL the server is the benchmark's own, and is filled anew each time; BENCH_DATABASE_URL names
an empty or already filled database to be used and kept instead; `{incidents}` in it is the size.
"""

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

from tests.bench.answers import Told, told_by
from tests.bench.figures import Figures, Line, held, machine, milliseconds, reached
from tests.bench.server import ROOT
from tests.postgres import PostgresDidNotStart, PostgresNotFound, find_binaries, private_server

SITES = Path(os.environ.get("VAR_DIR", ROOT / "var")) / "bench"

# The limits that the project holds itself to.
RUNBOOK_OVER_RAW_AND_BARE = 1.5
RUNBOOK_P95 = 50.0
ARCHIVE_P95 = 150.0
KEPT = 90.0
"""Percent of the ten best of the exhaustive ranking."""
FASTER_THAN_GREP = 20.0
FASTER_FROM = 100_000
"""Incidents."""
RUNBOOK_GROWTH = 1.5


def main(arguments: list[str]) -> int:
    sizes = [int(size) for size in (arguments[0] if arguments else "2000").split(",")]
    runbooks = int(arguments[1]) if len(arguments) > 1 else 400
    print(machine())
    print("Milliseconds, p50 / p95, of 60 questions of 10, 20 and 30 words.")
    before: dict[str, Told] = {}
    failed = 0
    for size in sizes:
        for name, url in databases(size, runbooks):
            try:
                told = measured(size, runbooks, url)
            except subprocess.CalledProcessError:
                print(f"\n{name}, {size:,} incidents: not measured; the reason stands above.")
                failed = 1
                continue
            print(f"\n{told['database']}, {size:,} incidents, {runbooks:,} runbooks")
            print("\n".join(map(str, lines(told, before.get(name), size))), flush=True)
            before[name] = told | {"size": size}
    return failed


def databases(size: int, runbooks: int) -> Iterator[tuple[str, str]]:
    """A site of this size on each database that there is."""
    folder = SITES / f"{size}-{runbooks}"
    folder.mkdir(parents=True, exist_ok=True)
    yield "sqlite", f"sqlite:///{folder / 'site.sqlite3'}"
    if given := os.environ.get("BENCH_DATABASE_URL"):
        yield "postgresql", given.replace("{incidents}", str(size))
        return
    try:
        with private_server(find_binaries()) as server:
            yield "postgresql", server.url("postgres")
    except (PostgresNotFound, PostgresDidNotStart) as error:
        print(f"\nPostgreSQL was not measured: {error}")


def measured(size: int, runbooks: int, url: str) -> Told:
    """What `tests.bench.site` says of this database."""
    folder = SITES / f"{size}-{runbooks}"
    return told_by(
        "tests.bench.site",
        size,
        runbooks,
        folder / "markdown",
        DATABASE_URL=url,
        VAR_DIR=str(folder),
    )


def lines(told: Told, before: Told | None, size: int) -> list[Line]:
    raw = {name: Figures(**figures) for name, figures in told["raw"].items()}
    pages = {name: Figures(**figures) for name, figures in told["pages"].items()}
    bare = pages["a bare page"]
    found = [
        Line("raw query of the runbooks", milliseconds(raw["runbooks"])),
        Line("raw query of the archive", milliseconds(raw["archive"])),
        *(Line(f"HTTP: {name}", milliseconds(figures)) for name, figures in pages.items()),
        *(Line(f"HTTP: {name}", "not in this version") for name in told["missing"]),
    ]
    runbook, archive = pages.get("the runbook part"), pages.get("the archive part")
    if runbook:
        most = RUNBOOK_OVER_RAW_AND_BARE * (raw["runbooks"].p95 + bare.p95)
        found.append(held("runbooks p95, by raw query + bare page", runbook.p95, most, "ms"))
        found.append(held("runbooks p95", runbook.p95, RUNBOOK_P95, "ms"))
    # Without a page of its own, the search over everything is the nearest to similar incidents.
    archive = archive or pages["the search over everything"]
    found.append(held("similar incidents p95", archive.p95, ARCHIVE_P95, "ms"))
    mean, least = (100 * told["kept"][name] for name in ("mean", "least"))
    found.append(reached("of the ten best of all, named on average", mean, KEPT, "%"))
    found.append(Line("of the ten best of all, named at least", f"{least:.0f} %"))
    right, said = told["symptoms"]
    found.append(reached("symptoms that lead to their story", right, said, f"of {said}"))
    found += beside_ripgrep(told, runbook or archive, archive, size)
    if before:
        found += growth(told, before, size)
    return found


def beside_ripgrep(told: Told, runbook: Figures, archive: Figures, size: int) -> list[Line]:
    """Over few files nothing is quicker: the limit holds for an archive worth the name."""
    if told["ripgrep"] is None:
        return [Line("ripgrep", "not on this machine (rg)")]
    grep = Figures(**told["ripgrep"])
    found = [Line("ripgrep over the incidents as Markdown", milliseconds(grep))]
    for what, figures in (("runbooks", runbook), ("archive", archive)):
        name, times = f"{what}, faster than ripgrep (p50)", grep.p50 / figures.p50
        if size < FASTER_FROM:
            found.append(Line(name, f"{times:.1f} ×"))
        else:
            found.append(reached(name, times, FASTER_THAN_GREP, "×"))
    return found


def growth(told: Told, before: Told, size: int) -> list[Line]:
    """Against the size that was measured before this one."""

    def times(kind: str, name: str) -> float:
        return float(told[kind][name]["p95"] / before[kind][name]["p95"])

    since = f"{before['size']:,}"
    larger = size / before["size"]
    kind, name = ("pages", "the runbook part")
    if name not in told["pages"]:
        kind, name = "raw", "runbooks"
    return [
        held(f"runbooks p95 against {since}", times(kind, name), RUNBOOK_GROWTH, "×"),
        held(f"archive query p95 against {since}", times("raw", "archive"), larger, "×"),
    ]


if __name__ == "__main__":
    try:
        sys.exit(main(sys.argv[1:]))
    except KeyboardInterrupt:
        sys.exit(130)
