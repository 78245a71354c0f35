"""What pagers tell, all at once: is every message kept once, and who waits for it?

    python -m tests.bench.hooks [MESSAGES] [INCIDENTS] [RUNBOOKS]

On each database, over HTTP against the site as in production. Half are PagerDuty's and half another
program's, in any order; three of ten have come before; eight senders, who send again what was not
taken. Beside them a reader looks up runbooks, as before, when nobody sends.
"""

import hashlib
import hmac
import http.client
import json
import os
import random
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from threading import Event
from typing import NamedTuple
from urllib.parse import quote

import django

from tests.bench.figures import figures_of, milliseconds
from tests.bench.questions import questions
from tests.bench.server import HOST, ROOT, Reader, running_site
from tests.postgres import PostgresDidNotStart, PostgresNotFound, find_binaries, private_server

SENDERS = 8
SENT_AGAIN = 0.3
OF_AN_INCIDENT = 7
QUESTIONS_ALONE = 300
SECRET = "s" * 40
SEED = 7
MOST_TRIES = 20


class Sent(NamedTuple):
    key: str
    path: str
    headers: dict[str, str]
    body: bytes


def main(arguments: list[str]) -> int:
    sizes = [*arguments, *["10000", "2000", "400"][len(arguments) :]]
    failed = told("SQLite", sizes)
    try:
        with private_server(find_binaries()) as server:
            failed |= told("PostgreSQL", sizes, DATABASE_URL=server.url("postgres"))
    except (PostgresNotFound, PostgresDidNotStart) as error:
        print(f"\nPostgreSQL was not asked: {error}")
    return failed


def told(name: str, sizes: Sequence[str], **more: str) -> int:
    print(f"\n{name}", flush=True)
    with tempfile.TemporaryDirectory(prefix="postmortems-hooks-") as folder:
        surroundings = {
            "DATABASE_URL": f"sqlite:///{folder}/site.sqlite3",
            "VAR_DIR": folder,
            "PAGERDUTY_HOOK_SECRETS": SECRET,
            "INCIDENT_HOOK_TOKENS": SECRET,
            **more,
        }
        command = [sys.executable, "-m", "tests.bench.hooks", "--here", *sizes]
        environment = {**os.environ, **surroundings}
        return subprocess.run(command, cwd=ROOT, env=environment, check=False).returncode


def here(messages: int, incidents: int, runbooks: int) -> int:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "postmortems.settings")
    django.setup()
    from incidents.models import FoundKind  # noqa: PLC0415
    from tests.bench.site import bodies, prepare, reader  # noqa: PLC0415

    prepare(incidents, runbooks)
    _, cookie = reader()
    asked = questions(bodies(FoundKind.RUNBOOK))
    distinct, sent = made_up(messages)
    with running_site() as port:
        asking, over = Reader(port, cookie), Event()
        ask(asking, asked, most=20)
        alone = ask(asking, asked, most=QUESTIONS_ALONE)
        with ThreadPoolExecutor(SENDERS + 1) as pool:
            beside = pool.submit(ask, asking, asked, over=over)
            begun = time.perf_counter()
            shares = [sent[place::SENDERS] for place in range(SENDERS)]
            answered = list(pool.map(lambda share: send(port, share), shares))
            took = time.perf_counter() - begun
            over.set()
            waited = beside.result()
    statuses = sum((statuses for statuses, _ in answered), Counter[int]())
    times = figures_of([one for _, seconds in answered for one in seconds])
    before, now = figures_of(alone), figures_of(waited)
    print(f"  {len(sent):,} messages, {len(distinct):,} of them new, in {took:.1f} s")
    print(f"  answered {dict(sorted(statuses.items()))}")
    print(f"  a message                {milliseconds(times)}")
    print(f"  a lookup, nobody sending {milliseconds(before)}")
    print(f"  a lookup beside them     {milliseconds(now)}  ({now.count:,})")
    print(f"  so many times as long    {now.p50 / before.p50:8.1f} / {now.p95 / before.p95:8.1f}")
    return whether_kept(distinct)


