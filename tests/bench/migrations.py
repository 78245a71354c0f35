"""How those who look something up fare while the newest migrations run, on each database.

    python -m tests.bench.migrations [INCIDENTS] [RUNBOOKS] [RATE]

The version before (tests/deploy/version_before.py) makes a site by its own commands, and serves it
as in production. RATE times a second, each at its time, somebody looks something up, or opens an
incident or its history; meanwhile this version's `migrate` runs. The control, on PostgreSQL: the
table of history is locked for three seconds, which has to be felt.
"""

import asyncio
import http.client
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import quote, urlencode

import psycopg

from tests.bench.figures import Line, held, machine, reached
from tests.bench.server import FORM, HOST, ROOT, Reader, running_site
from tests.bench.server import TOKEN as CSRF
from tests.deploy.version_before import commit_before, unpack
from tests.lookup.symptoms import SYMPTOMS
from tests.postgres import find_binaries, private_server

if TYPE_CHECKING:
    from tests.bench.pressure import Stretch

USUAL = ("10000", "200", "10")
NAME, PASSWORD = "bench", "a pass phrase of a benchmark"
SOME = 100
"""Incidents that are opened in turn."""
AROUND = 10.0
"""Seconds that are asked before, and at least so many while it is migrated."""
LOCKED = 3.0
LONGEST_MS = 1000.0
MADE_BY = (
    ["migrate", "--verbosity=0"],
    ["collectstatic", "--noinput", "--verbosity=0"],
    ["createsuperuser", "--noinput", f"--username={NAME}", f"--email={NAME}@example.com"],
)


def main(arguments: Sequence[str]) -> int:
    given = [*arguments, *USUAL[len(arguments) :]]
    incidents, runbooks, rate = int(given[0]), int(given[1]), float(given[2])
    print(machine())
    missed = 0
    with tempfile.TemporaryDirectory(prefix="postmortems-migrations-") as named:
        folder = Path(named)
        before = unpack(commit_before(), folder)
        with private_server(find_binaries()) as server:
            urls = {
                "SQLite": f"sqlite:///{folder}/site.sqlite3",
                "PostgreSQL": server.url("postgres"),
            }
            for name, url in urls.items():
                (folder / name).mkdir()
                trial = Trial(before, folder / name, url, incidents, runbooks, rate)
                found = trial.lines()
                print(f"\n{name}, {incidents:,} incidents, {runbooks:,} runbooks")
                print("\n".join(map(str, found)), flush=True)
                missed += sum(not line.is_met for line in found)
    return int(bool(missed))


