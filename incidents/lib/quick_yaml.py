"""The YAML that `exact_yaml.dumped` writes, read line by line, tens of thousands of files.

Nearly every file has nothing but names, short texts, numbers, lists of those, and long texts line
by line. A file with any other line is left to the parser as a whole: what is read here is what the
parser reads.
"""

import re
from typing import Any

import yaml

Value = str | int | float | bool | list[Any] | dict[str, Any] | None

MOST_LINES = 300_000
DEEPEST = 20
LONGEST_NUMBER = 100

# A line of a list begins with a dash; a name has a value behind it, or below it.
_LINE = re.compile(r"( *)(- )?(?:([a-z][a-z_]{0,60}):(?: (.+))?|(.+))")
_QUOTED = re.compile(r"'((?:[^']|'')*)'")
_WHOLE = re.compile(r"0|[1-9][0-9]{0,17}")
_USUAL = re.compile(
    "[\n\x20-\x7e\xa0-\u2027\u202a-\ud7ff\ue000-\ufefe\uff00-\ufffd\U00010000-\U0010ffff]*"
)
_KNOWN: dict[str, Value] = {"true": True, "false": False, "null": None}
# What YAML takes for something else than a text, in small letters.
_WORDS = frozenset(["yes", "no", "on", "off", "true", "false", "null"])
_FIRST = frozenset("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789")
_NO_TEXTS = {
    "tag:yaml.org,2002:null",
    "tag:yaml.org,2002:bool",
    "tag:yaml.org,2002:int",
    "tag:yaml.org,2002:float",
}
_SCALARS: Any = yaml.SafeLoader("")


class NotQuick(Exception):
    """There is something in it that only the parser knows."""


def quickly_loaded(text: str) -> Value:
    """Raises `NotQuick`."""
    if not _USUAL.fullmatch(text) or text.count("\n") > MOST_LINES or text[-1:] != "\n":
        raise NotQuick
    lines = text.strip("\n").split("\n")
    reading = _Reading(lines)
    first = reading.line()
    if first[1] or first[2]:
        raise NotQuick
    found = reading.mapping(0, first, depth=0)
    if reading.at < len(lines):
        raise NotQuick
    return found


def plain_value(text: str) -> Value:
    """What a text without quotes is; raises `ValueError`."""
    tag = _SCALARS.resolve(yaml.ScalarNode, text, (True, False))
    if tag not in _NO_TEXTS:
        return text
    if len(text) > LONGEST_NUMBER:
        # Of sixties, with colons between them, it would take the square of its length.
        raise ValueError("a number is too long")
    value: Value = _SCALARS.construct_object(yaml.ScalarNode(tag, text))
    return value


class _Reading:
    def __init__(self, lines: list[str]) -> None:
        self.lines = lines
        self.at = 0

    def line(self) -> re.Match[str]:
        """The line that is next. Raises `NotQuick`."""
        found = _LINE.fullmatch(self.lines[self.at])
        if found is None:
            raise NotQuick
        return found

    def next(self) -> re.Match[str] | None:
        self.at += 1
        return self.line() if self.at < len(self.lines) else None

    def mapping(self, column: int, line: re.Match[str] | None, *, depth: int) -> dict[str, Any]:
        """All lines of this column, from this one on; the first may be an item of a list."""
        found: dict[str, Any] = {}
        is_first = True
        while line is not None:
            spaces, dash, name, rest, _ = line.groups()
            if not is_first:
                if len(spaces) < column:
                    break
                if dash:
                    raise NotQuick
            if (not is_first and len(spaces) > column) or name is None or name in found:
                raise NotQuick
            is_first = False
            found[name], line = self.value(name, rest, column, depth=depth)
        return found

    def value(
        self, name: str, rest: str | None, column: int, *, depth: int
    ) -> tuple[Value, re.Match[str] | None]:
        """The value of a name, and the line after it."""
        if depth > DEEPEST or name in _WORDS:
            raise NotQuick
        if rest is None:
            found = self.below(column, depth=depth)
        elif rest[0] == "|":
            self.at += 1
            found = self.lines_of(rest, " " * (column + 2))
        else:
            self.at += 1
            found = _scalar(rest)
        return found, self.line() if self.at < len(self.lines) else None

    def below(self, column: int, *, depth: int) -> Value:
        line = self.next()
        if line is None:
            raise NotQuick
        spaces, dash, *_ = line.groups()
        if dash and len(spaces) == column:
            return self.items(column, line, depth=depth + 1)
        if not dash and len(spaces) == column + 2:
            return self.mapping(column + 2, line, depth=depth + 1)
        raise NotQuick

    def items(self, column: int, line: re.Match[str] | None, *, depth: int) -> list[Any]:
        found: list[Any] = []
        while line is not None:
            spaces, dash, name, _, text = line.groups()
            if not dash or len(spaces) != column:
                break
            if name is None:
                found.append(_scalar(text))
                line = self.next()
            else:
                found.append(self.mapping(column + 2, line, depth=depth + 1))
                line = self.line() if self.at < len(self.lines) else None
        return found

    def lines_of(self, mark: str, margin: str) -> str:
        """A text that stands there line by line; the mark says what becomes of its end."""
        found = []
        for line in self.lines[self.at :]:
            if line.startswith(margin):
                found.append(line[len(margin) :])
            elif line:
                break
            else:
                found.append("")
        if not found or not found[0] or found[0][0] == " ":
            raise NotQuick
        self.at += len(found)
        text = "\n".join(found)
        if mark == "|-":
            return text.rstrip("\n")
        if mark == "|":
            return text.rstrip("\n") + "\n"
        raise NotQuick


def _scalar(text: str) -> Value:
    """Raises `NotQuick`."""
    first = text[0]
    if first == "'":
        quoted = _QUOTED.fullmatch(text)
        if quoted is None:
            raise NotQuick
        return quoted[1].replace("''", "'")
    if text == "[]":
        return []
    if first not in _FIRST or ": " in text or " #" in text or text[-1] in ": ":
        raise NotQuick
    if text in _KNOWN:
        return _KNOWN[text]
    if first in "0123456789":
        return int(text) if _WHOLE.fullmatch(text) else _plain(text)
    return _plain(text) if text.lower() in _WORDS else text


def _plain(text: str) -> Value:
    try:
        return plain_value(text)
    except ValueError as error:
        raise NotQuick from error
