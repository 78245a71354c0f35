"""Settings in Ruby, as unicorn, puma and Rails have them: read, and never run.

A line `timeout 30` at the top of the file is a setting, and so is `config.timeout = 30` in a block
that configures. What stands under a condition is not known; what other blocks do is left out.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from django.utils.translation import gettext

from incidents.guard.configuration import CannotRead, Unknown
from incidents.guard.readers import ruby_values
from incidents.guard.readers.computed import Operand, settled
from incidents.guard.readers.found import DEEPEST, Format, Found, too_deep
from incidents.guard.readers.ruby_statements import Statement, statements

MOST_BYTES = 250_000
# In a block of these, settings are the file's own: it only says what is configured.
TRANSPARENT = {"class", "module"}
CONFIGURING = re.compile(r"configur|\bconfig\b|\bsetup\b|\bset_defaults\b")
ASSIGNMENT = re.compile(r"(?P<name>[A-Za-z_]\w*)\s*(?:\|\|)?=(?![=~>])\s*(?P<value>.+)", re.DOTALL)
CONFIGURED = re.compile(
    r"(?P<object>[A-Za-z_]\w*(?:::\w+)*)\.(?P<path>[a-z_][\w.]*)\s*=(?![=~>])\s*(?P<value>.+)",
    re.DOTALL,
)
CALLED = re.compile(
    r"(?P<name>[a-z_]\w*[!?]?)(?:\((?P<inside>.*)\)|\s+(?P<after>(?![=+*/<>&|?.,{]|-\s|%(?![wi][\[({])).+))?",
    re.DOTALL,
)
NOT_SETTINGS = {
    *("require", "require_relative", "load", "include", "extend", "puts", "p", "print", "warn"),
    *("raise", "exit", "abort", "return", "else", "elsif", "when", "rescue", "ensure", "then"),
    *("eval", "system", "exec", "private", "public", "attr_accessor", "in", "end"),
}
# What the arguments of a setting are called.
PARTS = {"threads": ("min", "max")}


@dataclass(frozen=True, slots=True)
class _Block:
    word: str
    line: int
    # `if` and its like: a setting in it may be there or not. Of what else is neither, such as the
    # body of a method, nothing is read.
    conditional: bool = False
    transparent: bool = False


def read(text: str) -> Iterator[Found]:
    return _File().all(text)


@dataclass(slots=True)
class _File:
    names: dict[str, Operand] = field(default_factory=dict)
    blocks: list[_Block] = field(default_factory=list)

    def all(self, text: str) -> Iterator[Found]:
        for statement in statements(text):
            if not statement.opens:
                yield from self.one(statement)
            self.go_in(statement)
        if self.blocks:
            block = self.blocks[-1]
            raise CannotRead(
                gettext("No “end” was found for “%(word)s”.") % {"word": block.word},
                line=block.line,
            )

    def go_in(self, statement: Statement) -> None:
        configures = bool(CONFIGURING.search(statement.text))
        for word in statement.opens:
            transparent = word in TRANSPARENT or (word == "do" and configures)
            conditional = word not in ("do", "def") and not transparent
            self.blocks.append(_Block(word, statement.line, conditional, transparent))
        if len(self.blocks) > DEEPEST:
            raise too_deep(statement.line)
        for _ in range(statement.ends):
            if not self.blocks:
                raise CannotRead(
                    gettext("“end” closes nothing that was found."), line=statement.line
                )
            self.blocks.pop()

    def one(self, statement: Statement) -> Iterator[Found]:
        reason = ""
        for block in self.blocks:
            if block.conditional:
                reason = reason or gettext("it is set under “%(word)s” in line %(line)s") % {
                    "word": block.word,
                    "line": block.line,
                }
            elif not block.transparent:
                return
        if statement.qualifier:
            reason = gettext("it is set only “%(qualifier)s”") % {"qualifier": statement.qualifier}
        for found in self.settings(statement, reason):
            value = Unknown(reason) if reason else found.value
            yield Found(found.path, value, found.written, found.line)

    def settings(self, statement: Statement, reason: str) -> Iterator[Found]:
        text, line = statement.text, statement.line
        if assigned := ASSIGNMENT.fullmatch(text):
            name = assigned["name"]
            value = (
                Unknown(reason) if reason else ruby_values.operand(assigned["value"], self.names)
            )
            self.names[name] = value
            if name[0].isupper():
                yield Found((name,), settled(value), assigned["value"], line)
        elif configured := CONFIGURED.fullmatch(text):
            path = tuple(configured["path"].split("."))
            if configured["object"][0].isupper():
                path = (configured["object"], *path)
            if "" not in path:
                known = ruby_values.value(configured["value"], self.names)
                yield Found(path, known, configured["value"], line)
        elif called := CALLED.fullmatch(text):
            yield from self.called(called, line)

    def called(self, call: re.Match[str], line: int) -> Iterator[Found]:
        name = call["name"]
        if name in NOT_SETTINGS or name in self.names:
            return
        written = (call["inside"] or call["after"] or "").strip()
        key = name.rstrip("!?")
        in_order, named = ruby_values.arguments(written, self.names)
        values = [settled(each) for each in in_order]
        if not values and not named:
            # `preload_app!` switches something on.
            yield Found((key,), value=True, written=name, line=line)
        elif values:
            yield Found((key,), values[0] if len(values) == 1 else values, written, line)
        for part, value in zip(PARTS.get(key, ()), values, strict=False):
            yield Found((key, part), value, written, line)
        for part, operand in named.items():
            yield Found((key, part), settled(operand), written, line)


FORMAT = Format(read, most_bytes=MOST_BYTES)
