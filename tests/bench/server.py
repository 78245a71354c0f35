"""The site as in production: granian, two processes, over loopback."""

import http.client
import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from tests.processes import ended

ROOT = Path(__file__).resolve().parents[2]
HOST = "127.0.0.1"
# As docs/install.md says.
OPTIONS = ["--interface", "wsgi", "--respawn-failed-workers", "--workers", "2"]
OPTIONS += ["--blocking-threads", "16", "--log-level", "error"]


class ServerDidNotStart(Exception):
    """granian ended, or nobody answers."""


class SiteGone(Exception):
    """The site ended, or cut the connection, while it was being asked."""


class WrongAnswer(Exception):
    """A page that was to be timed is not the page that was meant."""


@contextmanager
def running_site(root: Path = ROOT) -> Iterator[int]:
    """Runs the program that stands there with this process's environment; gives its port."""
    port = free_port()
    command = [sys.executable, "-m", "granian", *OPTIONS, "--host", HOST, "--port", str(port)]
    process = subprocess.Popen(
        [*command, "postmortems.wsgi:application"], cwd=root, env=os.environ | {"DEBUG": "0"}
    )
    with ended(process):
        wait_until_it_answers(process, port)
        yield port


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind((HOST, 0))
        return int(probe.getsockname()[1])


def wait_until_it_answers(process: subprocess.Popen[bytes], port: int) -> None:
    deadline = time.monotonic() + 240
    while process.poll() is None and time.monotonic() < deadline:
        with suppress(OSError):
            socket.create_connection((HOST, port), timeout=1).close()
            return
        time.sleep(0.1)
    raise ServerDidNotStart("The site did not start; its messages stand above.")


TOKEN = "a" * 32
FORM = {"Content-Type": "application/x-www-form-urlencoded", "X-CSRFToken": TOKEN}


class Reader:
    """Somebody who is signed in, with one connection that stays open, as a browser has."""

    def __init__(self, port: int, cookie: str) -> None:
        self.connection = http.client.HTTPConnection(HOST, port, timeout=120)
        self.headers = {
            "Cookie": f"{cookie}; csrftoken={TOKEN}",
            "Accept": "text/html",
            "HX-Request": "true",
        }

    def is_there(self, path: str) -> bool:
        return self.answer(path)[0] == 200

    def seconds(self, path: str, sent: str | None = None) -> float:
        """How long the whole answer takes. Raises `WrongAnswer` for anything but a page."""
        begun = time.perf_counter()
        status, _ = self.answer(path, sent)
        took = time.perf_counter() - begun
        if status != 200:
            raise WrongAnswer(f"{path} answered {status}.")
        return took

    def answer(self, path: str, sent: str | None = None) -> tuple[int, bytes]:
        """With `sent`, a form's fields, as a page sends them."""
        headers = self.headers if sent is None else self.headers | FORM
        try:
            self.connection.request("GET" if sent is None else "POST", path, sent, headers)
            response = self.connection.getresponse()
            return response.status, response.read()
        except (OSError, http.client.HTTPException) as error:
            raise SiteGone(f"{path}: the site does not answer any more ({error}).") from error
