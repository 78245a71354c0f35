"""Nothing that people type in makes this machine ask what only this machine can reach."""

import socket
import ssl
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from ipaddress import IPv4Address, ip_address, ip_network
from threading import Thread
from time import monotonic, sleep

import pytest

from incidents.lib.outgoing import MOST_BYTES, Answer, MayNotReach, NoAnswer, Reach

# One and more of every block that is not the open internet, and the ends of the large ones.
CLOSED_V4 = [
    "0.0.0.0",
    "0.1.2.3",
    "10.0.0.1",
    "10.255.255.255",
    "100.64.0.1",
    "100.127.255.254",
    "127.0.0.1",
    "127.255.255.254",
    "169.254.0.1",
    "169.254.169.254",
    "172.16.0.1",
    "172.31.255.255",
    "192.0.0.1",
    "192.0.0.192",
    "192.0.2.1",
    "192.88.99.1",
    "192.168.0.1",
    "198.18.0.1",
    "198.51.100.1",
    "203.0.113.1",
    "224.0.0.1",
    "239.255.255.250",
    "240.0.0.1",
    "255.255.255.255",
]
CLOSED_V6 = [
    "::",
    "::1",
    "::ffff:0:0",
    "64:ff9b::a9fe:a9fe",
    "64:ff9b:1::1",
    "100::1",
    "2001::1",
    "2001:2::1",
    "2001:10::1",
    "2001:db8::1",
    "2002:a9fe:a9fe::1",
    "3fff::1",
    "5f00::1",
    "fc00::1",
    "fd00:ec2::254",
    "fe80::1",
    "fec0::1",
    "ff02::1",
]
OPEN = ["1.1.1.1", "8.8.8.8", "100.63.255.255", "172.32.0.1", "223.255.255.255", "2606:4700::1111"]


def textual_forms(text: str) -> list[str]:
    """The ways to write a version 4 address in an address, and those that stand for one."""
    address = IPv4Address(text)
    a, b, c, d = address.packed
    number = int(address)
    high, low = number >> 16, number & 0xFFFF
    return [
        text,
        f"{text}.",
        str(number),
        hex(number),
        f"0{number:o}",
        f"{a}.{number & 0xFFFFFF}",
        f"{a}.{b}.{low}",
        f"{a:#x}.{b:#x}.{c:#x}.{d:#x}",
        f"0{a:o}.0{b:o}.0{c:o}.0{d:o}",
        f"{a:#x}.{b}.0{c:o}.{d}",
        f"[::ffff:{text}]",
        f"[::ffff:{high:x}:{low:x}]",
        f"[::{text}]",
        f"[64:ff9b::{text}]",
        f"[2002:{high:x}:{low:x}::1]",
        f"[2001:0:{high:x}:{low:x}::1]",
        f"user@{text}",
        f"1.1.1.1@{text}",
        f"1.1.1.1\\@{text}",
        f"{text}%00.example.com",
        f"{text}\t",
        text.replace(".", "。"),
        text.translate(str.maketrans("0123456789", "０１２３４５６７８９")),
    ]


def as_the_system_reads(host: str, port: int) -> list[str]:
    """What `getaddrinfo` makes of numbers; a name it does not know."""
    try:
        return [socket.inet_ntoa(socket.inet_aton(host.removesuffix(".")))]
    except OSError:
        return [str(ip_address(host))] if ":" in host else []


@pytest.fixture
def connects(monkeypatch: pytest.MonkeyPatch) -> list[object]:
    """Every connection that was tried, and none that is made."""
    tried: list[object] = []

    def connect(self: socket.socket, address: object) -> None:
        tried.append(address)
        raise ConnectionRefusedError

    monkeypatch.setattr(socket.socket, "connect", connect)
    return tried


def post(url: str, reach: Reach) -> Answer | Exception:
    try:
        return reach.post(url, body=b"{}", headers={})
    except (MayNotReach, NoAnswer) as refusal:
        return refusal


def test_no_way_to_write_a_closed_address_is_connected_to(connects: list[object]) -> None:
    hosts = [form for address in CLOSED_V4 for form in textual_forms(address)]
    hosts += [f"[{address}]" for address in CLOSED_V6]
    reach = Reach(resolve=as_the_system_reads)

    answers = [post(f"{scheme}://{host}/", reach) for host in hosts for scheme in ("http", "https")]

    assert len(CLOSED_V4 + CLOSED_V6) >= 41
    assert len(answers) > 1000
    assert not [answer for answer in answers if isinstance(answer, Answer)]
    assert connects == []


