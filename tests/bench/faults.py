"""What `make faulty` runs: is anybody who looks something up harmed when something else fails?

    python -m tests.bench.faults [LOOKUPS] [RATE] [INCIDENTS] [RUNBOOKS]

On each database the site runs as in production, with Redis, a worker and a mail server. Of each
fault: a tenth of LOOKUPS without it, then it is made, and LOOKUPS more are asked, RATE a second,
each at its time. Beside them alerts are told, and mails are owed. The control is a fault that
nothing can bear: with the database gone they have to be harmed, or the rest proves nothing.

It wants root: the disk that gets full is the run's own, and nobody else sees it.
"""

import asyncio
import os
import re
import subprocess
import sys
import tempfile
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from threading import Event, Thread
from typing import TYPE_CHECKING, Any
from urllib.parse import quote, urlencode

from tests.bench.each_database import POSTGRES, on_each
from tests.bench.figures import Line, held, machine, reached
from tests.bench.server import FORM, ROOT
from tests.bench.server import TOKEN as CSRF
from tests.postgres import PostgresDidNotStart, PostgresNotFound, find_binaries, private_server
from tests.redis import RedisDidNotStart, private_redis

if TYPE_CHECKING:
    from tests.bench.household import Fault, Household
    from tests.bench.pressure import Stretch
    from tests.faults.own_site import OwnSite

OWN_DISK = "POSTMORTEMS_FAULTS_OWN_DISK"
DISK = "2g"
USUAL = ("10000", "40", "1000", "100")

# The limits that the project holds itself to.
ANSWERED = 99.9
"""Percent."""
MORE_P99_MS = 50.0
LONGEST_MS = 1000.0

CONTROLS = 20
"""The control asks one of so many: each waits in vain."""
ADDRESSES = 12
"""People who lost their password, in turn: nobody may ask for all the time."""
RUNBOOK = re.compile(rb'href="(/runbooks/[^"?#]+)')


def main(arguments: list[str]) -> int:
    if not os.environ.get(OWN_DISK):
        return on_a_disk_of_its_own(arguments)
    sizes = [*arguments, *USUAL[len(arguments) :]]
    print(machine())
    return on_each("tests.bench.faults", sizes)


def on_a_disk_of_its_own(arguments: Sequence[str]) -> int:
    """All of this again, with a /tmp that only this run sees, and that may get full."""
    script = f'mount -t tmpfs -o size={DISK},mode=1777 tmpfs /tmp && exec "$@"'
    command = [sys.executable, "-m", "tests.bench.faults", *arguments]
    told = os.environ | {OWN_DISK: "yes", "TMPDIR": "/tmp"}
    try:
        within = ["unshare", "--mount", "sh", "-c", script, "sh"]
        return subprocess.run([*within, *command], cwd=ROOT, env=told, check=False).returncode
    except FileNotFoundError:
        print("Nothing was tried: the program unshare, of util-linux, is not on this machine.")
        return 1


def on(name: str, lookups: int, rate: float, incidents: int, runbooks: int) -> int:
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="faults-")))
        try:
            redis = stack.enter_context(private_redis())
            server = None
            if name == POSTGRES:
                server = stack.enter_context(private_server(find_binaries()))
        except (RedisDidNotStart, PostgresNotFound, PostgresDidNotStart) as error:
            print(f"\n{name}: not tried, {error}")
            return 1
        os.environ |= {
            "DATABASE_URL": server.url("postgres")
            if server
            else f"sqlite:///{folder}/site.sqlite3",
            "VAR_DIR": str(folder),
            "SECRET_KEY": "of-a-benchmark",
            "BROKER_URL": redis.url,
            "ALERTMANAGER_TOKEN": "of-a-test",
            # Of each failure there is a line, and only how many there were is told here.
            "LOG_LEVEL": "CRITICAL",
        }
        # The models can be imported only now.
        from tests.bench.household import Household  # noqa: PLC0415
        from tests.bench.site import database_version, prepare  # noqa: PLC0415

        prepare(incidents, runbooks)
        print(f"\n{database_version()}, {incidents:,} incidents, {runbooks:,} runbooks", flush=True)
        asked = questions_and_who_asks()
        house = Household(folder, redis, server.programs if server else None)
        stack.enter_context(house.running())
        return Trial(house, *asked, lookups, rate).run()


def questions_and_who_asks() -> tuple[list[str], str]:
    from django.db import connections  # noqa: PLC0415

    from incidents.models import FoundKind, User  # noqa: PLC0415
    from tests.bench.pressure import LOOKUP  # noqa: PLC0415
    from tests.bench.questions import questions  # noqa: PLC0415
    from tests.bench.site import bodies, reader  # noqa: PLC0415

    for number in range(ADDRESSES):
        User.objects.create_user(f"lost{number}", email=address(number), password=CSRF)
    _, cookie = reader()
    paths = [LOOKUP.format(quote(text)) for text in questions(bodies(FoundKind.RUNBOOK))]
    connections.close_all()
    return paths, cookie


def address(number: int) -> str:
    return f"lost{number % ADDRESSES}@example.com"


