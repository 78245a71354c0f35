"""Requests to addresses that people typed in, which must not reach what only this machine can.

A name is resolved once; each of its addresses must be one of the open internet, or in a network
that the operator listed; and the connection goes to that very address, so that a name which
resolves otherwise a moment later gains nothing. No proxy is asked, no redirect followed. The limits
of time and of size are on the whole exchange.
"""

import io
import socket
import ssl
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field
from http.client import HTTPConnection, HTTPException
from ipaddress import (
    IPv4Address,
    IPv4Network,
    IPv6Address,
    IPv6Network,
    ip_address,
)
from threading import Thread
from time import monotonic
from urllib.parse import SplitResult, urlsplit

from django.utils.translation import gettext

Network = IPv4Network | IPv6Network
Address = IPv4Address | IPv6Address

PORTS = {"http": 80, "https": 443}
SECONDS = 10.0
MOST_BYTES = 64_000
LONGEST_URL = 2000

# Python's own `is_global` lets multicast, NAT64, 6to4 and site-local addresses through, and differs
# from one version to the next. From the IANA registries of special-purpose addresses.
CLOSED_V4 = [
    IPv4Network(text)
    for text in (
        "0.0.0.0/8",
        "10.0.0.0/8",
        "100.64.0.0/10",
        "127.0.0.0/8",
        "169.254.0.0/16",
        "172.16.0.0/12",
        "192.0.0.0/24",
        "192.0.2.0/24",
        "192.88.99.0/24",
        "192.168.0.0/16",
        "198.18.0.0/15",
        "198.51.100.0/24",
        "203.0.113.0/24",
        "224.0.0.0/3",
    )
]
# All that is given out to hosts. What stands for a version 4 address lies outside, or is closed.
OPEN_V6 = IPv6Network("2000::/3")
CLOSED_V6 = [
    IPv6Network(text)
    for text in ("2001::/23", "2001:db8::/32", "2002::/16", "3fff::/20", "3ffe::/16")
]


class MayNotReach(Exception):
    """The address is not one that this site may send to; nothing was sent."""


class NoAnswer(Exception):
    """Nobody answered in time, or not in HTTP."""


@dataclass(frozen=True)
class Answer:
    status: int
    headers: Mapping[str, str]
    """By their names in small letters."""
    text: str
    """The beginning of the body."""


# As `socket.getaddrinfo` does: a stub of the name service in tests.
Resolver = Callable[[str, int], Collection[str]]


def resolve(host: str, port: int) -> list[str]:
    """Every address of the name, in the order of preference. Raises `OSError`."""
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return list(dict.fromkeys(str(address[0]) for *_, address in found))


@dataclass(frozen=True)
class Reach:
    """Where requests may go: the open internet on these ports, and these networks."""

    networks: Collection[Network] = ()
    ports: Collection[int] = tuple(PORTS.values())
    seconds: float = SECONDS
    resolve: Resolver = field(default=resolve)

    def post(self, url: str, *, body: bytes, headers: Mapping[str, str]) -> Answer:
        """Send it, and return whatever the server answers, a redirect too.

        Raises `MayNotReach` and `NoAnswer`.
        """
        target = split(url, self.ports)
        deadline = monotonic() + self.seconds
        addresses = self.addresses_of(target, deadline)
        try:
            wire = connect(target, addresses, deadline)
            with wire.socket:
                return exchange(wire, target, body, headers)
        except (OSError, HTTPException) as error:
            raise NoAnswer(in_words(error, self.seconds)) from error

    def addresses_of(self, target: SplitResult, deadline: float) -> list[str]:
        """Raises `MayNotReach` where even one of them is closed, and `NoAnswer`."""
        host = str(target.hostname)
        addresses = in_time(lambda: self.resolve(host, port_of(target)), deadline)
        if not addresses:
            raise NoAnswer(f"The name {host} could not be found.")
        for text in addresses:
            if not self.may_reach(ip_address(text)):
                raise MayNotReach(
                    f"{host} is an address of a private network. An operator can list the network"
                    " in OUTGOING_NETWORKS."
                )
        return list(addresses)

    def may_reach(self, address: Address) -> bool:
        return is_open(address) or any(address in network for network in self.networks)


def is_open(address: Address) -> bool:
    """Whether it is one host's address on the open internet, and stands for no other address."""
    if isinstance(address, IPv4Address):
        return not any(address in network for network in CLOSED_V4)
    if address.scope_id:
        return False
    return address in OPEN_V6 and not any(address in network for network in CLOSED_V6)


