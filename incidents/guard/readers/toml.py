"""TOML. The standard library judges the file; where its keys stand is looked up afterwards."""

import re
import tomllib
from collections.abc import Iterable, Iterator
from math import isfinite
from typing import Any

from django.utils.translation import gettext

from incidents.guard.configuration import CannotRead, Value
from incidents.guard.readers.found import (
    DEEPEST,
    MEGABYTE,
    Format,
    Found,
    line_at,
    too_deep,
)
from incidents.guard.readers.tree import Entry, Items, Node, Scalar, Table, settings

PART = r"""(?:[A-Za-z0-9_-]++|"[^"\n]*+"|'[^'\n]*+')"""
# The parser takes the square of the parts of a key, and the stack for the depth of a list.
LONG_KEY = re.compile(rf"(?<![A-Za-z0-9_-]){PART}(?:[ \t]*+\.[ \t]*+{PART}){{{DEEPEST}}}")
PLACE = re.compile(r"(.*) \(at (?:line (\d+), column \d+|end of document)\)", re.DOTALL)
TOKEN = re.compile(
    r'''
    (?P<text>"""(?:[^"\\]|\\.|"(?!""))*+"{3,5}|\'\'\'(?:[^']|'(?!''))*+'{3,5}
      |"(?:[^"\\\n]|\\.)*+"|'[^'\n]*+')
  | (?P<comment>\#[^\n]*+)
  | (?P<line>\n)
  | (?P<sign>[\[\]{}=])
  | (?P<other>[^\n#"'\[\]{}=]++|.)
    ''',
    re.VERBOSE | re.DOTALL,
)
BARE = re.compile(r"[A-Za-z0-9_-]+")


def read(text: str) -> Iterator[Found]:
    tree = parsed(text)
    return settings(_node(tree, places(text), (), 1))


def parsed(text: str) -> dict[str, Any]:
    """Raises `CannotRead`."""
    long_key = LONG_KEY.search(text)
    if long_key:
        raise too_deep(line_at(text, long_key.start()))
    try:
        return tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        told = PLACE.fullmatch(str(error))
        what = told[1] if told else str(error)
        at_the_end = line_at(text.rstrip(), len(text))
        line = int(told[2]) if told and told[2] else at_the_end
        raise CannotRead(gettext("It is not TOML: %(what)s.") % {"what": what}, line=line) from None
    except RecursionError:
        raise too_deep() from None
    except ValueError as error:
        # A number of thousands of digits, a day that no calendar has.
        raise CannotRead(gettext("It is not TOML: %(error)s.") % {"error": error}) from None


Places = dict[tuple[str, ...], tuple[int, str]]


def places(text: str) -> Places:
    """Where each statement of a TOML file stands, and the words of its value."""
    return _Places(text).found


class _Places:
    def __init__(self, text: str) -> None:
        self.text = text
        self.found: Places = {}
        self.table: tuple[str, ...] = ()
        self.lists: dict[tuple[str, ...], int] = {}
        self.line = 1
        self.depth = 0
        self.start = 0
        self.value_at: int | None = None
        for token in TOKEN.finditer(text):
            self.take(token)
        self.end(len(text))

    def take(self, token: re.Match[str]) -> None:
        kind, sign = token.lastgroup, token[0]
        if kind == "sign" and sign in "[{":
            self.depth += 1
        elif kind == "sign" and sign in "]}":
            self.depth -= 1
        elif kind == "sign" and self.depth == 0 and self.value_at is None:
            self.value_at = token.end()
        elif kind in ("line", "comment") and self.depth == 0:
            self.end(token.start())
            self.start = token.end()
        self.line += sign.count("\n")

    def end(self, at: int) -> None:
        """Of a statement: a key with its value, or the head of a table."""
        if self.value_at is not None:
            path = self.table + _parts(self.text[self.start : self.value_at - 1])
            written = self.text[self.value_at : at]
            self.found[path] = (self.line - written.count("\n"), written.strip())
        else:
            self.head(self.text[self.start : at].strip())
        self.value_at = None

    def head(self, words: str) -> None:
        if not words:
            return
        if words.startswith("[["):
            *above, last = _parts(words[2:-2])
            path = (*self.within(above), last)
            number = self.lists[path] = self.lists.get(path, -1) + 1
            self.table = (*path, str(number))
        else:
            self.table = self.within(_parts(words[1:-1]))
        self.found[self.table] = (self.line, "")

    def within(self, parts: Iterable[str]) -> tuple[str, ...]:
        """With the number of the list's last table, wherever the path leads through a list."""
        path: tuple[str, ...] = ()
        for part in parts:
            path = (*path, part)
            if path in self.lists:
                path = (*path, str(self.lists[path]))
        return path


def _parts(key: str) -> tuple[str, ...]:
    key = key.strip()
    if BARE.fullmatch(key):
        return (key,)
    tree: Any = tomllib.loads(f"{key} = 0")
    parts = []
    while isinstance(tree, dict):
        ((part, tree),) = tree.items()
        parts.append(part)
    return tuple(parts)


def _node(value: Any, found: Places, path: tuple[str, ...], line: int) -> Node:
    """What stands in another statement's value has that one's line."""
    if len(path) > DEEPEST:
        raise too_deep(line)
    line, written = found.get(path, (line, ""))
    if isinstance(value, dict):
        table = Table(line)
        for key, inner in value.items():
            node = _node(inner, found, (*path, key), line)
            table.entries.append(Entry(key, node.line, node))
        return table
    if isinstance(value, list):
        nodes = [
            _node(inner, found, (*path, str(number)), line) for number, inner in enumerate(value)
        ]
        return Items(line, written, nodes)
    return Scalar(_value(value), written or str(value), line)


def _value(value: Any) -> Value:
    """Days and times, and the numbers that are none, as texts."""
    if isinstance(value, float):
        return value if isfinite(value) else str(value)
    if isinstance(value, bool | int | str):
        return value
    return str(value)


FORMAT = Format(read, most_bytes=MEGABYTE)