@dataclass
class Trial:
    before: Path
    folder: Path
    url: str
    incidents: int
    runbooks: int
    rate: float

    def lines(self) -> list[Line]:
        told = {
            "DATABASE_URL": self.url,
            "VAR_DIR": str(self.folder),
            "SECRET_KEY": "of-a-benchmark",
            "DJANGO_SETTINGS_MODULE": "postmortems.settings",
            "DJANGO_SUPERUSER_PASSWORD": PASSWORD,
            "LOG_LEVEL": "CRITICAL",
        }
        with surroundings(told):
            self.make()
            with running_site(self.before) as port:
                self.port, self.cookie = port, signed_in(port)
                self.paths = list(self.open_to_them())
                self.asked_while(lambda: time.sleep(AROUND))
                quiet, _ = self.asked_while(lambda: time.sleep(AROUND))
                moving, took = self.asked_while(migrate)
                found = [
                    Line("migrations that are new", f"{len(new_ones(self.before))}"),
                    Line("… took", f"{took:.1f} s"),
                    *fared("before", quiet),
                    *fared("meanwhile", moving),
                    held("… the longest", longest(moving), LONGEST_MS, "ms"),
                    reached("… answered", share(moving), 100, "%"),
                ]
                if self.url.startswith("postgres"):
                    locked, _ = self.asked_while(self.lock)
                    felt = longest(locked)
                    found.append(reached("history is locked: the longest", felt, LONGEST_MS, "ms"))
                return found

    def make(self) -> None:
        size = [f"--incidents={self.incidents}", f"--runbooks={self.runbooks}"]
        for words in (*MADE_BY, ["make_history", *size, "--into-existing"]):
            subprocess.run(
                [sys.executable, "manage.py", *words],
                cwd=self.before,
                stdout=subprocess.DEVNULL,
                check=True,
            )

    def asked_while(self, work: Callable[[], object]) -> tuple["Stretch", float]:
        """How they fared, and how long the work took."""
        from tests.bench.pressure import Asking  # noqa: PLC0415 (wants the settings)

        asking, paths = Asking(self.port, self.cookie), self.paths

        async def both() -> tuple["Stretch", float]:
            going = asyncio.create_task(asyncio.to_thread(timed, work))
            least = int(AROUND * self.rate)
            stretch = await asking.asked_until(
                lambda number: going.done() and number >= least, paths, rate=self.rate
            )
            return stretch, await going

        return asyncio.run(both())

    def open_to_them(self) -> Iterator[str]:
        looked_up = [f"/lookup/answers/?q={quote(said)}" for said, *_ in SYMPTOMS]
        numbers = range(1, min(SOME, self.incidents) + 1)
        opened = [f"/incidents/INC-{number}/" for number in numbers]
        histories = [f"/history/incident/{number}/" for number in numbers]
        turns = zip(looked_up * SOME, opened, histories, strict=False)
        # Some are restricted.
        reader = Reader(self.port, self.cookie)
        yield from (path for turn in turns for path in turn if reader.is_there(path))

    def lock(self) -> None:
        with psycopg.connect(self.url) as session:
            session.execute("LOCK TABLE incidents_change IN ACCESS EXCLUSIVE MODE")
            time.sleep(LOCKED)


@contextmanager
def surroundings(told: Mapping[str, str]) -> Iterator[None]:
    kept = dict(os.environ)
    os.environ |= told
    try:
        yield
    finally:
        os.environ.clear()
        os.environ |= kept


def signed_in(port: int) -> str:
    connection = http.client.HTTPConnection(HOST, port, timeout=60)
    headers = {**FORM, "Cookie": f"csrftoken={CSRF}"}
    sent = urlencode({"login": NAME, "password": PASSWORD})
    connection.request("POST", "/accounts/login/", sent, headers)
    answer = connection.getresponse()
    answer.read()
    connection.close()
    for cookie in answer.headers.get_all("Set-Cookie") or []:
        if "session" in cookie.partition("=")[0]:
            return cookie.partition(";")[0]
    raise SystemExit(f"Signing in was answered with {answer.status}, and no session.")


def timed(work: Callable[[], object]) -> float:
    begun = time.perf_counter()
    work()
    return time.perf_counter() - begun


def migrate() -> None:
    subprocess.run([sys.executable, "manage.py", "migrate", "--verbosity=0"], cwd=ROOT, check=True)


def new_ones(before: Path) -> list[str]:
    folder = Path("incidents/migrations")
    known = {path.name for path in (before / folder).glob("0*.py")}
    return sorted(path.name for path in (ROOT / folder).glob("0*.py") if path.name not in known)


def fared(when: str, stretch: "Stretch") -> list[Line]:
    told = stretch.told(1)
    others = {status: count for status, count in told["statuses"].items() if status != "200"}
    times = f"{told['p50']:.0f} / {told['p99']:.0f} ms" if told["p50"] is not None else "–"
    return [
        Line(f"{when}: p50 / p99", times),
        Line(f"… of {told['asked']:,}, not answered", f"{others or 'none'}"),
    ]


def longest(stretch: "Stretch") -> float:
    return 1000 * max(stretch.took, default=float("inf"))


def share(stretch: "Stretch") -> float:
    return 100 * len(stretch.took) / max(1, sum(stretch.statuses.values()))


if __name__ == "__main__":
    with suppress(KeyboardInterrupt):
        sys.exit(main(sys.argv[1:]))
