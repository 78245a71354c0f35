"""Every regular expression of our own, with texts that are made to be slow for it."""

import ast
import importlib
import pkgutil
import re
import re._constants as constants
import re._parser as parser
from collections.abc import Iterable, Iterator
from itertools import product
from typing import Any

import incidents
from tests.architecture.source import modules

OF_RE = {"compile", "findall", "finditer", "fullmatch", "match", "search", "split", "sub", "subn"}
# What most patterns stop at, and what many go through.
ALWAYS = " a0\n"
ENDS = ("", "\x00", "!")
# From every place of a text.
ANYWHERE = frozenset({"findall", "finditer", "search", "split", "sub", "subn"})
MOST_SIGNS = 8


def own_patterns() -> dict[str, re.Pattern[str]]:
    """By where each is: those that a module keeps, and those that stand in a call."""
    found: dict[str, re.Pattern[str]] = {}
    for package in pkgutil.walk_packages(incidents.__path__, "incidents."):
        if ".migrations" not in package.name:
            module = importlib.import_module(package.name)
            for name, value in vars(module).items():
                for place, pattern in within(value):
                    found.setdefault(f"{package.name}.{name}{place}", pattern)
    for source in modules():
        for line, pattern in in_calls(source.tree):
            found[f"{source.path}:{line}"] = pattern
    once = {pattern: where for where, pattern in reversed(found.items())}
    return {where: pattern for pattern, where in sorted(once.items(), key=lambda one: one[1])}


def within(value: object) -> Iterator[tuple[str, re.Pattern[str]]]:
    if isinstance(value, re.Pattern) and isinstance(value.pattern, str):
        yield "", value
    elif isinstance(value, dict):
        for key, each in value.items():
            for place, pattern in within(each):
                yield f"[{key!r}]{place}", pattern
    elif isinstance(value, list | tuple):
        for number, each in enumerate(value):
            for place, pattern in within(each):
                yield f"[{number}]{place}", pattern


def in_calls(tree: ast.AST) -> Iterator[tuple[int, re.Pattern[str]]]:
    for node in ast.walk(tree):
        match node:
            case ast.Call(
                func=ast.Attribute(value=ast.Name(id="re"), attr=attribute),
                args=[ast.Constant(value=str(text)), *_],
            ) if attribute in OF_RE - {"compile"}:
                yield node.lineno, re.compile(text)


def evil_texts(pattern: re.Pattern[str], length: int) -> Iterator[str]:
    """Each sign that the pattern speaks of, and each two of them, over and over, and then one that
    fits nowhere: what a pattern that may read a text in many ways tries all of."""
    signs = list(dict.fromkeys([*signs_in(pattern), *ALWAYS]))[:MOST_SIGNS]
    pieces = [*signs, *("".join(two) for two in product(signs, signs) if two[0] != two[1])]
    for piece in pieces:
        for end in ENDS:
            yield piece * (length // len(piece)) + end
    for first, second in product(signs, signs):
        yield first + second * length


def signs_in(pattern: re.Pattern[str]) -> list[str]:
    flags = pattern.flags & ~re.UNICODE
    return list(dict.fromkeys(signs_of(parser.parse(pattern.pattern, flags))))


def signs_of(parsed: Iterable[Any]) -> Iterator[str]:
    """Of each literal itself, of each range its ends, of each class one of its members."""
    classes = {
        constants.CATEGORY_DIGIT: "7",
        constants.CATEGORY_SPACE: "\t",
        constants.CATEGORY_WORD: "w",
        constants.CATEGORY_NOT_DIGIT: "x",
        constants.CATEGORY_NOT_SPACE: "x",
        constants.CATEGORY_NOT_WORD: "-",
    }
    for operation, argument in parsed:
        if operation is constants.LITERAL:
            yield chr(argument)
        elif operation is constants.RANGE:
            yield chr(argument[0])
        elif operation is constants.CATEGORY:
            yield classes[argument]
        elif operation is constants.IN or isinstance(argument, parser.SubPattern):
            yield from signs_of(argument)
        elif isinstance(argument, tuple | list):
            yield from signs_of_parts(argument)


def signs_of_parts(parts: Iterable[Any]) -> Iterator[str]:
    for part in parts:
        if isinstance(part, parser.SubPattern):
            yield from signs_of(part)
        elif isinstance(part, list):
            yield from signs_of_parts(part)


def tried(pattern: re.Pattern[str], asked: frozenset[str], length: int) -> int:
    """How many texts it was asked about, in the ways in which it is asked."""
    count = 0
    for count, text in enumerate(evil_texts(pattern, length), start=1):  # noqa: B007
        pattern.match(text)
        pattern.fullmatch(text)
        if asked & ANYWHERE:
            for _ in pattern.finditer(text):
                continue
    return count


def ways_asked() -> dict[str, frozenset[str]]:
    """By the last part of a name, which methods are called on what is called so."""
    found: dict[str, set[str]] = {}
    for source in modules():
        for node in ast.walk(source.tree):
            match node:
                case ast.Attribute(value=ast.Name(id=name), attr=method) if method in OF_RE:
                    found.setdefault(name, set()).add(method)
    return {name: frozenset(methods) for name, methods in found.items()}


def asked_how(where: str, ways: dict[str, frozenset[str]]) -> frozenset[str]:
    """One of which it is not seen how it is asked may be asked anywhere."""
    return ways.get(where.rpartition(".")[2], ANYWHERE)
