"""What `make kills` runs: is a message lost, or kept twice, when the site is killed under them?

    python -m tests.bench.kills [MESSAGES] [KILLS] [RESTARTS]

On each database, over HTTP against the site as in production: the messages of `tests.bench.hooks`,
three of ten twice, and as many of Alertmanager's. Eight senders note what was acknowledged, and
send again what was not. Meanwhile the web server is killed KILLS times, in turn one of its
processes and all of it, and PostgreSQL is restarted RESTARTS times as if the power went. The
control acknowledges before it keeps: it has to lose something, or the rest proves nothing.
"""

import http.client
import json
import os
import random
import signal
import socket
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from threading import Event
from typing import TYPE_CHECKING

import django
from django.db import connections

from tests.bench.each_database import POSTGRES, on_each
from tests.bench.figures import Line, machine, reached
from tests.bench.hooks import SECRET, SENDERS, SENT_AGAIN, Sent, made_up, moment
from tests.bench.server import HOST, OPTIONS, free_port
from tests.postgres import PostgresDidNotStart, PostgresNotFound, find_binaries, private_server
from tests.postgres import Programs as Postgres

if TYPE_CHECKING:
    from tests.faults.killing.programs import Programs

USUAL = ("10000", "10", "5")
OF_THE_CONTROL = 5
"""It is sent one of so many messages."""
PAUSE = 1.0
"""Seconds until a message that was not taken is sent again."""
SETTLES = 10.0
"""Seconds without one more that is kept, after which no more will be."""
PATIENCE = 600
"""Seconds in which one message is taken, if it is taken at all."""
SEED = 11
SITE, HASTY = "postmortems.wsgi:application", "tests.bench.hasty:application"


@dataclass
class Log:
    """The senders' own: who was acknowledged, and what else came of a message that was sent."""

    acknowledged: list[Sent] = field(default_factory=list)
    others: Counter[str] = field(default_factory=Counter)


def main(arguments: list[str]) -> int:
    sizes = [*arguments, *USUAL[len(arguments) :]]
    print(machine())
    return on_each("tests.bench.kills", sizes)


def on(name: str, messages: int, kills: int, restarts: int) -> int:
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="kills-")))
        url, postgres = f"sqlite:///{folder}/site.sqlite3", None
        if name == POSTGRES:
            try:
                # What was committed is there after a crash, as on any server that is not a test's.
                server = private_server(find_binaries(), synchronous_commit="on")
                started = stack.enter_context(server)
            except (PostgresNotFound, PostgresDidNotStart) as error:
                print(f"\n{name}: not tried, {error}")
                return 1
            url, postgres = started.url("postgres"), started.programs
        told = {"VAR_DIR": str(folder), "SECRET_KEY": SECRET, "ALERTMANAGER_TOKEN": SECRET}
        told |= {"PAGERDUTY_HOOK_SECRETS": SECRET, "INCIDENT_HOOK_TOKENS": SECRET}
        os.environ |= {**told, "DATABASE_URL": url, "DEBUG": "0"}
        os.environ.setdefault("DJANGO_SETTINGS_MODULE", "postmortems.settings")
        django.setup()
        from django.core.management import call_command  # noqa: PLC0415 (only now)

        call_command("migrate", verbosity=0, interactive=False)
        call_command("collectstatic", verbosity=0, interactive=False)
        print(f"\n{name}, {messages:,} messages", flush=True)
        return tried(folder, told, postgres, (messages, kills, restarts))


