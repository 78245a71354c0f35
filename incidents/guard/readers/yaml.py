"""YAML, of several documents, with ERB in it where Ruby's tools allow that.

The tree is put together from the parser's events: the loader's own way of doing so ends the process
on deep nesting, and takes a merge key (`<<`) as often as it stands for.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import yaml
from django.utils.translation import gettext, gettext_noop

from incidents.guard.configuration import CannotRead, Unknown, Value
from incidents.guard.readers import erb
from incidents.guard.readers.found import DEEPEST, MOST_NODES, Format, Found, too_deep, too_large
from incidents.guard.readers.tree import Entry, Items, Node, Scalar, Table, settings

# The types of the events lack their marks and tags.
Event = Any
LOADER: type = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
CORE = "tag:yaml.org,2002:"
STRUCTURES = {None, "!", *(CORE + name for name in ("map", "seq", "set", "omap", "pairs"))}
SYMBOL = re.compile(r"^:(?=[A-Za-z_])")
LONGEST_INTEGER = 100
MADE_FIRST = gettext_noop("Of a template (“{{ … }}”), check what it is made into.")

BOOLEAN = {"true": True, "True": True, "TRUE": True, "false": False, "False": False, "FALSE": False}
NOTHING = {"", "~", "null", "Null", "NULL"}
# `yes`, `022`, `1_000` and `22:22` are other values in YAML 1.1 than in 1.2: they stay as typed.
INTEGER = re.compile(r"[-+]?(?:0|[1-9][0-9]*)|0x[0-9a-fA-F]+")
DECIMAL = re.compile(r"[-+]?(?:[0-9]+)\.[0-9]*(?:[eE][-+][0-9]+)?|[-+]?\.[0-9]+(?:[eE][-+][0-9]+)?")


def read(text: str) -> Iterator[Found]:
    template = erb.template(text)
    try:
        for number, root in enumerate(_Documents(template).all(), start=1):
            yield from settings(root, number)
    except yaml.YAMLError as error:
        raise _cannot_read(error, template) from None


def _cannot_read(error: yaml.YAMLError, template: erb.Template) -> CannotRead:
    mark = getattr(error, "problem_mark", None) or getattr(error, "context_mark", None)
    position = getattr(error, "position", None)
    line = template.line(mark.line) if mark else None
    if position is not None:
        line = template.line(template.text.count("\n", 0, position))
    problem = getattr(error, "problem", None) or getattr(error, "reason", None) or str(error)
    says = gettext("It is not YAML: %(problem)s.") % {"problem": " ".join(problem.split())}
    return CannotRead(says + advice(template.text), line=line)


def advice(text: str) -> str:
    return f" {gettext(MADE_FIRST)}" if "{{" in text else ""


@dataclass(slots=True)
class _Open:
    node: Items | Table
    start: int
    tag: str | None
    anchor: str | None
    key: Entry | None = None
    merge: bool = False


class _Documents:
    def __init__(self, template: erb.Template) -> None:
        self.template = template
        self.text = template.text
        self.above: list[_Open] = []
        self.anchors: dict[str, Node] = {}
        self.nodes = 0

    def all(self) -> Iterator[Node]:
        for event in yaml.parse(self.text, Loader=LOADER):
            if isinstance(event, yaml.NodeEvent):
                root = self.begin(event)
            elif isinstance(event, yaml.CollectionEndEvent):
                root = self.end(event)
            else:
                self.anchors.clear()
                continue
            if root is not None:
                yield root

    def begin(self, event: Event) -> Node | None:
        """The root of a document, once it is whole."""
        line = self.template.line(event.start_mark.line)
        self.nodes += 1
        if self.nodes > MOST_NODES:
            raise too_large(line)
        if isinstance(event, yaml.AliasEvent):
            if event.anchor not in self.anchors:
                raise CannotRead(
                    gettext("Nothing before it is called “%(anchor)s”.") % {"anchor": event.anchor},
                    line=line,
                )
            return self.put(self.anchors[event.anchor], event)
        node: Node
        if isinstance(event, yaml.ScalarEvent):
            node = Scalar(self.value(event, line), self.written(event), line)
        else:
            node = Items(line) if isinstance(event, yaml.SequenceStartEvent) else Table(line)
        if event.anchor is not None:
            self.anchors[event.anchor] = node
        if isinstance(event, yaml.ScalarEvent):
            return self.put(node, event)
        if self.above and isinstance(self.above[-1].node, Table) and self.above[-1].key is None:
            raise self.no_key(line)
        if len(self.above) >= DEEPEST:
            raise too_deep(line)
        if isinstance(node, Items | Table):
            self.above.append(_Open(node, event.start_mark.index, event.tag, event.anchor))
        return None

    def end(self, event: Event) -> Node | None:
        closed = self.above.pop()
        written = self.template.restored(self.text[closed.start : event.end_mark.index].strip())
        node: Node = closed.node
        if closed.tag not in STRUCTURES:
            node = Scalar(_made_by(closed.tag), written, node.line)
            if closed.anchor is not None:
                self.anchors[closed.anchor] = node
        elif isinstance(node, Items):
            node.written = written
        return self.put(node, event)

    def put(self, node: Node, event: Event) -> Node | None:
        if not self.above:
            return node
        into = self.above[-1]
        if isinstance(into.node, Items):
            into.node.nodes.append(node)
        elif into.key is None:
            into.key = self.key(node, event)
            into.merge = isinstance(event, yaml.ScalarEvent) and _is_merge(event)
        else:
            if into.merge:
                into.node.merged += _tables(node)
            else:
                into.key.node = node
                into.node.entries.append(into.key)
            into.key = None
        return None

    def key(self, node: Node, event: Event) -> Entry:
        if not isinstance(node, Scalar):
            raise self.no_key(self.template.line(event.start_mark.line))
        name = node.value if isinstance(node.value, str) else node.written
        # Symbols of Ruby, as in sidekiq.yml: `:concurrency: 5`.
        return Entry(SYMBOL.sub("", name), self.template.line(event.start_mark.line), node)

    def no_key(self, line: int) -> CannotRead:
        says = gettext("A key is a list or a table; only texts are read.")
        return CannotRead(says + advice(self.text), line=line)

    def written(self, event: Event) -> str:
        text = self.text[event.start_mark.index : event.end_mark.index].strip()
        return self.template.restored(text)

    def value(self, event: Event, line: int) -> Value:
        value = _typed(event)
        if isinstance(value, str):
            value = self.template.value(value, quoted=not event.implicit[0])
        if condition := self.template.condition(line):
            return Unknown(condition)
        return value


def _is_merge(event: Event) -> bool:
    return bool(event.value == "<<" and event.implicit[0])


def _tables(node: Node) -> list[Table]:
    """What `<<` names: a table, or a list of them."""
    nodes = node.nodes if isinstance(node, Items) else [node]
    tables = [each for each in nodes if isinstance(each, Table)]
    if len(tables) < len(nodes):
        raise CannotRead(gettext("“<<” names something that is not a table."), line=node.line)
    return tables


def _typed(event: Event) -> Value:
    text: str = event.value
    plain_tag = event.tag is None and event.implicit[0]
    if not plain_tag:
        tag = event.tag or ""
        if tag in ("", "!", CORE + "str"):
            return text
        if tag not in (CORE + name for name in ("int", "float", "bool", "null", "timestamp")):
            return _made_by(tag)
    if text in NOTHING:
        return None
    if text in BOOLEAN:
        return BOOLEAN[text]
    if INTEGER.fullmatch(text) and len(text) <= LONGEST_INTEGER:
        return int(text, 16 if text.startswith("0x") else 10)
    return float(text) if DECIMAL.fullmatch(text) else text


def _made_by(tag: str | None) -> Unknown:
    return Unknown(
        gettext("what “%(tag)s” makes of it is up to the program that reads the file")
        % {"tag": tag}
    )


FORMAT = Format(read)
