"""The proxy by its files: what it tells the site, and whom it holds up instead of the site."""

import http.client
import socket
import ssl
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, closing, contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from tests.deploy.nginx import Ports, find_nginx, private_nginx
from tests.deploy.units import ONE, SEVERAL
from tests.deploy.visitor import NAME, trusting
from tests.redis import HOST, free_port

Requests = list[tuple[str, str, Mapping[str, str]]]
Start = Callable[..., Ports]


class Behind(ThreadingHTTPServer):
    """Stands where the web server does, and keeps what it was asked."""

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__((HOST, 0), Keeps)
        self.asked: Requests = []
        self.status = 200

    @property
    def port(self) -> int:
        return int(self.server_address[1])


class Keeps(BaseHTTPRequestHandler):
    server: Behind

    def do_GET(self) -> None:
        length = int(self.headers.get("Content-Length") or 0)
        self.rfile.read(length)
        self.server.asked.append((self.command, self.path, dict(self.headers)))
        self.send_response(self.server.status)
        self.send_header("Content-Length", "2")
        self.end_headers()
        self.wfile.write(b"ok")

    do_POST = do_GET  # noqa: N815 (the name is theirs)

    def log_message(self, *_: object) -> None:
        pass


@contextmanager
def standing_behind() -> Iterator[Behind]:
    server = Behind()
    thread = threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True)
    thread.start()
    try:
        yield server
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


@pytest.fixture
def behind() -> Iterator[Behind]:
    with standing_behind() as server:
        yield server


@pytest.fixture
def start(tmp_path: Path) -> Iterator[Start]:
    program = find_nginx()
    if program is None:
        pytest.skip("no nginx on this machine (NGINX_BIN, PATH).")
    with ExitStack() as started:
        yield lambda kind, *behind: started.enter_context(
            private_nginx(program, kind, tmp_path, behind=list(behind))
        )


def ask(port: int, method: str, path: str, body: bytes = b"", **headers: str) -> int:
    connection = http.client.HTTPSConnection(HOST, port, timeout=30, context=trusting())
    try:
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        connection.request(method, path, body or None, {"Host": NAME, **named})
        answer = connection.getresponse()
        answer.read()
        return answer.status
    finally:
        connection.close()


def test_it_works(start: Start, behind: Behind) -> None:
    assert ask(start(ONE, behind.port).tls, "GET", "/lookup/?q=a%20b") == 200
    ((method, path, headers),) = behind.asked

    assert (method, path) == ("GET", "/lookup/?q=a%20b")
    assert (headers["Host"], headers["X-Forwarded-Proto"]) == (NAME, "https")
    assert headers["X-Forwarded-For"] == HOST
    assert len(headers["X-Request-ID"]) == 32


def test_what_a_client_says_of_itself_is_not_passed_on(start: Start, behind: Behind) -> None:
    said = {"X_Forwarded_For": "192.0.2.1", "X_Forwarded_Proto": "http", "X_Request_ID": "mine"}
    assert ask(start(ONE, behind.port).tls, "GET", "/", **said) == 200

    ((_, _, headers),) = behind.asked
    passed_on = {name.replace("_", "-"): value for name, value in said.items()}.items()
    assert not passed_on & dict(headers).items()


def test_plain_http_is_sent_on(start: Start, behind: Behind) -> None:
    connection = http.client.HTTPConnection(HOST, start(ONE, behind.port).plain, timeout=30)
    connection.request("GET", "/incidents/?page=2", headers={"Host": NAME})
    answer = connection.getresponse()

    assert (answer.status, answer.headers["Location"]) == (301, f"https://{NAME}/incidents/?page=2")
    assert behind.asked == []
    connection.close()


@pytest.mark.parametrize("kind", [ONE, SEVERAL])
def test_the_log_names_no_question_and_no_secret(
    start: Start, behind: Behind, tmp_path: Path, kind: Path
) -> None:
    ports = start(kind, behind.port) if kind == ONE else start(kind, behind.port, behind.port)
    secrets = ["/feeds/zqvx.atom", "/accounts/password/reset/key/1-zqvx/", "/lookup/?q=zqvx"]
    asked = [*secrets, "/incidents/INC-1/"]
    for path in asked:
        ask(ports.tls, "GET", path)
    with closing(http.client.HTTPConnection(HOST, ports.plain, timeout=30)) as plain:
        plain.request("GET", "/feeds/zqvx.ics", headers={"Host": NAME})
        plain.getresponse().read()

    lines = written(tmp_path / "postmortems.log", count=len(asked) + 1)
    assert [line for line in lines if "GET /incidents/INC-1/" in line] != []
    assert [line for line in lines if "zqvx" in line] == []