@pytest.mark.parametrize("address", OPEN)
def test_the_open_internet_is_connected_to_at_that_address(
    address: str, connects: list[object]
) -> None:
    """So the refusals above are not for another reason."""
    answer = post("https://hooks.example/x", Reach(resolve=lambda host, port: [address]))

    assert isinstance(answer, NoAnswer)
    assert connects == [(address, 443)]


@pytest.mark.parametrize("address", [*CLOSED_V4, *CLOSED_V6])
def test_no_name_leads_to_a_closed_address(address: str, connects: list[object]) -> None:
    alone = Reach(resolve=lambda host, port: [address])
    among_open_ones = Reach(resolve=lambda host, port: ["1.1.1.1", address])

    answers = [post("https://hooks.example/", reach) for reach in (alone, among_open_ones)]

    assert all(isinstance(answer, MayNotReach) for answer in answers)
    assert connects == []


def test_an_address_that_is_meant_for_one_wire_is_closed(connects: list[object]) -> None:
    for host in ("fe80::1%eth0", "2606:4700::1111%eth0"):
        answer = post("https://hooks.example/", Reach(resolve=lambda _host, _port, to=host: [to]))
        assert isinstance(answer, MayNotReach)
    assert connects == []


def test_a_name_that_changes_its_mind_is_asked_once(connects: list[object]) -> None:
    """Rebinding: open when it is checked, closed when it is connected to."""
    asked: list[str] = []

    def rebinding(host: str, port: int) -> list[str]:
        asked.append(host)
        return ["1.1.1.1"] if len(asked) == 1 else ["127.0.0.1"]

    post("http://rebind.example/", Reach(resolve=rebinding))

    assert asked == ["rebind.example"]
    assert connects == [("1.1.1.1", 80)]


def test_an_operator_opens_a_network(connects: list[object]) -> None:
    reach = Reach(networks=[ip_network("10.1.0.0/16")], resolve=as_the_system_reads)

    post("http://10.1.2.3/", reach)
    refused = post("http://10.2.0.1/", reach)

    assert connects == [("10.1.2.3", 80)]
    assert isinstance(refused, MayNotReach)


@pytest.mark.parametrize(
    "url",
    [
        "ftp://1.1.1.1/",
        "file:///etc/passwd",
        "gopher://1.1.1.1/",
        "//1.1.1.1/",
        "1.1.1.1",
        "https://",
        "https:///path",
        "https://1.1.1.1:22/",
        "https://1.1.1.1:0/",
        "https://1.1.1.1:99999/",
        "https://[::1/",
        "https://user@1.1.1.1/",
        "https://:secret@1.1.1.1/",
        "https://1.1.1.1/a b",
        "https://1.1.1.1/\r\nHost: internal",
        "https://1.1.1.1/\x00",
        f"https://1.1.1.1/{'a' * 2000}",
    ],
)
def test_what_is_no_plain_web_address_is_refused(url: str, connects: list[object]) -> None:
    answer = post(url, Reach(resolve=as_the_system_reads))

    assert isinstance(answer, MayNotReach)
    assert connects == []


# -- Against a server of our own, on a network that is listed --------------------------------------

Serve = Callable[[socket.socket], None]


@contextmanager
def served(*answers: Serve) -> Iterator[int]:
    """A server that answers its connections one after the other; the port that it listens at."""
    with socket.create_server(("127.0.0.1", 0)) as listening:

        def run() -> None:
            for answer in answers:
                try:
                    connection, _ = listening.accept()
                except OSError:
                    return
                with connection:
                    try:
                        answer(connection)
                    except OSError:
                        continue

        thread = Thread(target=run, daemon=True)
        thread.start()
        yield listening.getsockname()[1]
        # Whoever still waits for somebody to come waits no longer.
        listening.shutdown(socket.SHUT_RDWR)
    thread.join(5)


def says(text: str, heard: list[bytes] | None = None) -> Serve:
    def answer(connection: socket.socket) -> None:
        asked = connection.recv(65_536)
        # The head and the body come one after the other.
        while b"\r\n\r\n" not in asked or (b"Length: 8\r\n" in asked and asked[-1:] != b"}"):
            asked += connection.recv(65_536)
        if heard is not None:
            heard.append(asked)
        connection.sendall(text.encode())

    return answer


