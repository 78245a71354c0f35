"""What `make drills` runs: backups of a site that is written to, restored and compared.

    python -m tests.bench.drills [DRILLS] [INCIDENTS] [RUNBOOKS]

The site of `make bench` is brought into a place of its own by a backup and a restore. There
somebody records one incident after the other, while backups are taken.
"""

import os
import re
import shutil
import sqlite3
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from tests.bench.__main__ import databases
from tests.bench.figures import Figures, Line, figures_of, held, milliseconds, reached
from tests.bench.server import ROOT

MOST_TO_RESTORE = 300.0
"""Seconds, at 100,000 incidents."""
COPIES = 20
PAUSE = 0.02
"""Seconds between two writes."""
DRILL = re.compile(
    r"Taken in (?P<taken>[\d.]+) s \((?P<bytes>[\d,]+) bytes\), restored in (?P<back>[\d.]+) s;"
    r" (?P<rows>[\d,]+) rows? .* (?P<refused>\d+) of (?P<damaged>\d+) damaged files refused"
)


@dataclass(frozen=True)
class Site:
    """Where it is, and how its commands are run."""

    url: str
    folder: Path

    @property
    def environment(self) -> dict[str, str]:
        known = {"DJANGO_SETTINGS_MODULE": "postmortems.settings", "VAR_DIR": str(self.folder)}
        return {
            **os.environ,
            **known,
            "DATABASE_URL": self.url,
            "BACKUP_DIR": "",
            "PYTHONPATH": ".",
        }

    def run(self, *words: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [sys.executable, *words],
            cwd=ROOT,
            env=self.environment,
            stdout=subprocess.PIPE,
            text=True,
            check=False,
        )

    def manage(self, *words: str) -> str:
        """Raises `subprocess.CalledProcessError`."""
        done = self.run("manage.py", *words)
        done.check_returncode()
        return done.stdout

    def in_place_of(self, folder: Path) -> "Site":
        """Another one, of the same kind of database, that is not there yet."""
        if self.url.startswith("sqlite"):
            return Site(f"sqlite:///{folder / 'site.sqlite3'}", folder)
        server, _, name = self.url.rpartition("/")
        return Site(f"{server}/{name}_{folder.name}", folder)

    def drop(self) -> None:
        shutil.rmtree(self.folder, ignore_errors=True)
        if not self.url.startswith("sqlite"):
            name = self.url.rpartition("/")[2]
            code = "from incidents.backups.engines.postgres import Postgres;"
            self.run("-c", f"import django; django.setup(); {code} Postgres().discard({name!r})")


def main(arguments: list[str]) -> int:
    drills = int(arguments[0]) if arguments else 20
    size = int(arguments[1]) if len(arguments) > 1 else 2000
    runbooks = int(arguments[2]) if len(arguments) > 2 else 400
    failed = 0
    for name, url in databases(size, runbooks):
        with tempfile.TemporaryDirectory(prefix="postmortems-drills-") as scratch:
            print(f"\n{name}, {size:,} incidents, {drills} drills", flush=True)
            full = Site(url, Path(scratch, "full"))
            full.run(
                "-c", f"from tests.bench.site import prepare; prepare({size}, {runbooks})"
            ).check_returncode()
            found = lines(full, Path(scratch), drills)
            print("\n".join(map(str, found)), flush=True)
            failed |= not all(line.is_met for line in found)
    return int(failed)


def lines(full: Site, scratch: Path, drills: int) -> list[Line]:
    copy, backs = full.in_place_of(scratch / "copy"), scratch / "backups"
    backs.mkdir()
    try:
        took = timed(full, "backup", str(backs / "full"))
        back = timed(copy, "restore", str(backs / "full"))
        found = [
            Line("a backup by the command", f"{took:.1f} s"),
            Line("its size", f"{(backs / 'full').stat().st_size:,} bytes"),
            held("a restore by the command", back, MOST_TO_RESTORE, "s"),
        ]
        (backs / "full").unlink()
        with writing(copy, scratch / "acknowledged") as written:
            found += lines_of_drills(copy, backs, drills)
            found += lines_of_acknowledged(copy, backs, written)
            if copy.url.startswith("sqlite"):
                found.append(control(copy, scratch, written))
        times = [float(line.split()[0]) for line in written.read_text().splitlines()]
        found.append(Line("writes meanwhile", f"{len(times):,}"))
        found.append(Line("one write, ms (p50 / p95)", milliseconds(figures_of(times))))
        found.append(Line("the longest, ms", f"{1000 * max(times):,.0f}"))
    finally:
        copy.drop()
    return found


