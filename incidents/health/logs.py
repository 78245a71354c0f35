"""Log lines that say of which request they are, one event to a line."""

import logging
import re
from contextvars import ContextVar

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


class LineFormatter(logging.Formatter):
    """For people. What somebody sent cannot begin a line of its own: control characters are written
    as escapes, such as `\\n`. A traceback follows its line as ever."""

    def formatMessage(self, record: logging.LogRecord) -> str:  # noqa: N802 (logging's own name)
        return CONTROL.sub(escaped, super().formatMessage(record))


def escaped(found: re.Match[str]) -> str:
    return found[0].encode("unicode_escape").decode("ascii")