def here(port: int, *, seconds: float = 5) -> Reach:
    return Reach(networks=[ip_network("127.0.0.0/8")], ports=[port], seconds=seconds)


def test_it_works() -> None:
    heard: list[bytes] = []
    with served(
        says("HTTP/1.1 200 OK\r\nX-Word: yes\r\nContent-Length: 2\r\n\r\nok", heard)
    ) as port:
        answer = here(port).post(
            f"http://localhost:{port}/in?a=1", body=b'{"a": 1}', headers={"X-Mine": "1"}
        )

    assert (answer.status, answer.headers["x-word"], answer.text) == (200, "yes", "ok")
    head, _, body = heard[0].partition(b"\r\n\r\n")
    assert head.startswith(b"POST /in?a=1 HTTP/1.1\r\n")
    assert f"Host: localhost:{port}\r\n".encode() in head
    assert b"X-Mine: 1" in head
    assert body == b'{"a": 1}'


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
def test_no_redirect_is_followed(status: int) -> None:
    """Nobody but the first listens: a second request would fail, and count as no answer."""
    heard: list[bytes] = []
    there = says("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n", heard)
    with served(there) as inside:
        away = f"HTTP/1.1 {status} Go\r\nLocation: http://127.0.0.1:{inside}/\r\n\r\n"
        with served(says(away)) as port:
            answer = here(port).post(f"http://127.0.0.1:{port}/", body=b"", headers={})

    assert answer.status == status
    assert heard == []


def test_a_long_answer_is_cut() -> None:
    body = "x" * (MOST_BYTES + 5000)
    with served(says(f"HTTP/1.1 200 OK\r\nContent-Length: {len(body)}\r\n\r\n{body}")) as port:
        answer = here(port).post(f"http://127.0.0.1:{port}/", body=b"", headers={})

    assert len(answer.text) == MOST_BYTES


def test_an_endless_head_is_no_answer() -> None:
    def answer(connection: socket.socket) -> None:
        connection.recv(1000)
        while True:
            connection.sendall(b"HTTP/1.1 100 Continue\r\n\r\n" * 100)

    with served(answer) as port:
        found = post(f"http://127.0.0.1:{port}/", here(port, seconds=60))

    assert isinstance(found, NoAnswer)
    # Known by its length, and not only when the time is up.
    assert "too long" in str(found)


def drips(connection: socket.socket) -> None:
    connection.recv(1000)
    connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n")
    while True:
        connection.sendall(b".")
        sleep(0.05)


def hangs(connection: socket.socket) -> None:
    connection.recv(1000)
    connection.recv(1000)


@pytest.mark.parametrize("answer", [drips, hangs])
@pytest.mark.parametrize("scheme", ["http", "https"])
def test_the_time_is_for_the_whole_exchange(answer: Serve, scheme: str) -> None:
    """Each byte in time is not enough, and a handshake counts too."""
    started = monotonic()
    with served(answer) as port:
        found = post(f"{scheme}://127.0.0.1:{port}/", here(port, seconds=0.4))

    assert isinstance(found, NoAnswer)
    # Far from any limit of a single step, however slow the machine.
    assert monotonic() - started < 60


def test_a_name_service_that_hangs_is_no_answer() -> None:
    reach = Reach(resolve=lambda host, port: sleep(3) or ["1.1.1.1"], seconds=0.1)

    assert isinstance(post("https://slow.example/", reach), NoAnswer)


def test_what_is_no_http_is_no_answer() -> None:
    with served(says("SSH-2.0-OpenSSH_9.2\r\n"), lambda connection: None) as port:
        found = [post(f"http://127.0.0.1:{port}/", here(port)) for _ in range(2)]

    assert all(isinstance(answer, NoAnswer) for answer in found)


def test_the_certificate_has_to_be_the_hosts(monkeypatch: pytest.MonkeyPatch) -> None:
    named: list[object] = []

    def wrap(self: ssl.SSLContext, plain: socket.socket, **options: object) -> None:
        named.append((options["server_hostname"], self.check_hostname, self.verify_mode))
        raise ssl.SSLError("nobody")

    monkeypatch.setattr(ssl.SSLContext, "wrap_socket", wrap)
    with served(hangs) as port:
        reach = here(port)
        found = post(f"https://localhost:{port}/", reach)

    assert isinstance(found, NoAnswer)
    assert named == [("localhost", True, ssl.CERT_REQUIRED)]