def tried(
    folder: Path, told: dict[str, str], postgres: Postgres | None, sizes: tuple[int, int, int]
) -> int:
    messages, kills, restarts = sizes
    distinct, sent = told_by_all(messages, "")
    begun = time.monotonic()
    log, done = sent_under_kills(folder, told, SITE, sent, Kills(kills, restarts, postgres))
    took = time.monotonic() - begun
    found = [
        Line("sent, of them new", f"{len(sent):,}, {len(distinct):,}"),
        Line("in seconds", f"{took:.0f}"),
        Line("kill -9 of the web server", f"{done['kill']}"),
        Line("restarts of the database", f"{done['restart']}"),
        Line("acknowledged", f"{len(log.acknowledged):,}"),
        Line("not acknowledged, and sent again", in_counts(log.others)),
        *counted(distinct, log),
    ]
    print("\n".join(map(str, found)), flush=True)
    fewer = told_by_all(messages // OF_THE_CONTROL, "-control")
    log, done = sent_under_kills(folder, told, HASTY, fewer[1], Kills(kills // 2, 0, None))
    name = f"control, {len(fewer[1]):,} sent, {done['kill']} kills: lost"
    control = reached(name, lost_of(fewer[0], log), 1, f"of {len(fewer[0]):,}")
    print(control, flush=True)
    return int(not all(line.is_met for line in [*found, control]))


def told_by_all(messages: int, mark: str) -> tuple[list[Sent], list[Sent]]:
    """Two thirds are of pagers, the others are Alertmanager's."""
    chance = random.Random(SEED)
    distinct, _ = made_up(2 * messages // 3, mark)
    new = round(messages * (1 - SENT_AGAIN)) - len(distinct)
    distinct = [*distinct, *(alertmanager(f"alert{number}{mark}") for number in range(new))]
    sent = [*distinct, *chance.choices(distinct, k=messages - len(distinct))]
    chance.shuffle(sent)
    return distinct, sent


def alertmanager(name: str) -> Sent:
    alert = {"status": "firing", "labels": {"alertname": name}, "annotations": {}}
    alert |= {"startsAt": moment(0, 0), "fingerprint": name.replace("-", "")}
    body = json.dumps({"version": "4", "alerts": [alert]}).encode()
    headers = {"Authorization": f"Bearer {SECRET}"}
    return Sent(f"alert:{name}", "/hooks/alertmanager/", headers, body)


@dataclass
class Kills:
    kills: int
    restarts: int
    postgres: Postgres | None

    def planned(self) -> list[str]:
        """In turn, so that they are spread over the whole."""
        restarts = self.restarts if self.postgres else 0
        places = [((n + 1) / (self.kills + 1), "kill") for n in range(self.kills)]
        places += [((n + 1) / (restarts + 1) - 0.01, "restart") for n in range(restarts)]
        return [what for _, what in sorted(places)]

    def do(self, what: str, web: "Programs", chance: random.Random, number: int) -> bool:
        if what == "kill":
            return web.kill(("child", "group")[number % 2], chance)
        if self.postgres:
            self.postgres.stop(signal.SIGQUIT)
            self.postgres.start()
        return True


def sent_under_kills(
    folder: Path, told: dict[str, str], application: str, sent: Sequence[Sent], kills: Kills
) -> tuple[Log, Counter[str]]:
    """All of it until it was acknowledged, and kept if it ever is; and what was done to the site
    meanwhile."""
    log, done, chance = Log(), Counter[str](), random.Random(SEED)
    planned = kills.planned()
    with web_server(folder, told, application) as (port, web):
        over = Event()
        with ThreadPoolExecutor(SENDERS) as senders:
            shares = [sent[place::SENDERS] for place in range(SENDERS)]
            sending = [senders.submit(send, port, share, log, over) for share in shares]
            try:
                for number, what in enumerate(planned):
                    least = (number + 1) * len(sent) / (len(planned) + 1)
                    while len(log.acknowledged) < least and not any(
                        one.done() and one.exception() for one in sending
                    ):
                        time.sleep(0.02)
                    done[what] += kills.do(what, web, chance, number)
                for one in sending:
                    one.result()
            finally:
                over.set()
        # Ours to the database died with it.
        connections.close_all()
        wait_while_it_is_kept(sent, log)
    return log, done


def wait_while_it_is_kept(sent: Sequence[Sent], log: Log) -> None:
    """Who acknowledges first has as much time as it takes, as long as it gets on."""
    left = lost_of(sent, log)
    while left:
        time.sleep(SETTLES)
        before, left = left, lost_of(sent, log)
        if left == before:
            return


@contextmanager
def web_server(
    folder: Path, told: dict[str, str], application: str
) -> Iterator[tuple[int, "Programs"]]:
    """As a service manager runs it: started anew when it ends."""
    from tests.faults.killing.programs import running  # noqa: PLC0415

    port = free_port()
    command = [sys.executable, "-m", "granian", *OPTIONS, "--host", HOST, "--port", str(port)]
    settings = {"DJANGO_SETTINGS_MODULE": "postmortems.settings", **told}
    with running([[*command, application]], folder, **settings) as web:
        wait_until(lambda: is_listening(port))
        yield port, web


def is_listening(port: int) -> bool:
    with suppress(OSError):
        socket.create_connection((HOST, port), timeout=1).close()
        return True
    return False


def wait_until(happened: Callable[[], bool]) -> None:
    deadline = time.monotonic() + PATIENCE
    while not happened():
        if time.monotonic() > deadline:
            raise SystemExit("The web server does not listen.")
        time.sleep(0.1)


def send(port: int, messages: Sequence[Sent], log: Log, over: Event) -> None:
    """Each until it is acknowledged, as Alertmanager and PagerDuty do."""
    for message in messages:
        deadline = time.monotonic() + PATIENCE
        while (answer := answer_to(port, message)) != "200":
            log.others[answer] += 1
            if over.wait(PAUSE) or time.monotonic() > deadline:
                return
        log.acknowledged.append(message)


def answer_to(port: int, message: Sent) -> str:
    """A status; or in a word what came instead of one."""
    connection = http.client.HTTPConnection(HOST, port, timeout=60)
    headers = {"Content-Type": "application/json", **message.headers}
    try:
        connection.request("POST", message.path, message.body, headers)
        response = connection.getresponse()
        response.read()
        return str(response.status)
    except (OSError, http.client.HTTPException) as error:
        return type(error).__name__
    finally:
        connection.close()


def counted(distinct: Sequence[Sent], log: Log) -> list[Line]:
    from django.db.models import Count  # noqa: PLC0415

    from incidents.models import HookedIncident, Incident, TimelineEvent  # noqa: PLC0415

    keys = {one.key for one in distinct}
    records = Incident.objects.filter(external_key__in=keys)
    events = TimelineEvent.objects.filter(incident__in=records)
    twice = sum(
        row["count"] - 1 for row in events.values("incident_id", "text").annotate(count=Count("pk"))
    )
    hooked = HookedIncident.objects.filter(key__in=keys).count()
    hooked_keys = sum(not key.startswith("alert:") for key in keys)
    return [
        none("acknowledged, and not kept", lost_of(distinct, log)),
        none("messages kept twice", twice),
        none("incidents too many", records.count() + hooked - 2 * hooked_keys),
    ]


def lost_of(distinct: Sequence[Sent], log: Log) -> int:
    """Of those that were acknowledged: what is no event of its record, and no alert."""
    from incidents.models import Alert, TimelineEvent  # noqa: PLC0415

    keys = {one.key for one in distinct}
    events = TimelineEvent.objects.filter(incident__external_key__in=keys)
    kept = Counter(key for key, _ in set(events.values_list("incident__external_key", "text")))
    alerts = set(Alert.objects.values_list("fingerprint", flat=True).iterator())
    lost = 0
    acknowledged = {(one.key, one.body) for one in log.acknowledged}
    for key, told in Counter(key for key, _ in acknowledged).items():
        if key.startswith("alert:"):
            lost += key.removeprefix("alert:").replace("-", "") not in alerts
        else:
            lost += max(0, told - kept[key])
    return lost


def none(what: str, count: int) -> Line:
    return Line(what, f"{count:,}", "none", count == 0)


def in_counts(counts: Counter[str]) -> str:
    return ", ".join(f"{count} × {name}" for name, count in sorted(counts.items())) or "none"


if __name__ == "__main__":
    if sys.argv[1:2] == ["--on"]:
        sys.exit(on(sys.argv[2], *map(int, sys.argv[3:6])))
    try:
        sys.exit(main(sys.argv[1:]))
    except KeyboardInterrupt:
        sys.exit(130)
