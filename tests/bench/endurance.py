"""What `make endurance` runs: workers that are killed under much work, on each database.

    python -m tests.bench.endurance [JOBS] [KILLS]

On SQLite the site's own workers; on PostgreSQL Celery's, with a Redis that is restarted five times
and flushed once in each part. A thirtieth of the jobs, and a third of the kills, are heavy. Last
comes the control: without the sweep the same kills have to lose something, or the rest proves
nothing.
"""

import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import django

from tests.bench.figures import Figures, Line, figures_of, milliseconds
from tests.postgres import PostgresDidNotStart, PostgresNotFound, find_binaries, private_server
from tests.redis import PrivateRedis, RedisDidNotStart, private_redis

if TYPE_CHECKING:
    from tests.faults.killing.trial import Told

RESTARTS = 5
CONTROL_JOBS, CONTROL_KILLS = 1500, 9
PROBES = 200
EATERS = 30
WITHIN_OF_A_KILL, WITHIN_OF_A_RETURN = 10.0, 5.0
ON_POSTGRES = "PostgreSQL, Celery and Redis"
ON_SQLITE = "SQLite and the site's own workers"


def main(arguments: list[str]) -> int:
    """Each in a process of its own, with that database's settings."""
    sizes = arguments or ["15000", "60"]
    failed = 0
    for name, url in databases():
        with tempfile.TemporaryDirectory(prefix="postmortems-endurance-") as folder:
            environment = {
                **os.environ,
                "DJANGO_SETTINGS_MODULE": "tests.faults.killing.settings",
                "DATABASE_URL": url or f"sqlite:///{folder}/site.sqlite3",
                "VAR_DIR": folder,
                "SECRET_KEY": "of-a-benchmark",
                "BROKER_URL": "",
            }
            command = [sys.executable, "-m", "tests.bench.endurance", "on", name, *sizes]
            failed |= subprocess.run(command, env=environment, check=False).returncode
    return failed


def databases() -> Iterator[tuple[str, str]]:
    yield ON_SQLITE, ""
    try:
        with private_server(find_binaries()) as server:
            yield ON_POSTGRES, server.url("postgres")
    except (PostgresNotFound, PostgresDidNotStart) as error:
        print(f"\n{ON_POSTGRES}: not tried, {error}")


def on(name: str, jobs: int, kills: int) -> int:
    with broker(name) as redis:
        django.setup()
        lines = tried(redis, jobs, kills)
    print(f"\n{name}")
    print("\n".join(map(str, lines)), flush=True)
    return int(not all(line.is_met for line in lines))


@contextmanager
def broker(name: str) -> Iterator[PrivateRedis | None]:
    with ExitStack() as stack:
        redis = None
        if name == ON_POSTGRES:
            try:
                redis = stack.enter_context(private_redis())
            except RedisDidNotStart as error:
                sys.exit(f"{name}: not tried, {error}")
            # Read with the settings, which nobody has read yet.
            os.environ["BROKER_URL"] = redis.url
        yield redis


def tried(redis: PrivateRedis | None, jobs: int, kills: int) -> list[Line]:
    # The models can be imported only now.
    from django.core.management import call_command  # noqa: PLC0415

    from tests.faults.killing.kinds import EFFECT, EXPORT  # noqa: PLC0415
    from tests.faults.killing.programs import (  # noqa: PLC0415
        BEAT,
        EMBEDDED,
        HEAVY,
        LIGHT,
        running,
    )
    from tests.faults.killing.trial import Trial  # noqa: PLC0415

    call_command("migrate", verbosity=0)
    commands = [LIGHT, HEAVY, BEAT] if redis else EMBEDDED
    unswept = [LIGHT, HEAVY] if redis else EMBEDDED
    settings = {"BROKER_URL": redis.url} if redis else {}
    lines = []
    folder = Path(os.environ["VAR_DIR"])
    with running(commands, folder, **settings) as programs:
        lines += waiting_lines()
        for what, kind, count, number in (
            ("short jobs", EFFECT, jobs, kills),
            ("exports", EXPORT, jobs // 30, kills // 3),
        ):
            trial = Trial(
                programs,
                kind,
                count=count,
                kills=number,
                seed=1,
                redis=redis,
                restarts=RESTARTS,
            )
            lines += counted_lines(what, count, trial.run())
    forget(EFFECT)
    with running(unswept, folder, KILLING_NOTHING_IS_SWEPT="1", **settings) as programs:
        trial = Trial(programs, EFFECT, CONTROL_JOBS, CONTROL_KILLS, seed=1, redis=redis)
        lines.append(control_line(trial.run()))
    return lines


def forget(kind: str) -> None:
    """The control counts from nothing."""
    from incidents.models import Change, Job  # noqa: PLC0415

    Job.objects.filter(kind=kind).delete()
    Change.objects.filter(document_type=kind).delete()


def waiting_lines() -> list[Line]:
    """How long light work waits, with nothing beside it and with heavy work that dies."""
    from django.db.models import Sum  # noqa: PLC0415
    from django.utils import timezone  # noqa: PLC0415

    from incidents.jobs.operations import owe  # noqa: PLC0415
    from incidents.models import Job  # noqa: PLC0415
    from tests.faults.killing.kinds import EAT  # noqa: PLC0415
    from tests.faults.killing.trial import waits  # noqa: PLC0415

    # The first ones wait for the workers to start.
    waits(20)
    idle = figures_of(waits(PROBES))
    for number in range(EATERS):
        owe(EAT, {"number": number}, at=timezone.now())
    beside = figures_of(waits(PROBES))
    died = Job.objects.filter(kind=EAT).aggregate(Sum("attempts"))["attempts__sum"]
    return [
        Line("light work waits, ms, p50 / p95, idle", milliseconds(idle)),
        Line(f"… while {died} heavy processes ate and died", milliseconds(beside)),
    ]


def counted_lines(what: str, count: int, told: "Told") -> list[Line]:
    kills = ", ".join(f"{number} {mode}" for mode, number in sorted(told.kills.items()))
    lines = [
        Line(f"{count:,} {what}, in seconds", f"{told.seconds:.0f}"),
        Line("… kill -9", f"{told.kills.total()} ({kills})"),
        none("… lost", told.lost),
        none("… not ended", told.stuck),
        none("… failed", told.failed),
        none("… with effects twice", told.twice),
        none("… files missing or not whole", told.half_files),
        soon("… next begun after a kill", told.after_kills, WITHIN_OF_A_KILL),
    ]
    if told.after_returns:
        name = "… next begun after the broker's return"
        lines.append(soon(name, told.after_returns, WITHIN_OF_A_RETURN))
    return lines


def control_line(told: "Told") -> Line:
    name = f"the control, {CONTROL_JOBS:,} short jobs and {told.kills.total()} kills: lost"
    return Line(name, f"{told.lost:,}", "at least 1", told.lost >= 1)


def none(what: str, value: int) -> Line:
    return Line(what, f"{value:,}", "none", value == 0)


def soon(what: str, seconds: list[float], most: float) -> Line:
    figures: Figures = figures_of(seconds)
    worst = max(seconds)
    value = f"p95 {figures.p95 / 1000:.1f} s, most {worst:.1f} s"
    return Line(what, value, f"p95 at most {most:.0f} s", figures.p95 <= 1000 * most)


if __name__ == "__main__":
    if sys.argv[1:2] == ["on"]:
        sys.exit(on(sys.argv[2], int(sys.argv[3]), int(sys.argv[4])))
    sys.exit(main(sys.argv[1:]))
