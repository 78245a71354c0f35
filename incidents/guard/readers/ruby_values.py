"""What an expression of Ruby comes to, as far as that can be told without running it."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from django.utils.translation import gettext

from incidents.guard.configuration import Unknown, Value
from incidents.guard.readers.computed import (
    FromEnvironment,
    Operand,
    calculated,
    converted,
    otherwise,
    settled,
)
from incidents.guard.readers.found import DEEPEST

LONGEST = 2_000
LONGEST_SHOWN = 80
TOKEN = re.compile(
    r"""
    (?P<space>\s+)
  | (?P<number>[0-9][0-9_]*+(?:\.[0-9]+)?(?!\w))
  | (?P<double>"(?:[^"\\]|\\.)*+")
  | (?P<single>'(?:[^'\\]|\\.)*+')
  | (?P<words>%[wi](?:\[[^\]]*+\]|\([^)]*+\)|\{[^}]*+\}))
  | (?P<label>[A-Za-z_]\w*+:(?!:))
  | (?P<symbol>:[A-Za-z_]\w*+[?!]?)
  | (?P<name>[A-Za-z_]\w*+(?:::[A-Z]\w*+)*+[?!]?)
  | (?P<sign>\|\||=>|[-+*/%.,()\[\]{}])
    """,
    re.VERBOSE | re.DOTALL,
)
ESCAPE = re.compile(r"\\(.)", re.DOTALL)
ESCAPED = {"n": "\n", "t": "\t", "r": "\r", "s": " ", "0": "\0", "e": "\x1b"}
CONSTANTS: dict[str, Value] = {"true": True, "false": False, "nil": None}
SECONDS = {
    "second": 1,
    "minute": 60,
    "hour": 3600,
    "day": 86_400,
    "week": 604_800,
}
BYTES = {"kilobyte": 1024, "megabyte": 1024**2, "gigabyte": 1024**3}
TIMES = {name + s: factor for name, factor in {**SECONDS, **BYTES}.items() for s in ("", "s")}


def _integer(text: str) -> Value:
    found = re.match(r"\s*([-+]?[0-9]{1,18})", text)
    return int(found[1]) if found else 0


CONVERSIONS: dict[str, Callable[[str], Value]] = {
    "to_i": _integer,
    "to_f": float,
    "to_s": str,
    "Integer": int,
    "Float": float,
    "String": str,
}
UNCHANGED = {"freeze", "presence", "strip", "to_sym", "dup"}


class _NotToldHere(Exception):
    """The expression has something that only Ruby knows."""


@dataclass(frozen=True, slots=True)
class _Token:
    kind: str
    text: str


def value(code: str, names: Mapping[str, Operand] | None = None) -> Value:
    return settled(operand(code, names))


def operand(code: str, names: Mapping[str, Operand] | None = None) -> Operand:
    """`names` are the variables and constants that are known where the expression stands."""
    try:
        return _Reader(_tokens(code), names or {}).whole()
    except _NotToldHere:
        return _when_it_runs(code)


def arguments(code: str, names: Mapping[str, Operand]) -> tuple[list[Operand], dict[str, Operand]]:
    """Of a call: those in order, and those with a name. One that cannot be told is `Unknown`."""
    try:
        return _Reader(_tokens(code), names).arguments()
    except _NotToldHere:
        return [_when_it_runs(code)], {}


def _when_it_runs(code: str) -> Unknown:
    shown = " ".join(code.split())
    if len(shown) > LONGEST_SHOWN:
        shown = shown[:LONGEST_SHOWN] + "…"
    return Unknown(gettext("“%(shown)s” is worked out when it runs") % {"shown": shown})


def _tokens(code: str) -> list[_Token]:
    if len(code) > LONGEST:
        raise _NotToldHere
    found, position = [], 0
    while position < len(code):
        match = TOKEN.match(code, position)
        if match is None:
            raise _NotToldHere
        if match.lastgroup != "space":
            found.append(_Token(match.lastgroup or "", match[0]))
        position = match.end()
    return found


class _Reader:
    """Recursive descent: either → sum → product → signed → called → single."""

    def __init__(self, tokens: list[_Token], names: Mapping[str, Operand]) -> None:
        self.tokens = tokens
        self.names = names
        self.at = 0
        self.depth = 0
        self.braces = 0

    def whole(self) -> Operand:
        found = self.either()
        if self.at < len(self.tokens):
            raise _NotToldHere
        return found

    def arguments(self) -> tuple[list[Operand], dict[str, Operand]]:
        in_order: list[Operand] = []
        named: dict[str, Operand] = {}
        while self.at < len(self.tokens):
            # A hash at the end may have its braces.
            self.braces += bool(self.take("{"))
            name = self.argument_name()
            if name is None:
                in_order.append(self.either())
            else:
                named[name] = self.either()
            if self.braces and self.take("}"):
                self.braces = 0
            if self.at < len(self.tokens):
                self.need(",")
        if self.braces:
            raise _NotToldHere
        return in_order, named

    def argument_name(self) -> str | None:
        token = self.peek()
        if token and token.kind == "label":
            self.at += 1
            return token.text[:-1]
        after = self.tokens[self.at + 1] if self.at + 1 < len(self.tokens) else None
        if token and token.kind == "symbol" and after and after.text == "=>":
            self.at += 2
            return token.text[1:]
        return None

    def either(self) -> Operand:
        self.depth += 1
        if self.depth > DEEPEST:
            raise _NotToldHere
        found = self.sum()
        while self.take("||", "or"):
            found = otherwise(found, self.sum())
        self.depth -= 1
        return found

    def sum(self) -> Operand:
        found = self.product()
        while sign := self.take("+", "-"):
            found = calculated(sign, found, self.product())
        return found

    def product(self) -> Operand:
        found = self.signed()
        while sign := self.take("*", "/", "%"):
            right = self.signed()
            if sign == "/" and not isinstance(found, float) and not isinstance(right, float):
                sign = "//"
            found = calculated(sign, found, right)
        return found

    def signed(self) -> Operand:
        negative = False
        while self.take("-"):
            negative = not negative
        found = self.called()
        return calculated("-", 0, found) if negative else found

    def called(self) -> Operand:
        found = self.single()
        while self.take("."):
            method = self.next("name").text
            if self.take("("):
                self.need(")")
            if method in CONVERSIONS:
                found = converted(found, CONVERSIONS[method])
            elif method in TIMES:
                found = calculated("*", found, TIMES[method])
            elif method not in UNCHANGED:
                raise _NotToldHere
        return found

    def single(self) -> Operand:
        if self.take("("):
            return self.closed(")")
        if self.take("["):
            return self.items()
        token = self.next()
        simple = _literal(token)
        if simple is not None:
            return simple[0]
        if token.kind != "name":
            raise _NotToldHere
        if token.text == "ENV":
            return self.environment()
        if token.text in CONVERSIONS and self.take("("):
            return converted(self.closed(")"), CONVERSIONS[token.text])
        if token.text in self.names:
            return self.names[token.text]
        raise _NotToldHere

    def items(self) -> Value:
        found: list[Value] = []
        while not self.take("]"):
            found.append(settled(self.either()))
            if not self.take(","):
                self.need("]")
                break
        return found

    def environment(self) -> Operand:
        """`ENV["X"]`, `ENV.fetch("X")`, `ENV.fetch("X", 5)`, `ENV.fetch("X") { 5 }`."""
        if self.take("["):
            name = self.closed("]")
            return self.of_environment(name, None)
        self.need(".")
        if self.next("name").text != "fetch":
            raise _NotToldHere
        self.need("(")
        name = self.either()
        default: Operand = None
        if self.take(","):
            default = self.either()
        self.need(")")
        if self.take("{"):
            default = self.closed("}")
        return self.of_environment(name, default)

    def of_environment(self, name: Operand, default: Operand) -> Operand:
        if not isinstance(name, str):
            raise _NotToldHere
        return otherwise(FromEnvironment((name,)), default)

    def closed(self, sign: str) -> Operand:
        found = self.either()
        self.need(sign)
        return found

    def peek(self) -> _Token | None:
        return self.tokens[self.at] if self.at < len(self.tokens) else None

    def next(self, kind: str = "") -> _Token:
        token = self.peek()
        if token is None or (kind and token.kind != kind):
            raise _NotToldHere
        self.at += 1
        return token

    def take(self, *signs: str) -> str:
        token = self.peek()
        if token and token.kind in ("sign", "name") and token.text in signs:
            self.at += 1
            return token.text
        return ""

    def need(self, sign: str) -> None:
        if not self.take(sign):
            raise _NotToldHere


def _literal(token: _Token) -> tuple[Value] | None:
    """In a tuple, because nothing (`nil`) is a value too."""
    text = token.text
    if token.kind == "number":
        digits = text.replace("_", "")
        if len(digits) > 1 and digits[0] == "0" and "." not in digits:
            raise _NotToldHere
        return (float(digits) if "." in digits else int(digits[:100]),)
    if token.kind == "double":
        if "#{" in text or r"\u" in text or r"\x" in text:
            raise _NotToldHere
        return (ESCAPE.sub(lambda found: ESCAPED.get(found[1], found[1]), text[1:-1]),)
    if token.kind == "single":
        return (re.sub(r"\\([\\'])", r"\1", text[1:-1]),)
    if token.kind == "symbol":
        return (text[1:],)
    if token.kind == "words":
        return (list(text[3:-1].split()),)
    return (CONSTANTS[text],) if text in CONSTANTS else None
