"""What an expression is made of, once it is read."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cached_property

Constant = str | int | float | bool | None


@dataclass(frozen=True)
class Node:
    """`depth` counts the levels of the tree from here down."""

    @cached_property
    def depth(self) -> int:
        return 1 + max((node.depth for node in self.parts()), default=0)

    def parts(self) -> Iterator["Node"]:
        yield from ()


@dataclass(frozen=True)
class Literal(Node):
    value: Constant


@dataclass(frozen=True)
class ListOf(Node):
    items: tuple[Node, ...]

    def parts(self) -> Iterator[Node]:
        yield from self.items


@dataclass(frozen=True)
class Name(Node):
    """The first word of a path, or the variable of a macro."""

    name: str


@dataclass(frozen=True)
class Select(Node):
    base: Node
    field: str

    def parts(self) -> Iterator[Node]:
        yield self.base


@dataclass(frozen=True)
class Index(Node):
    base: Node
    at: Node

    def parts(self) -> Iterator[Node]:
        yield self.base
        yield self.at


@dataclass(frozen=True)
class Has(Node):
    """`has(a.b)`: whether a has a b, whatever it is."""

    selected: Select

    def parts(self) -> Iterator[Node]:
        yield self.selected


@dataclass(frozen=True)
class Call(Node):
    function: str
    arguments: tuple[Node, ...]

    def parts(self) -> Iterator[Node]:
        yield from self.arguments


@dataclass(frozen=True)
class Macro(Node):
    """`base.all(variable, predicate)` and its like."""

    kind: str
    base: Node
    variable: str
    predicate: Node

    def parts(self) -> Iterator[Node]:
        yield self.base
        yield self.predicate


@dataclass(frozen=True)
class Not(Node):
    of: Node

    def parts(self) -> Iterator[Node]:
        yield self.of


@dataclass(frozen=True)
class Negated(Node):
    of: Node

    def parts(self) -> Iterator[Node]:
        yield self.of


@dataclass(frozen=True)
class Binary(Node):
    operator: str
    left: Node
    right: Node

    def parts(self) -> Iterator[Node]:
        yield self.left
        yield self.right


@dataclass(frozen=True)
class And(Node):
    terms: tuple[Node, ...]

    def parts(self) -> Iterator[Node]:
        yield from self.terms


@dataclass(frozen=True)
class Or(Node):
    terms: tuple[Node, ...]

    def parts(self) -> Iterator[Node]:
        yield from self.terms


@dataclass(frozen=True)
class Conditional(Node):
    condition: Node
    then: Node
    otherwise: Node

    def parts(self) -> Iterator[Node]:
        yield self.condition
        yield self.then
        yield self.otherwise


@dataclass(frozen=True)
class Expression:
    """`names` are the paths that it reads from the configuration, as they are first met."""

    text: str
    root: Node
    names: tuple[str, ...] = field(default=())


def path_of(node: Node) -> tuple[str, ...] | None:
    """`("a", "b", "c")` of `a.b.c` and of `a["b"].c`; nothing of what is computed."""
    fields: list[str] = []
    while True:
        match node:
            case Name(name):
                return (name, *reversed(fields))
            case Select(base, name) | Index(base, Literal(str() as name)):
                fields.append(name)
                node = base
            case _:
                return None


def names_read(root: Node) -> tuple[str, ...]:
    """The paths of a whole expression, without the variables of its macros."""
    found: dict[str, None] = {}

    def walk(node: Node, bound: frozenset[str]) -> None:
        path = path_of(node)
        if path is not None:
            if path[0] not in bound:
                found[".".join(path)] = None
            return
        if isinstance(node, Macro):
            walk(node.base, bound)
            walk(node.predicate, bound | {node.variable})
            return
        for part in node.parts():
            walk(part, bound)

    walk(root, frozenset())
    return tuple(found)