def timed(site: Site, *words: str) -> float:
    begun = time.monotonic()
    site.manage(*words)
    return time.monotonic() - begun


def lines_of_drills(copy: Site, backs: Path, drills: int) -> list[Line]:
    said = [copy.run("manage.py", "backup", "--drill", str(backs)).stdout for _ in range(drills)]
    told = [match for words in said if (match := DRILL.search(words))]
    refused = sum(int(match["refused"]) for match in told)
    damaged = sum(int(match["damaged"]) for match in told)
    found = [
        reached("drills in which every row is equal", len(told), drills, f"of {drills}"),
        reached("files with a changed byte, refused", refused, damaged or 1, f"of {damaged}"),
    ]
    if told:
        found += [
            Line("rows compared in the last", told[-1]["rows"]),
            Line("taken in, s (p50 / p95)", seconds(told, "taken")),
            Line("restored and compared in, s (p50 / p95)", seconds(told, "back")),
        ]
    return found


def seconds(told: list[re.Match[str]], name: str) -> str:
    figures: Figures = figures_of([float(match[name]) / 1000 for match in told])
    return milliseconds(figures)


def lines_of_acknowledged(copy: Site, backs: Path, written: Path) -> list[Line]:
    """A backup under writes, restored by the command: what was acknowledged before it began."""
    count = len(written.read_text().splitlines())
    copy.manage("backup", str(backs / "written"))
    there = copy.in_place_of(copy.folder.with_name("there"))
    try:
        there.manage("restore", str(backs / "written"))
        missing = int(there.run("-m", __spec__.name, "missing", str(written), str(count)).stdout)
    finally:
        there.drop()
    return [held(f"acknowledged writes lost, of {count:,}", missing, 0, "")]


def control(copy: Site, scratch: Path, written: Path) -> Line:
    """`cp` of the same database, which has to lose something: else this here proves nothing."""
    lost = 0
    for _ in range(COPIES):
        titles = {line.split()[1] for line in written.read_text().splitlines()}
        target = scratch / "plain-copy.sqlite3"
        shutil.copyfile(copy.folder / "site.sqlite3", target)
        try:
            database = sqlite3.connect(target)
            rows = database.execute("SELECT title FROM incidents_incident").fetchall()
            lost += not titles <= {title for (title,) in rows}
        except sqlite3.DatabaseError:
            lost += 1
        finally:
            database.close()
            target.unlink()
    return reached("copies by cp that lost something", lost, 1, f"of {COPIES}")


@contextmanager
def writing(site: Site, written: Path) -> Iterator[Path]:
    command = [sys.executable, "-m", __spec__.name, "write", str(written)]
    with subprocess.Popen(command, cwd=ROOT, env=site.environment) as process:
        try:
            while not written.exists() or not written.stat().st_size:
                if process.poll() is not None:
                    raise subprocess.CalledProcessError(process.returncode, command)
                time.sleep(0.05)
            yield written
        finally:
            process.terminate()


def write(written: Path) -> None:
    """One incident after the other; a line for each that was acknowledged: seconds, title."""
    import django  # noqa: PLC0415 (with the settings of the site that is written to)

    django.setup()
    from django.utils import timezone  # noqa: PLC0415

    from incidents.models import Role, User  # noqa: PLC0415
    from incidents.records.operations import create_incident  # noqa: PLC0415

    by = User.objects.filter(role=Role.EDITOR, is_active=True).order_by("pk").first()
    number = 0
    with written.open("w", buffering=1) as file:
        while True:
            number += 1
            begun = time.monotonic()
            create_incident(values={"title": f"drill-{number}"}, by=by, at=timezone.now())
            file.write(f"{time.monotonic() - begun:.4f} drill-{number}\n")
            time.sleep(PAUSE)


def missing(written: Path, count: int) -> None:
    """How many of the first so many are not in this site."""
    import django  # noqa: PLC0415 (with the settings of the site that is asked)

    django.setup()
    from incidents.models import Incident  # noqa: PLC0415

    titles = {line.split()[1] for line in written.read_text().splitlines()[:count]}
    there = Incident.objects.filter(title__startswith="drill-").values_list("title", flat=True)
    print(len(titles - set(there)))


if __name__ == "__main__":
    if sys.argv[1:2] == ["write"]:
        write(Path(sys.argv[2]))
    elif sys.argv[1:2] == ["missing"]:
        missing(Path(sys.argv[2]), int(sys.argv[3]))
    else:
        sys.exit(main(sys.argv[1:]))
