"""Patterns in RE2's syntax as JavaScript's, for the matchers that a device tries by itself.

JavaScript backtracks: a pattern that could take it seconds is refused, and so is what it does not
know. Both are compiled with the flag `u` and have to fit the whole value.
"""

import re
from typing import NamedTuple

MOST_REPEATS = 4
"""Of `*`, `+` and the like in one pattern: each may multiply the work by the value's length."""
MOST_WAYS = 300
"""In which one pattern may be gone through by its `?` and `|`: each `?` doubles them, each group
multiplies them by its alternatives."""

_FLAGS = re.compile(r"\(\?([a-zA-Z]+)\)")
_TOKEN = re.compile(
    r"""
      \\Q (?P<literal>.*?) (?:\\E|$)
    | \\(?P<property>[pP](?:\{\^?\w+\}|\w))
    | \\x\{(?P<long_hex>[0-9a-fA-F]+)\} | \\x(?P<hex>[0-9a-fA-F]{2})
    | \\(?P<escaped>.)
    | (?P<open>\((?:\?(?::|P?<\w+>))?) (?!\?)
    | (?P<close>\))
    | \[(?P<negated>\^?)(?P<members>\]?(?:\\.|\[:\^?\w+:\]|[^\]\\])*)\]
    | (?P<repeat>[*+?]\??|\{\d+(?:,\d*)?\}\??)
    | (?P<plain>.)
    """,
    re.VERBOSE | re.DOTALL,
)
_MEMBER = re.compile(
    r"""
      \\(?P<property>[pP](?:\{\^?\w+\}|\w))
    | \\x\{(?P<long_hex>[0-9a-fA-F]+)\} | \\x(?P<hex>[0-9a-fA-F]{2})
    | \\(?P<escaped>.) | \[:(?P<posix>\w+):\] | (?P<plain>.)
    """,
    re.VERBOSE | re.DOTALL,
)
_SPACE = r"\t\n\f\r "
_ALIKE = {**{char: f"\\{char}" for char in "dDwWbBnrtfv"}, "a": r"\u{7}", "A": "^", "z": "$"}
_NOT_IN_CLASS = frozenset("bBAzS")
_POSIX = {
    "alnum": "0-9A-Za-z", "alpha": "A-Za-z", "blank": r"\t ", "cntrl": r"\u{0}-\u{1f}\u{7f}",
    "digit": "0-9", "lower": "a-z", "punct": r"!-\/:-@\[-`\{-~", "space": r"\t\n\v\f\r ",
    "upper": "A-Z", "word": r"\w", "xdigit": "0-9A-Fa-f",
}  # fmt: skip


class NotForTheDevice(ValueError):
    """JavaScript does not know the pattern, or might take too long with it."""


class Pattern(NamedTuple):
    """The source of a regular expression of JavaScript, and flags besides `u`."""

    source: str
    flags: str


def for_javascript(pattern: str) -> Pattern:
    """Right: `(?i)disk.*`, `(?P<what>cpu|memory)High`, `[[:alpha:]]+`. Raises `NotForTheDevice`.

    Wrong: `(a+)+` (may take for ever), `disk(?i:full)` (flags within).
    """
    given = _FLAGS.match(pattern)
    flags = set(given[1]) if given else set()
    if flags - set("is"):
        raise NotForTheDevice
    reading = _Reading(dot_is_all="s" in flags)
    for token in _TOKEN.finditer(pattern, given.end() if given else 0):
        reading.take(token)
    return Pattern("".join(reading.written), "i" if "i" in flags else "")


class _Reading:
    """`open_groups` says of each group that is open whether something in it may match in two ways;
    `ended` the same of the group that has just been closed. `alternatives` counts those of each
    group that is open."""

    def __init__(self, *, dot_is_all: bool) -> None:
        self.dot = r"[\s\S]" if dot_is_all else r"[^\n]"
        self.written: list[str] = []
        self.open_groups = [False]
        self.ended: bool | None = None
        self.alternatives = [1]
        self.repeats = 0
        self.ways = 1

    def take(self, token: re.Match[str]) -> None:
        kind = token.lastgroup or ""
        ended, self.ended = self.ended, None
        if kind == "open":
            self.open_groups.append(False)
            self.alternatives.append(1)
            self.written.append(token[0].replace("?P<", "?<"))
        elif kind == "close":
            self.ended = self.open_groups.pop()
            self.open_groups[-1] |= self.ended
            self.multiply(self.alternatives.pop())
            self.written.append(")")
        elif kind == "repeat":
            self.repeat(token["repeat"], may_vary=ended)
        elif token["members"] is not None:
            self.written.append(f"[{token['negated']}{_members(token['members'])}]")
        elif kind == "plain":
            self.plain(token["plain"])
        else:
            self.written.append(self.escape(token))

    def plain(self, char: str) -> None:
        if char == "(":
            # What follows is no group that JavaScript has.
            raise NotForTheDevice
        if char == "|":
            self.open_groups[-1] = True
            self.alternatives[-1] += 1
        self.written.append({".": self.dot}.get(char) or _char(char, kept="^$|"))

    def repeat(self, text: str, *, may_vary: bool | None) -> None:
        self.open_groups[-1] = True
        if text in {"?", "??"}:
            self.multiply(2)
        else:
            self.repeats += 1
            if may_vary or self.repeats > MOST_REPEATS:
                raise NotForTheDevice
        self.written.append(text)

    def multiply(self, ways: int) -> None:
        self.ways *= ways
        if self.ways > MOST_WAYS:
            raise NotForTheDevice

    def escape(self, token: re.Match[str]) -> str:
        if token["literal"] is not None:
            return "".join(map(_char, token["literal"]))
        if token["escaped"] in {"s", "S"}:
            return f"[{'^' if token['escaped'] == 'S' else ''}{_SPACE}]"
        return _escape(token)


def _members(text: str) -> str:
    """What stands between the brackets."""
    written = []
    for token in _MEMBER.finditer(text):
        if token["posix"] is not None:
            if token["posix"] not in _POSIX:
                raise NotForTheDevice
            written.append(_POSIX[token["posix"]])
        elif token["plain"] is not None:
            written.append(_char(token["plain"], kept="-^"))
        elif token["escaped"] == "s":
            written.append(_SPACE)
        elif token["escaped"] in _NOT_IN_CLASS:
            raise NotForTheDevice
        else:
            written.append(_escape(token))
    return "".join(written)


def _escape(token: re.Match[str]) -> str:
    if name := token["property"]:
        return _property(name[0], name[1:].strip("{}"))
    if number := token["long_hex"] or token["hex"]:
        return f"\\u{{{number}}}"
    char = token["escaped"]
    if char in _ALIKE:
        return _ALIKE[char]
    if char.isalnum():
        raise NotForTheDevice
    return _char(char)


def _property(sign: str, name: str) -> str:
    if name.startswith("^"):
        sign, name = ("P" if sign == "p" else "p"), name[1:]
    # `L`, `Lu` are general categories; longer names are scripts.
    return f"\\{sign}{{{name if len(name) <= len('Lu') else f'Script={name}'}}}"


def _char(char: str, *, kept: str = "") -> str:
    is_harmless = char in kept or char.isalnum() or char in " _,;:=!<>@#%&~\"'`" or ord(char) > 127  # noqa: PLR2004 (ASCII)
    return char if is_harmless else f"\\u{{{ord(char):x}}}"
