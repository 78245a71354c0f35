"""The site as `make run` serves it, on whichever database, and what it answers."""

import http.client
import os
import subprocess
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from json import dumps
from pathlib import Path
from urllib.parse import urlencode

from django.conf import settings
from django.test import Client

from incidents.management.commands.run_site import web_server
from incidents.models import User
from tests.bench.server import HOST, ROOT, free_port, wait_until_it_answers
from tests.processes import ended

HANGS = 40
"""Seconds after which nobody waits for an answer any more."""
TOKEN = "of-a-test"
PASSWORD = "correct horse battery"
SIGN_IN = "/accounts/login/"
LOST_PASSWORD = "/accounts/password/reset/"
BARE = "tests.faults.unprotected"
"""The settings of a control: as if the site knew nothing of databases that fail."""


@dataclass(frozen=True)
class Answer:
    status: int
    headers: dict[str, str]
    body: str

    @property
    def is_refusal_in_words(self) -> bool:
        """503, with the time after which to come again, and a page that says what is wrong."""
        told = "Try again" in self.body or '"detail"' in self.body
        return self.status == 503 and int(self.headers.get("retry-after", 0)) > 0 and told


CUT = Answer(0, {}, "")
"""Without an answer: the connection ended, or nobody waited any longer."""


@dataclass
class OwnSite:
    """`cookie` is of somebody who has signed in."""

    port: int
    pid: int
    log: Path
    cookie: str = ""
    kept: list[str] = field(default_factory=list)
    """What was acknowledged."""

    def get(self, path: str, *, timeout: float = HANGS, **headers: str) -> Answer:
        return self.ask("GET", path, headers=headers, timeout=timeout)

    def ask(
        self,
        method: str,
        path: str,
        body: str = "",
        headers: dict[str, str] | None = None,
        *,
        timeout: float = HANGS,
    ) -> Answer:
        connection = http.client.HTTPConnection(HOST, self.port, timeout=timeout)
        told = {"Cookie": self.cookie, "Accept": "text/html"} | (headers or {})
        try:
            connection.request(method, path, body, told)
            answer = connection.getresponse()
            text = answer.read().decode("utf-8", "replace")
            names = {name.lower(): value for name, value in answer.getheaders()}
            return Answer(answer.status, names, text)
        except (ConnectionError, TimeoutError, http.client.HTTPException):
            return CUT
        finally:
            connection.close()

    def sign_in(self, user: User) -> Answer:
        return self.send(SIGN_IN, login=user.username, password=PASSWORD)

    def ask_for_a_password(self, user: User) -> Answer:
        return self.send(LOST_PASSWORD, email=user.email)

    def send(self, path: str, **fields: str) -> Answer:
        """A form of somebody who has not signed in."""
        token = "a" * 32
        filled = urlencode({**fields, "csrfmiddlewaretoken": token})
        form = {"Content-Type": "application/x-www-form-urlencoded"}
        return self.ask("POST", path, filled, {**form, "Cookie": f"csrftoken={token}"})

    def tell_of_an_alert(self, name: str) -> Answer:
        """As Alertmanager does; it is noted where the site says that it has it."""
        alert = {"status": "firing", "labels": {"alertname": name}, "annotations": {}}
        alert |= {"startsAt": "2026-09-14T08:30:00Z", "fingerprint": name}
        payload = dumps({"version": "4", "alerts": [alert]})
        known = {"Authorization": f"Bearer {TOKEN}", "Content-Type": "application/json"}
        answer = self.ask("POST", "/hooks/alertmanager/", payload, known)
        if answer.status == 200:
            self.kept.append(name)
        return answer


@contextmanager
def served(
    url: str, var: Path, *, cookie: str = "", within: Sequence[str] = (), **told: str
) -> Iterator[OwnSite]:
    """The site on that database. `told` is its environment, `within` a command that runs it."""
    port, log = free_port(), var / "site.log"
    (var / "static").mkdir(parents=True, exist_ok=True)
    known = {name: value for name, value in os.environ.items() if name != "TEST_DATABASE_URL"}
    environment = known | {
        "DJANGO_SETTINGS_MODULE": "tests.faults.served",
        "DATABASE_URL": url,
        "VAR_DIR": str(var),
        "SECRET_KEY": settings.SECRET_KEY,
        "ALERTMANAGER_TOKEN": TOKEN,
        "BROKER_URL": "",
        **told,
    }
    with log.open("ab") as output:
        process = subprocess.Popen(
            [*within, *web_server(port)], cwd=ROOT, env=environment, stdout=output, stderr=output
        )
    with ended(process):
        wait_until_it_answers(process, port)
        yield OwnSite(port, process.pid, log, cookie)


def signed_in(user: User) -> str:
    """Their cookie, of a session in the test's own database."""
    client = Client()
    client.force_login(user)
    cookie = client.cookies[settings.SESSION_COOKIE_NAME]
    return f"{cookie.key}={cookie.value}"
