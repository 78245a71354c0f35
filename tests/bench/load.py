"""What `make load` runs: more lookups than the site can answer, on each database.

    python -m tests.bench.load [INCIDENTS] [RUNBOOKS] [SECONDS]

First it is found out how many the site answers in a second when a few people ask without a pause.
Then so many are asked, and half, twice and four times as many, for SECONDS each. The control is the
same site that takes on everything (REQUESTS_AT_ONCE=0).
"""

import subprocess
import sys

from tests.bench.__main__ import SITES, databases
from tests.bench.answers import Told, told_by
from tests.bench.figures import Line, held, machine, reached

# The limits that the project holds itself to, at four times of what it can answer.
MOST = "4.0"
P99_MS, P99_TIMES = 500.0, 2.0
"""The larger of the two: so many milliseconds, or so many times of who asks alone."""
IN_TIME = 90.0
"""Percent of what it can answer, answered within half a second."""
REFUSED_MS = 50.0


def main(arguments: list[str]) -> int:
    given = [*arguments, *("2000", "400", "10")[len(arguments) :]]
    incidents, runbooks, seconds = int(given[0]), int(given[1]), given[2]
    print(machine())
    for name, url in databases(incidents, runbooks):
        for at_once, about in (("4", ""), ("0", ": everything is taken on (control)")):
            try:
                told = measured(incidents, runbooks, seconds, url, at_once)
            except subprocess.CalledProcessError:
                print(f"\n{name}: not measured; the reason stands above.")
                return 1
            print(f"\n{told['database']}, {incidents:,} incidents, {runbooks:,} runbooks{about}")
            print("\n".join(map(str, lines(told))), flush=True)
    return 0


def measured(incidents: int, runbooks: int, seconds: str, url: str, at_once: str) -> Told:
    return told_by(
        "tests.bench.pressure",
        incidents,
        runbooks,
        seconds,
        DATABASE_URL=url,
        VAR_DIR=str(SITES / f"{incidents}-{runbooks}"),
        REQUESTS_AT_ONCE=at_once,
    )


def lines(told: Told) -> list[Line]:
    alone, capacity = told["alone"], told["capacity"]
    found = [
        Line("who asks alone, p50 / p99", f"{alone['p50']:.0f} / {alone['p99']:.0f} ms"),
        Line("it can answer, a second", f"{capacity:.1f}"),
    ]
    for times, load in told["loads"].items():
        name = f"asked {times} × as many"
        found.append(Line(f"{name}: answered, in time", in_words(load)))
        found.append(Line("… p50 / p99 of what was answered", milliseconds_of(load)))
        others = ", ".join(
            f"{count} × {status}" for status, count in load["statuses"].items() if status != "200"
        )
        found.append(Line("… of all, not answered", f"{others or 'none'} of {load['asked']}"))
    return [*found, *limits(told["loads"][MOST], alone, capacity)]


def in_words(load: Told) -> str:
    return f"{load['per_second']:.1f}, {load['in_time']:.1f} a second"


def milliseconds_of(load: Told) -> str:
    return f"{load['p50']:.0f} / {load['p99']:.0f} ms" if load["p50"] is not None else "–"


def limits(load: Told, alone: Told, capacity: float) -> list[Line]:
    p99 = max(P99_MS, P99_TIMES * alone["p99"])
    found = [
        held("at the most: p99 of what is answered", load["p99"] or float("inf"), p99, "ms"),
        reached("… in time, of what it can answer", 100 * load["in_time"] / capacity, IN_TIME, "%"),
        Line("… the next who asks after it", f"{load['next']:.0f} ms"),
        Line("… of a processor, to ask all that", f"{100 * load['asker']:.0f} %"),
    ]
    if load["refused_p99"] is not None:
        found.append(held("… told to come again after, p99", load["refused_p99"], REFUSED_MS, "ms"))
    return found


if __name__ == "__main__":
    try:
        sys.exit(main(sys.argv[1:]))
    except KeyboardInterrupt:
        sys.exit(130)
