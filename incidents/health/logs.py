"""Log lines that say of which request they are, one event to a line."""

import logging
import re
import time
from collections.abc import Callable
from contextvars import ContextVar
from dataclasses import dataclass
from datetime import UTC, datetime
from threading import Lock

NO_REQUEST = "-"
request_id: ContextVar[str] = ContextVar("request_id", default=NO_REQUEST)
"""Of the request that is being answered; NO_REQUEST in what no request asked for."""

CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029]")

SECRET_IN_PATH = re.compile(r"(/feeds/|/password/reset/key/)[\w-]+")
"""Of a feed, or of a link to set a password: who reads it may use it."""


class NamesRequest(logging.Filter):
    """Gives each line the number of its request."""

    def filter(self, record: logging.LogRecord) -> bool:
        record.request_id = request_id.get()
        return True


class HidesSecrets(logging.Filter):
    """Django names the path of what it refuses, and of what breaks."""

    def filter(self, record: logging.LogRecord) -> bool:
        if isinstance(record.args, tuple):
            record.args = tuple(map(without_secret, record.args))
        return True


def without_secret(told: object) -> object:
    return SECRET_IN_PATH.sub(r"\1…", told) if isinstance(told, str) else told


ONCE_IN = 60
"""Seconds."""
KINDS_KNOWN = 100
NUMBERS = re.compile(r"0x[0-9a-f]+|\d+")


@dataclass
class Kind:
    said_at: float
    left_out: int = 0


class NowAndThen(logging.Filter):
    """Of lines that differ in numbers alone, one a minute; it says how many were left out since the
    one before. For a library that says of each request what is wrong with all of them."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        super().__init__()
        self.clock = clock
        self.kinds: dict[str, Kind] = {}
        self.lock = Lock()

    def filter(self, record: logging.LogRecord) -> bool:
        if record.levelno < logging.WARNING:
            return True
        message = record.getMessage()
        kind, now = NUMBERS.sub("", message), self.clock()
        with self.lock:
            known = self.kinds.pop(kind, None)
            if known is not None and now - known.said_at < ONCE_IN:
                known.left_out += 1
                self.kinds[kind] = known
                return False
            self.kinds[kind] = Kind(now)
            while len(self.kinds) > KINDS_KNOWN:
                # The one that was heard of least lately.
                del self.kinds[next(iter(self.kinds))]
        if known is not None and known.left_out:
            record.msg = f"{message} ({known.left_out} more like it since the one before)"
            record.args = None
        return True


class LineFormatter(logging.Formatter):
    """For people. What somebody sent cannot begin a line of its own: control characters are written
    as escapes, such as `\\n`. A traceback follows its line as ever. Times are those of UTC."""

    def formatTime(self, record: logging.LogRecord, datefmt: str | None = None) -> str:  # noqa: N802, ARG002 (logging's own names)
        return datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds")

    def formatMessage(self, record: logging.LogRecord) -> str:  # noqa: N802 (logging's own name)
        return CONTROL.sub(escaped, super().formatMessage(record))


def escaped(found: re.Match[str]) -> str:
    return found[0].encode("unicode_escape").decode("ascii")