@dataclass
class Trial:
    house: "Household"
    paths: list[str]
    cookie: str
    lookups: int
    rate: float

    def run(self) -> int:
        from tests.bench.household import CONTROL, FAULTS  # noqa: PLC0415

        self.right = self.first_answers()
        missed = 0
        for fault in FAULTS:
            found = self.lines(fault)
            print("\n".join(map(str, found)), flush=True)
            missed += sum(not line.is_met for line in found)
        _, during, _ = self.suffered(CONTROL, max(20, self.lookups // CONTROLS))
        harmed = sum(during.statuses.values()) - len(during.took)
        line = reached(f"{CONTROL.name}: harmed", harmed, 1, "lookups")
        print(line, flush=True)
        return int(bool(missed) or not line.is_met)

    def first_answers(self) -> dict[str, list[bytes]]:
        """Which runbooks each question leads to, while nothing is wrong."""
        from tests.bench.server import Reader  # noqa: PLC0415

        reader = Reader(self.house.port, self.cookie)
        found = {path: reader.answer(path) for path in self.paths * 2}
        wrong = [path for path, (status, text) in found.items() if status != 200 or not named(text)]
        if wrong:
            raise SystemExit(f"Without any fault {wrong[0]} names no runbook.")
        return {path: named(text) for path, (_, text) in found.items()}

    def is_right(self, path: str, answer: bytes) -> bool:
        return named(answer) == self.right[path]

    def suffered(self, fault: "Fault", lookups: int) -> tuple["Stretch", "Stretch", Counter[str]]:
        """What became of the lookups before and during it, and of what was sent during it."""
        with ExitStack() as stack:
            beside = stack.enter_context(sent_beside(self.house))

            async def both() -> tuple["Stretch", "Stretch"]:
                before = await self.asked(max(20, lookups // 10))
                made = fault.made(self.house)
                if fault.begins_anew:
                    stack.enter_context(made)
                    beside.clear()
                    return before, await self.asked(lookups)
                beside.clear()
                going = asyncio.create_task(self.asked(lookups))
                await asyncio.to_thread(stack.enter_context, made)
                return before, await going

            before, during = asyncio.run(both())
            return before, during, Counter(beside)

    async def asked(self, count: int) -> "Stretch":
        from tests.bench.pressure import Asking  # noqa: PLC0415

        asking: Asking = Asking(self.house.port, self.cookie, self.is_right)
        return await asking.asked(self.paths, rate=self.rate, seconds=(count + 0.5) / self.rate)

    def lines(self, fault: "Fault") -> list[Line]:
        mails = self.house.mail.brought
        stretches = self.suffered(fault, self.lookups)
        before, during = (one.told(self.lookups / self.rate) for one in stretches[:2])
        right, asked = len(stretches[1].took), during["asked"]
        others = {name: count for name, count in during["statuses"].items() if name != "200"}
        never = float("inf")
        return [
            Line(
                f"{fault.name}: answered rightly",
                f"{100 * right / asked:.2f} %",
                f"at least {ANSWERED} %",
                100 * right / asked >= ANSWERED,
            ),
            Line(f"… of {asked:,}, not", f"{others or 'none'}"),
            Line("… p50 / p99 before", in_words(before)),
            Line("… p50 / p99 with it", in_words(during)),
            held(
                "… more, p99",
                max(0.0, (during["p99"] or never) - (before["p99"] or 0.0)),
                MORE_P99_MS,
                "ms",
            ),
            held("… the longest", during["longest"] or never, LONGEST_MS, "ms"),
            Line("… before it, the longest", f"{before['longest'] or never:.1f} ms"),
            Line("… sent beside them", in_counts(stretches[2])),
            Line("… mails that arrived", f"{self.house.mail.brought - mails}"),
        ]


def in_words(told: dict[str, Any]) -> str:
    return f"{told['p50']:.0f} / {told['p99']:.0f} ms" if told["p50"] is not None else "–"


def in_counts(counts: Counter[str]) -> str:
    return ", ".join(f"{count} {name}" for name, count in sorted(counts.items())) or "nothing"


def named(answer: bytes) -> list[bytes]:
    return list(dict.fromkeys(RUNBOOK.findall(answer)))


@contextmanager
def sent_beside(house: "Household") -> Iterator[Counter[str]]:
    """An alert each second, and each four seconds somebody who lost their password."""
    from tests.faults.own_site import OwnSite  # noqa: PLC0415

    over, counts = Event(), Counter[str]()

    def send() -> None:
        number = 0
        while not over.wait(1):
            number += 1
            site: OwnSite = OwnSite(house.port, 0, house.folder)
            counts[f"alert {site.tell_of_an_alert(f'Alert{number}').status}"] += 1
            if number % 4 == 0:
                counts[f"mail owed {owe_a_mail(site, number // 4)}"] += 1

    sender = Thread(target=send, daemon=True)
    sender.start()
    try:
        yield counts
    finally:
        over.set()
        sender.join(60)


def owe_a_mail(site: "OwnSite", number: int) -> int:
    headers = {**FORM, "Cookie": f"csrftoken={CSRF}"}
    fields = urlencode({"email": address(number)})
    return site.ask("POST", "/accounts/password/reset/", fields, headers).status


if __name__ == "__main__":
    if sys.argv[1:2] == ["--on"]:
        sys.exit(on(sys.argv[2], int(sys.argv[3]), float(sys.argv[4]), *map(int, sys.argv[5:7])))
    try:
        sys.exit(main(sys.argv[1:]))
    except KeyboardInterrupt:
        sys.exit(130)
