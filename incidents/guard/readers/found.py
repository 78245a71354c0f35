"""What a reader finds, and how much of it a file may hold."""

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass

from django.utils.translation import gettext

from incidents.guard.configuration import CannotRead, Value

MEGABYTE = 1_000_000
MOST_BYTES = 5 * MEGABYTE
DEEPEST = 50
MOST_SETTINGS = 20_000
MOST_NODES = 100_000
LONGEST_KEY = 1_000
LONGEST_BLANK = 200
LONGEST_NUMBER = 18
LONG_BLANK = re.compile(rf"\s{{{LONGEST_BLANK + 1}}}")


@dataclass(frozen=True, slots=True)
class Found:
    path: tuple[str, ...]
    value: Value
    written: str
    line: int
    document: int = 1


@dataclass(frozen=True, slots=True)
class Format:
    """How files of one kind are read. `read` raises `CannotRead`, without the file's name."""

    read: Callable[[str], Iterable[Found]]
    # What the parser's own speed allows for.
    most_bytes: int = MOST_BYTES
    # By their own definition these are in Latin-1 when they are not in UTF-8.
    or_latin_1: bool = False


def too_deep(line: int | None = None) -> CannotRead:
    return CannotRead(
        gettext("It is nested more than %(DEEPEST)s deep.") % {"DEEPEST": DEEPEST}, line=line
    )


def too_large(line: int | None = None) -> CannotRead:
    return CannotRead(
        gettext("It holds, or stands for, more than %(MOST_NODES)s values.")
        % {"MOST_NODES": f"{MOST_NODES:,}"},
        line=line,
    )


def line_at(text: str, position: int) -> int:
    return text.count("\n", 0, position) + 1


def refuse_long_blanks(text: str) -> None:
    """Several parsers look at each blank of a run once for every other: long runs take hours."""
    run = LONG_BLANK.search(text)
    if run:
        raise CannotRead(
            gettext("More than %(LONGEST_BLANK)s blanks or empty lines follow each other.")
            % {"LONGEST_BLANK": LONGEST_BLANK},
            line=line_at(text, run.start()),
        )


PLAIN_INTEGER = re.compile(r"-?(?:0|[1-9][0-9]*)")
PLAIN_DECIMAL = re.compile(r"-?(?:0|[1-9][0-9]*)\.(?:0|[0-9]*[1-9])")


def plain(text: str) -> Value:
    """The value of a text in a format that knows nothing but texts: `30` is a number there too.

    `007` and `1.10` may be codes and versions, and stay as they are.

    >>> [plain(text) for text in ("30", "-1.5", "007", "1.10", "30s")]
    [30, -1.5, '007', '1.10', '30s']
    """
    if len(text) <= LONGEST_NUMBER:
        if PLAIN_INTEGER.fullmatch(text):
            return int(text)
        if PLAIN_DECIMAL.fullmatch(text):
            return float(text)
    return text
