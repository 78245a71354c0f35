"""Values that hold others, as YAML, JSON and TOML have them, and what they come to as settings."""

from collections.abc import Iterator
from dataclasses import dataclass, field

from incidents.guard.configuration import Value
from incidents.guard.readers.found import DEEPEST, MOST_NODES, Found, too_deep, too_large


@dataclass(slots=True)
class Scalar:
    value: Value
    written: str
    line: int


@dataclass(slots=True)
class Items:
    line: int
    written: str = ""
    nodes: list["Node"] = field(default_factory=list)


@dataclass(slots=True)
class Entry:
    key: str
    line: int
    node: "Node"


@dataclass(slots=True)
class Table:
    line: int
    entries: list[Entry] = field(default_factory=list)
    # What YAML's `<<` names: entries for the keys that the table itself lacks.
    merged: list["Table"] = field(default_factory=list)


Node = Scalar | Items | Table


def settings(root: Node, document: int = 1) -> Iterator[Found]:
    """A list of plain values is one setting; of a list of tables each has its number in the path.

    Raises `CannotRead` for what stands for too much: nodes may be shared, as YAML's aliases are.
    """
    yield from _Walk(document).of(root, (), root.line)


class _Walk:
    def __init__(self, document: int) -> None:
        self.document = document
        self.visited = 0

    def of(self, node: Node, path: tuple[str, ...], line: int) -> Iterator[Found]:
        self.count(node)
        if len(path) > DEEPEST:
            raise too_deep(line)
        if isinstance(node, Scalar):
            if path:
                yield Found(path, node.value, node.written, line, self.document)
        elif isinstance(node, Table):
            for entry in self.entries(node):
                yield from self.of(entry.node, (*path, entry.key), entry.line)
        elif path and all(isinstance(each, Scalar) for each in node.nodes):
            yield Found(path, self.values(node), node.written, line, self.document)
        else:
            for number, each in enumerate(node.nodes):
                yield from self.of(each, (*path, str(number)), each.line)

    def values(self, items: Items) -> list[Value]:
        self.count(*items.nodes)
        return [node.value for node in items.nodes if isinstance(node, Scalar)]

    def entries(self, table: Table, depth: int = 0) -> list[Entry]:
        if not table.merged:
            return table.entries
        if depth > DEEPEST:
            raise too_deep(table.line)
        found = list(table.entries)
        for other in table.merged:
            known = {entry.key for entry in found}
            lacking = [each for each in self.entries(other, depth + 1) if each.key not in known]
            self.count(other, *lacking)
            found += lacking
        return found

    def count(self, *nodes: Node | Entry) -> None:
        self.visited += len(nodes)
        if self.visited > MOST_NODES:
            raise too_large(nodes[0].line)
