"""YAML that a program writes and people read: what was written is read again to the letter.

One value has one text, in the order in which it is given, with nothing folded at a width: a change
of one value is a change of its lines alone.
"""

import re
from collections.abc import Iterator, Mapping
from typing import Any

import yaml

from incidents.lib.plain_yaml import NotYaml
from incidents.lib.quick_yaml import NotQuick, plain_value, quickly_loaded

MOST_VALUES = 1_000_000
DEEPEST = 100
Value = str | int | float | bool | list[Any] | dict[str, Any] | None

# What a file shows as it is. The others (control characters, further line ends that some programs
# know, marks of the byte order, halves of characters) are told by their numbers.
_SHOWN = re.compile("[^\x00-\x08\x0b-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff\ufeff\ufffe\uffff]*")
# The parser in C knows no halves of characters.
_HALF = re.compile("\\\\u[dD][89a-fA-F]|[\ud800-\udfff]")


def is_shown(text: str) -> bool:
    """Whether a file can have the text as it is, and no program takes a line of it for two."""
    return _SHOWN.fullmatch(text) is not None


class _Dumper(yaml.SafeDumper):
    def ignore_aliases(self, data: Any) -> bool:  # noqa: ARG002 (as the library has it)
        return True


def _text(dumper: yaml.SafeDumper, text: str) -> yaml.ScalarNode:
    style = None
    if not is_shown(text):
        style = '"'
    elif "\n" in text:
        # As it is, line by line. Where YAML cannot, as before spaces at the end of a line, the
        # library writes quotes.
        style = "|"
    return dumper.represent_scalar("tag:yaml.org,2002:str", text, style=style)


_Dumper.add_representer(str, _text)


def dumped(value: Mapping[str, Any]) -> str:
    return str(
        yaml.dump(
            value,
            Dumper=_Dumper,
            allow_unicode=True,
            default_flow_style=False,
            sort_keys=False,
            width=float("inf"),
        )
    )


def loaded(text: str) -> Value:
    """The one document of the text. Raises `NotYaml`.

    Times are texts, as they stand there. An alias, a tag and a name that comes twice are refused,
    and so is what has more than `MOST_VALUES`: a short text cannot stand for a long one.
    """
    try:
        return quickly_loaded(text)
    except NotQuick:
        return parsed(text)


def parsed(text: str) -> Value:
    """As `loaded`, by the parser. Raises `NotYaml`."""
    quick = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    loader = yaml.SafeLoader if _HALF.search(text) else quick
    try:
        return _Reader(yaml.parse(text, loader)).document()
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        problem = getattr(error, "problem", None) or str(error)
        raise NotYaml(_place(mark) + " ".join(problem.split())) from None


def _place(mark: Any) -> str:
    return f"line {mark.line + 1}: " if mark else ""


class _Reader:
    """Makes values of what the parser tells, one after another, without a tree between."""

    def __init__(self, events: Iterator[Any]) -> None:
        self.events = events
        self.left = MOST_VALUES

    def document(self) -> Value:
        next(self.events)
        event = next(self.events)
        if isinstance(event, yaml.StreamEndEvent):
            return None
        value = self.value(next(self.events), depth=0)
        next(self.events)
        if not isinstance(next(self.events), yaml.StreamEndEvent):
            raise NotYaml("There are several documents in it.")
        return value

    def value(self, event: Any, *, depth: int) -> Value:
        self.left -= 1
        where = _place(event.start_mark)
        if self.left < 0:
            raise NotYaml(f"{where}there are more than {MOST_VALUES:,} values")
        if depth > DEEPEST:
            raise NotYaml(f"{where}there are more than {DEEPEST} lists in one another")
        if isinstance(event, yaml.AliasEvent):
            raise NotYaml(f"{where}aliases (*name) are not read")
        if event.anchor is not None:
            raise NotYaml(f"{where}anchors (&name) are not read")
        if event.tag not in {None, "!"}:
            raise NotYaml(f"{where}tags (!name) are not read")
        if isinstance(event, yaml.ScalarEvent):
            return self.scalar(event)
        if isinstance(event, yaml.SequenceStartEvent):
            return [self.value(each, depth=depth + 1) for each in self.until(yaml.SequenceEndEvent)]
        return self.mapping(depth)

    def mapping(self, depth: int) -> dict[str, Any]:
        found: dict[str, Any] = {}
        for event in self.until(yaml.MappingEndEvent):
            name = self.value(event, depth=depth + 1)
            where = _place(event.start_mark)
            if not isinstance(name, str):
                raise NotYaml(f'{where}a name has to be a text, such as "12"')
            if name in found:
                raise NotYaml(f"{where}“{name[:60]}” is there twice")
            found[name] = self.value(next(self.events), depth=depth + 1)
        return found

    def until(self, end: type[yaml.Event]) -> Iterator[Any]:
        while not isinstance(event := next(self.events), end):
            yield event

    def scalar(self, event: Any) -> Value:
        text: str = event.value
        if event.style or event.tag == "!":
            return text
        try:
            return plain_value(text)
        except ValueError as error:
            raise NotYaml(f"{_place(event.start_mark)}{error}") from None