def split(url: str, ports: Collection[int]) -> SplitResult:
    """The parts of the address. Raises `MayNotReach` where it could be read in two ways."""
    if len(url) > LONGEST_URL or not url.isascii() or not url.isprintable():
        raise MayNotReach(
            gettext("An address has only Latin letters, digits and signs, and no spaces.")
        )
    if " " in url or "\\" in url:
        raise MayNotReach(gettext("An address has no spaces and no backslashes."))
    try:
        target = urlsplit(url)
        port = port_of(target)
    except (ValueError, KeyError):
        raise MayNotReach(gettext("Write the whole address, beginning with https://.")) from None
    if not target.hostname:
        raise MayNotReach(gettext("The address names no host."))
    if target.username is not None or target.password is not None:
        raise MayNotReach(gettext("An address with a name or password in it is not taken."))
    if port not in ports:
        listed = ", ".join(str(one) for one in sorted(ports))
        raise MayNotReach(
            gettext("Port %(port)s is closed; these are open: %(listed)s.")
            % {"port": port, "listed": listed}
        )
    return target


def port_of(target: SplitResult) -> int:
    """Raises `KeyError` for a scheme that is neither http nor https, and `ValueError`."""
    usual = PORTS[target.scheme]
    return usual if target.port is None else target.port


def in_time(ask: Callable[[], Collection[str]], deadline: float) -> list[str]:
    """What the name service says; it knows no time limit, so it is asked on the side."""
    found: list[str] = []

    def look() -> None:
        try:
            found.extend(ask())
        except (OSError, UnicodeError):
            # A name that is not found has no address.
            return

    side = Thread(target=look, daemon=True)
    side.start()
    side.join(max(0.0, deadline - monotonic()))
    return list(found)


@dataclass
class Wire:
    """A connection that reads and writes no longer than until the deadline."""

    socket: socket.socket
    deadline: float
    left: int = 2 * MOST_BYTES
    """Bytes that it still reads: the head of the answer is not endless either."""

    def time_left(self) -> float:
        left = self.deadline - monotonic()
        if left <= 0:
            raise TimeoutError
        return left

    def sendall(self, data: bytes) -> None:
        self.socket.settimeout(self.time_left())
        self.socket.sendall(data)

    def receive_into(self, buffer: memoryview) -> int:
        self.socket.settimeout(self.time_left())
        if self.left <= 0:
            raise HTTPException("the answer is too long")
        got = self.socket.recv_into(buffer[: self.left])
        self.left -= got
        return got

    def makefile(self, _mode: str) -> io.BufferedReader:
        """As `http.client` asks for it: to be read."""
        return io.BufferedReader(Incoming(self))

    def close(self) -> None:
        """`http.client` closes what it has read the head of: the body comes by the same socket."""


class Incoming(io.RawIOBase):
    def __init__(self, wire: Wire) -> None:
        super().__init__()
        self.wire = wire

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: object) -> int:
        return self.wire.receive_into(memoryview(buffer))  # type: ignore[arg-type]  # as the base


def connect(target: SplitResult, addresses: Collection[str], deadline: float) -> Wire:
    """To the first address that takes it, with TLS in the name of the host. Raises `OSError`."""
    failed: OSError = TimeoutError()
    for address in addresses:
        if (left := deadline - monotonic()) <= 0:
            break
        family = socket.AF_INET6 if ":" in address else socket.AF_INET
        plain = socket.socket(family, socket.SOCK_STREAM)
        plain.settimeout(left)
        try:
            plain.connect((address, port_of(target)))
        except OSError as error:
            plain.close()
            failed = error
            continue
        return Wire(secured(plain, target, deadline), deadline)
    raise failed


def secured(plain: socket.socket, target: SplitResult, deadline: float) -> socket.socket:
    if target.scheme == "http":
        return plain
    try:
        plain.settimeout(max(0.001, deadline - monotonic()))
        return ssl.create_default_context().wrap_socket(plain, server_hostname=target.hostname)
    except OSError:
        plain.close()
        raise


def exchange(wire: Wire, target: SplitResult, body: bytes, headers: Mapping[str, str]) -> Answer:
    connection = HTTPConnection(str(target.hostname), port_of(target))
    # It has its connection, and makes no other.
    connection.auto_open = 0
    # All of a socket that http.client uses.
    connection.sock = wire
    path = (target.path or "/") + (f"?{target.query}" if target.query else "")
    host = target.netloc
    connection.request("POST", path, body, {"Host": host, "Connection": "close", **headers})
    answer = connection.getresponse()
    text = answer.read(MOST_BYTES).decode("utf-8", errors="replace")
    found = {name.lower(): value for name, value in answer.getheaders()}
    return Answer(answer.status, found, text)


def in_words(error: Exception, seconds: float) -> str:
    if isinstance(error, TimeoutError):
        return f"No answer within {seconds:g} seconds."
    if isinstance(error, ssl.SSLError):
        return f"No secure connection: {error}."
    if isinstance(error, ConnectionRefusedError):
        return "The connection was refused."
    return f"The connection broke: {error or type(error).__name__}."