def written(log: Path, *, count: int) -> list[str]:
    """A line may follow a moment after its answer."""
    deadline = time.monotonic() + 30
    while len(lines := log.read_text().splitlines()) < count and time.monotonic() < deadline:
        time.sleep(0.05)
    assert len(lines) == count
    return lines


def test_measures_are_not_for_the_internet(start: Start, behind: Behind) -> None:
    assert ask(start(ONE, behind.port).tls, "GET", "/metrics/") == 404
    assert behind.asked == []


def test_what_is_too_large_stops_at_the_door(start: Start, behind: Behind) -> None:
    ports = start(ONE, behind.port)

    assert ask(ports.tls, "POST", "/imports/", Content_Length=str(211 * 1024 * 1024)) == 413
    assert ask(ports.tls, "POST", "/imports/", b"x" * 1_000_000) == 200
    assert [method for method, _, _ in behind.asked] == ["POST"]


def test_who_sends_slowly_holds_no_thread_of_the_site(start: Start, behind: Behind) -> None:
    ports = start(ONE, behind.port)
    slow = [slow_sender(ports.tls) for _ in range(20)]

    assert ask(ports.tls, "GET", "/lookup/") == 200
    # Nothing of what is not whole has come here; the last byte brings one.
    assert [path for _, path, _ in behind.asked] == ["/lookup/"]
    slow[0].sendall(b"x")
    assert slow[0].recv(12) == b"HTTP/1.1 200"
    assert [path for _, path, _ in behind.asked] == ["/lookup/", "/hooks/alertmanager/"]
    for one in slow:
        one.close()


def slow_sender(port: int) -> ssl.SSLSocket:
    """All but the last byte."""
    head = f"POST /hooks/alertmanager/ HTTP/1.1\r\nHost: {NAME}\r\nContent-Length: 10\r\n\r\n"
    plain = socket.create_connection((HOST, port), timeout=30)
    sender = trusting().wrap_socket(plain)
    sender.sendall(head.encode() + b"x" * 9)
    return sender


def test_one_that_is_gone_is_not_asked(start: Start, behind: Behind) -> None:
    ports = start(SEVERAL, free_port(), behind.port)

    assert {ask(ports.tls, "GET", "/") for _ in range(10)} == {200}
    assert len(behind.asked) == 10


def test_both_are_asked_and_what_was_sent_is_sent_once(start: Start, behind: Behind) -> None:
    with standing_behind() as other:
        ports = start(SEVERAL, behind.port, other.port)
        assert {ask(ports.tls, "POST", "/", b"x") for _ in range(10)} == {200}

        assert behind.asked
        assert other.asked
        assert len(behind.asked) + len(other.asked) == 10


def test_a_file_that_one_does_not_know_yet_comes_from_the_other(
    start: Start, behind: Behind
) -> None:
    with standing_behind() as newer:
        behind.status = 404
        ports = start(SEVERAL, behind.port, newer.port)

        assert {ask(ports.tls, "GET", "/static/css/base.0a1b.css") for _ in range(4)} == {200}
        assert behind.asked
        # What is no file is as the one that was asked says.
        assert {ask(ports.tls, "GET", "/incidents/INC-9/") for _ in range(4)} == {200, 404}


def test_that_the_database_is_away_is_said_by_the_site(start: Start, behind: Behind) -> None:
    """And the site is not taken away because it said so."""
    with standing_behind() as other:
        ports = start(SEVERAL, behind.port, other.port)
        behind.status = other.status = 503
        assert {ask(ports.tls, "GET", "/") for _ in range(6)} == {503}

        behind.status = other.status = 200
        assert {ask(ports.tls, "GET", "/") for _ in range(6)} == {200}
