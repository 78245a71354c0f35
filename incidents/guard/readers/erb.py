"""ERB in a file of another format: taken out before that is read, and put back as values.

What is between `<%=` and `%>` is read as Ruby and never run. What stands under `<% if … %>` is not
known: nobody can tell whether it is there.
"""

import re
from dataclasses import dataclass, field

from django.utils.translation import gettext

from incidents.guard.configuration import CannotRead, Unknown, Value
from incidents.guard.readers import ruby_values
from incidents.guard.readers.computed import Operand
from incidents.guard.readers.found import line_at, plain

TAG = re.compile(r"<%(?P<kind>[=#%-]?)(?P<code>.*?)-?%>", re.DOTALL)
# From the private use area: no file that is read by people has them.
OPEN, CLOSE = "\ue0e0", "\ue0e1"
PLACE = re.compile(f"{OPEN}([0-9]+){CLOSE}")
ASSIGNMENT = re.compile(r"\s*([a-z_]\w*)\s*=(?![=~])(.*)", re.DOTALL)
OPENS = re.compile(
    r"\s*(?:if|unless|case|while|until|for|begin)\b|.*(?:\bdo|\{)\s*(?:\|[^|]*\|)?\s*\Z", re.DOTALL
)
CLOSES = re.compile(r"\s*(?:end\b|\})")
LONGEST_SHOWN = 60
MOST_NAMES = 1_000


@dataclass(slots=True)
class Template:
    text: str
    tags: list[str] = field(default_factory=list)
    values: list[Value] = field(default_factory=list)
    # For each line of `text`, from 0, that of the file, from 1. Empty: they are the same.
    lines: list[int] = field(default_factory=list)
    # The lines of the file under a condition, both included, and which one.
    conditions: list[tuple[int, int, str]] = field(default_factory=list)

    def line(self, number: int) -> int:
        """The line of the file, from 1, of a line of `text`, from 0."""
        if not self.lines:
            return number + 1
        return self.lines[min(number, len(self.lines) - 1)]

    def condition(self, line: int) -> str | None:
        for first, last, reason in self.conditions:
            if first <= line <= last:
                return reason
        return None

    def restored(self, text: str) -> str:
        """With the tags as they were written."""
        return PLACE.sub(lambda found: self.tags[int(found[1])], text) if self.tags else text

    def value(self, text: str, *, quoted: bool) -> Value:
        """What a text, in which tags may have been, comes to."""
        if OPEN not in text:
            return text
        numbers = [int(found[1]) for found in PLACE.finditer(text)]
        values = [self.values[number] for number in numbers]
        for value in values:
            if isinstance(value, Unknown):
                return value
        if len(values) == 1 and not quoted and PLACE.fullmatch(text):
            return values[0]
        parts = iter(values)
        filled = PLACE.sub(lambda _: str(next(parts)), text)
        return filled if quoted else plain(filled)


def template(text: str) -> Template:
    """Raises `CannotRead` for a tag without an end."""
    if "<%" not in text:
        return Template(text)
    if OPEN in text or CLOSE in text:
        raise CannotRead(gettext("It holds characters of Unicode's private use area."))
    return _Taking(text).out()


class _Taking:
    def __init__(self, text: str) -> None:
        self.source = text
        self.names: dict[str, Operand] = {}
        self.open: list[tuple[int, str]] = []
        self.result = Template("", lines=[1])
        self.parts: list[str] = []
        self.line = 1

    def out(self) -> Template:
        position = 0
        for tag in TAG.finditer(self.source):
            self.keep(self.source[position : tag.start()])
            self.take(tag)
            position = tag.end()
        rest = self.source[position:]
        if "<%" in rest:
            at = line_at(self.source, position + rest.index("<%"))
            raise CannotRead(gettext("“<%” has no “%>” after it."), line=at)
        self.keep(rest)
        for first, reason in self.open:
            self.result.conditions.append((first, self.line, reason))
        self.result.text = "".join(self.parts)
        return self.result

    def keep(self, text: str) -> None:
        self.parts.append(text)
        for _ in range(text.count("\n")):
            self.line += 1
            self.result.lines.append(self.line)

    def take(self, tag: re.Match[str]) -> None:
        """Of a tag of several lines none is left: they would end the value that it stands in."""
        kind, code = tag["kind"], tag["code"]
        if kind == "%":
            self.keep(tag[0])
            return
        if kind == "=":
            self.parts.append(f"{OPEN}{len(self.result.tags)}{CLOSE}")
            self.result.tags.append(tag[0])
            self.result.values.append(ruby_values.value(code, self.names))
        elif kind != "#":
            self.control(code)
        self.line += tag[0].count("\n")

    def control(self, code: str) -> None:
        assigned = ASSIGNMENT.fullmatch(code)
        if CLOSES.match(code):
            if self.open:
                first, reason = self.open.pop()
                self.result.conditions.append((first, self.line, reason))
        elif OPENS.match(code):
            shown = " ".join(code.split())[:LONGEST_SHOWN]
            self.open.append(
                (
                    self.line,
                    gettext("it stands under “<%% %(shown)s %%>”, line %(line)s")
                    % {"shown": shown, "line": self.line},
                )
            )
        elif assigned and len(self.names) < MOST_NAMES:
            value: Operand = ruby_values.operand(assigned[2], self.names)
            self.names[assigned[1]] = value if not self.open else Unknown(self.open[-1][1])
