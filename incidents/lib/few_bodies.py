"""What is sent slowly keeps few threads of the web server, and never all."""

from collections.abc import Callable, Iterable
from io import BytesIO
from threading import BoundedSemaphore
from typing import Any

WAIT = 0.1
"""Seconds in which somebody else's body may end."""
SMALL = 1_000_000
"""Bytes: what is as long or shorter is taken in before anything else is done for it. So who sends
it slowly keeps no place from others, and what breaks off is not taken for all of it."""

Application = Callable[[dict[str, Any], Callable[..., Any]], Iterable[bytes]]


class FewBodies:
    """A WSGI application whose requests bring at most `most` bodies at once.

    The web server calls the application when it knows the headers, and lets its thread wait for the
    body: whoever sends a byte a second, on as many connections as there are threads, would keep
    everybody else out. Requests without a body always have the other threads. Who may not send now
    is answered by `refuse`, which reads nothing of it.
    """

    def __init__(self, application: Application, *, most: int, refuse: Application) -> None:
        self.application, self.refuse = application, refuse
        self.slots = BoundedSemaphore(most)

    def __call__(
        self, environ: dict[str, Any], start_response: Callable[..., Any]
    ) -> Iterable[bytes]:
        length = length_of(environ)
        if length == 0:
            return self.application(environ, start_response)
        if not self.slots.acquire(timeout=WAIT):
            return self.refuse(environ, start_response)
        if length is not None and length <= SMALL:
            try:
                data = whole(environ["wsgi.input"], length)
            finally:
                self.slots.release()
            if len(data) < length:
                start_response("400 Bad Request", [("Content-Length", "0")])
                return []
            return self.application({**environ, "wsgi.input": BytesIO(data)}, start_response)
        body = Body(environ["wsgi.input"], length, self.slots.release)
        try:
            return self.application({**environ, "wsgi.input": body}, start_response)
        finally:
            body.let_go()


def whole(source: Any, length: int) -> bytes:
    """As much of it as comes."""
    parts: list[bytes] = []
    while length > 0 and (data := source.read(length)):
        parts.append(data)
        length -= len(data)
    return b"".join(parts)


def length_of(environ: dict[str, Any]) -> int | None:
    """In bytes; None where the sender does not say it."""
    if "HTTP_TRANSFER_ENCODING" in environ:
        return None
    told = str(environ.get("CONTENT_LENGTH") or "0")
    return int(told) if told.isascii() and told.isdigit() else None


class Body:
    """Lets go as soon as all of it was read: what is done with it takes no slot."""

    def __init__(self, source: Any, length: int | None, release: Callable[[], None]) -> None:
        self.source, self.left, self.release = source, length, release
        self.is_held = True

    def read(self, *size: int) -> bytes:
        return self.took(self.source.read(*size))

    def readline(self, *size: int) -> bytes:
        return self.took(self.source.readline(*size))

    def took(self, data: bytes) -> bytes:
        if self.left is not None:
            self.left -= len(data)
        if not data or (self.left is not None and self.left <= 0):
            self.let_go()
        return data

    def let_go(self) -> None:
        if self.is_held:
            self.is_held = False
            self.release()
