"""What `make test` runs: all on SQLite, what uses the database on PostgreSQL, then a browser.

    python -m tests [pytest's own arguments]

Each part that the machine cannot run is named at the end with the reason; with REQUIRE_ALL=1 that,
and every skipped test, is a failure. The last line is always `N passed, N failed`.
"""

import os
import signal
import sqlite3
import subprocess
import sys
import tempfile
import time
from functools import cached_property
from pathlib import Path
from types import FrameType

from tests.chromium import find_chromium
from tests.corpus import find_corpus
from tests.deploy import version_before
from tests.migrated import is_migrated
from tests.outcome import Outcome, judge, read_outcome, summary
from tests.postgres import (
    PostgresDidNotStart,
    PostgresNotFound,
    find_binaries,
    private_server,
)
from tests.redis import find_redis

# One more than there are processors: browsers, and workers that are killed, are waited for.
IN_PARALLEL = ["-n", str(min(4, (os.cpu_count() or 1) + 1))]
NO_BROWSER = ["-m", "not browser"]
# The database on PostgreSQL from which the others are copied.
MIGRATED = "migrated"
# What takes longest is named: that is where the time of the whole is to be won.
SLOWEST = ["--durations=20", "--durations-min=10"]
# Browsers, servers and workers that are killed share a machine with whatever else it does. What
# fails is tried once more, and named where it passes then.
TRIED_TWICE = ["--reruns=1", "--reruns-delay=3", "-rR"]


def main(arguments: list[str]) -> int:
    signal.signal(signal.SIGTERM, _end)
    with tempfile.TemporaryDirectory(prefix="postmortems-reports-") as folder:
        runs = PytestRuns(Path(folder), arguments)
        outcomes = [on_sqlite(runs), on_postgres(runs), in_browser(runs), *without_redis()]
        outcomes += [*without_corpus(), *without_history()]
    verdict = judge(outcomes, require_all=os.environ.get("REQUIRE_ALL") == "1")
    print()
    print(summary(outcomes))
    print(verdict.line)
    return verdict.exit_code


class PytestRuns:
    """Runs pytest in a process of its own for each part, with the caller's arguments last."""

    def __init__(self, folder: Path, arguments: list[str]) -> None:
        self.folder = folder
        self.arguments = arguments

    @cached_property
    def migrated_file(self) -> str:
        """For what runs on SQLite."""
        file = self.folder / "migrated.sqlite3"
        return str(file) if is_migrated(f"sqlite:///{file}") else ""

    def run(
        self, part: str, options: list[str], *, migrated: str, database_url: str = ""
    ) -> Outcome:
        report = self.folder / f"{part.split(maxsplit=1)[0]}.xml"
        command = [sys.executable, "-m", "pytest", f"--junitxml={report}"]
        # What a test leaves behind, even one that is killed, goes with the reports.
        environment = {**os.environ, "TMPDIR": str(self.folder), "TEST_MIGRATED": migrated}
        environment.pop("TEST_DATABASE_URL", None)
        # Each process, and each that a test starts, would compile everything for itself.
        environment.pop("PYTHONDONTWRITEBYTECODE", None)
        if database_url:
            environment["TEST_DATABASE_URL"] = database_url
        print(f"\n--- {part}", flush=True)
        begun = time.monotonic()
        command += [*SLOWEST, *TRIED_TWICE, *options, *self.arguments]
        ended = subprocess.run(command, env=environment, check=False)
        return read_outcome(
            part,
            report=report,
            exit_code=ended.returncode,
            seconds=time.monotonic() - begun,
        )


def on_sqlite(runs: PytestRuns) -> Outcome:
    part = f"SQLite {sqlite3.sqlite_version}"
    return runs.run(part, [*IN_PARALLEL, *NO_BROWSER], migrated=runs.migrated_file)


def on_postgres(runs: PytestRuns) -> Outcome:
    try:
        with private_server(find_binaries()) as server:
            server.make_database(MIGRATED)
            migrated = MIGRATED if is_migrated(server.url(MIGRATED)) else ""
            return runs.run(
                f"PostgreSQL {server.version}",
                [*IN_PARALLEL, *NO_BROWSER, "--only-database"],
                migrated=migrated,
                database_url=server.url("postmortems"),
            )
    except PostgresNotFound as error:
        return Outcome("PostgreSQL", missing=str(error))
    except PostgresDidNotStart as error:
        # The machine has it, so this is no lack but a fault.
        return Outcome("PostgreSQL", missing=str(error), failed=1)


def in_browser(runs: PytestRuns) -> Outcome:
    chromium = find_chromium()
    if not chromium:
        return Outcome("Browser", missing="no Chromium on this machine (CHROMIUM, PATH).")
    options = [*IN_PARALLEL, "-m", "browser"]
    if not runs.arguments:
        # No other folder has any, and to read them all takes a while.
        options.append("tests/browser")
    return runs.run(f"Browser ({Path(chromium).name})", options, migrated=runs.migrated_file)


def without_redis() -> list[Outcome]:
    """With Redis, workers are killed under it among the other tests."""
    if find_redis() is not None:
        return []
    return [Outcome("Redis", missing="no redis-server on this machine (REDIS_SERVER, PATH).")]


def without_corpus() -> list[Outcome]:
    """With a corpus its tests are among the others, on either database."""
    if find_corpus() is not None:
        return []
    missing = "no corpus beside the project (LOOKUP_CORPUS)."
    return [Outcome("Quality of the lookup", missing=missing, is_installable=False)]


def without_history() -> list[Outcome]:
    """With it the version before is run beside this one."""
    if version_before.is_there():
        return []
    missing = "its program is not in this clone (git fetch --unshallow --tags)."
    return [Outcome("The version before", missing=missing, is_installable=False)]


def _end(number: int, frame: FrameType | None) -> None:
    """Asked to end: unwind, so that the server stops and the temporary folders go."""
    sys.exit(128 + number)


if __name__ == "__main__":
    try:
        sys.exit(main(sys.argv[1:]))
    except KeyboardInterrupt:
        sys.exit(130)