def whether_kept(distinct: Sequence[Sent]) -> int:
    """Each message is one event of one record, whose title and state are what was told last."""
    from incidents.models import HookedIncident, Incident, TimelineEvent  # noqa: PLC0415

    keys = {one.key for one in distinct}
    records = Incident.objects.filter(external_key__in=keys)
    events = TimelineEvent.objects.filter(incident__in=records)
    texts = Counter(events.values_list("incident_id", "text"))
    unresolved = records.filter(resolved_at=None).count()
    lost = len(distinct) - len(texts)
    twice = sum(count - 1 for count in texts.values())
    print(f"  kept: {len(texts):,} of {len(distinct):,}; lost {lost}, twice {twice}")
    print(f"  records {records.count():,} of {len(keys):,}; not resolved {unresolved}")
    are_once = HookedIncident.objects.filter(key__in=keys).count() == len(keys)
    is_whole = not lost and not twice and not unresolved and records.count() == len(keys)
    return 0 if is_whole and are_once else 1


def made_up(messages: int, mark: str = "") -> tuple[list[Sent], list[Sent]]:
    """Those that are new, and all, in the order in which they are sent. With another mark they are
    of other incidents."""
    chance = random.Random(SEED)
    new = round(messages * (1 - SENT_AGAIN) / OF_AN_INCIDENT)
    distinct = [
        one for number in range(new) for one in (pagerduty if number % 2 else program)(number, mark)
    ]
    sent = [*distinct, *chance.choices(distinct, k=messages - len(distinct))]
    chance.shuffle(sent)
    return distinct, sent


def moment(number: int, step: int) -> str:
    at = datetime(2026, 1, 1, tzinfo=UTC) + timedelta(minutes=10 * number + step)
    return at.isoformat()


def program(number: int, mark: str) -> list[Sent]:
    found, last = [], OF_AN_INCIDENT - 1
    for step in range(OF_AN_INCIDENT):
        status = "open" if step == 0 else "resolved" if step == last else "note"
        told = {
            "key": f"disk-{number}{mark}",
            "id": f"p-{number}{mark}-{step}",
            "status": status,
            "at": moment(number, step),
            "title": f"The disk of db{number} is full",
            "severity": "sev2",
            "text": f"Program {number}, message {step}",
        }
        headers = {"Authorization": f"Bearer {SECRET}"}
        found.append(
            Sent(
                f"hook:disk-{number}{mark}", "/hooks/incidents/", headers, json.dumps(told).encode()
            )
        )
    return found


def pagerduty(number: int, mark: str) -> list[Sent]:
    incident = {
        "id": f"PD{number}{mark}",
        "type": "incident",
        "title": f"The queue of shop{number} is full",
        "number": number,
        "html_url": f"https://acme.pagerduty.example/incidents/PD{number}{mark}",
        "created_at": moment(number, 0),
        "service": {"summary": "Payments"},
    }
    found, last = [], OF_AN_INCIDENT - 1
    for step in range(OF_AN_INCIDENT):
        kind, data = "incident.annotated", {"incident": incident, "content": f"Message {step}"}
        if step in {0, last}:
            kind, data = f"incident.{'resolved' if step else 'triggered'}", incident
        name, at = f"e-{number}{mark}-{step}", moment(number, step)
        event = {"id": name, "event_type": kind, "occurred_at": at, "data": data}
        body = json.dumps({"event": event}).encode()
        signature = hmac.new(SECRET.encode(), body, hashlib.sha256).hexdigest()
        headers = {"X-PagerDuty-Signature": f"v1={signature}"}
        found.append(Sent(f"pagerduty:PD{number}{mark}", "/hooks/pagerduty/", headers, body))
    return found


def send(port: int, messages: Sequence[Sent]) -> tuple[Counter[int], list[float]]:
    """What was answered, and how long each message took until it was taken."""
    connection = http.client.HTTPConnection(HOST, port, timeout=120)
    statuses, seconds = Counter[int](), []
    for message in messages:
        begun = time.perf_counter()
        headers = {"Content-Type": "application/json", **message.headers}
        for _ in range(MOST_TRIES):
            connection.request("POST", message.path, message.body, headers)
            response = connection.getresponse()
            response.read()
            statuses[response.status] += 1
            if response.status == http.client.OK:
                break
        seconds.append(time.perf_counter() - begun)
    return statuses, seconds


def ask(
    reader: Reader, questions: Sequence[str], *, most: int = 0, over: Event | None = None
) -> list[float]:
    """The runbook part, again and again: so many times, or until it is over."""
    found: list[float] = []
    while len(found) < most or (over is not None and not over.is_set()):
        question = questions[len(found) % len(questions)]
        found.append(reader.seconds(f"/lookup/answers/?q={quote(question)}"))
    return found


if __name__ == "__main__":
    if sys.argv[1:2] == ["--here"]:
        sys.exit(here(*map(int, sys.argv[2:])))
    sys.exit(main(sys.argv[1:]))
