"""Clients who send a byte a second, or read none of what they asked for."""

import socket
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from threading import Event, Thread

from tests.bench.server import HOST

EVERY = 1.0
"""Seconds between two bytes."""


@contextmanager
def dripping(port: int, beginnings: list[bytes]) -> Iterator[list[socket.socket]]:
    """One client for each beginning of a request: it is sent at once, and what follows byte by
    byte for as long as the block runs. Nothing of an answer is read."""
    over = Event()
    with ExitStack() as held:
        clients = [held.enter_context(connected(port)) for _ in beginnings]
        for client, beginning in zip(clients, beginnings, strict=True):
            client.sendall(beginning)

        def drip() -> None:
            while not over.wait(EVERY):
                for client in clients:
                    with suppress(OSError):
                        client.send(b"a")

        thread = Thread(target=drip, daemon=True)
        thread.start()
        try:
            yield clients
        finally:
            over.set()
            thread.join()


def connected(port: int) -> socket.socket:
    client = socket.socket()
    # What is read by nobody fills little, so that the server feels it soon.
    client.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
    client.settimeout(10)
    client.connect((HOST, port))
    return client


def is_open(client: socket.socket) -> bool:
    """Whether the server has neither ended nor answered it."""
    client.settimeout(0)
    try:
        return client.recv(1) != b""
    except BlockingIOError:
        return True
    except OSError:
        return False
