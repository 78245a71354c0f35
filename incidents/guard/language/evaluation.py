"""What an expression says of a configuration: it holds, it does not, or it cannot be told.

The logic has three values. What is not known stays unknown until something known decides all the
same: of `a || b` one that is true, of `a && b` one that is false, as CEL does with errors. So a
value that is missing never lets a guard pass in silence, and the answer names it.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from enum import Enum

from django.utils.translation import gettext

from incidents.guard.language.functions import FUNCTIONS, STEPS
from incidents.guard.language.tree import (
    And,
    Binary,
    Call,
    Conditional,
    Expression,
    Has,
    Index,
    ListOf,
    Literal,
    Macro,
    Name,
    Negated,
    Node,
    Not,
    Or,
    Select,
    path_of,
)
from incidents.guard.language.values import (
    LONGEST_TEXT,
    Known,
    Senseless,
    Undecided,
    Value,
    are_equal,
    as_number,
    as_switch,
    comparison,
    in_bounds,
    kind_of,
    shown,
)

MOST_STEPS = 20_000
LONGEST_LIST = 1_000
"""Items of a list that two lists are put together to."""


class Answer(Enum):
    HOLDS = "holds"
    VIOLATED = "violated"
    UNDECIDED = "not checked"


@dataclass(frozen=True)
class Verdict:
    """`used` are the values that were looked at, by path; `reasons` say why it cannot be told."""

    answer: Answer
    used: Mapping[str, Known] = field(default_factory=dict)
    reasons: tuple[str, ...] = ()
    missing: tuple[str, ...] = ()


class Configuration:
    """What an expression may ask for. A path's first step is a component, the rest is its key."""

    def value_at(self, path: tuple[str, ...]) -> Value:
        """A value, a group of values, or `Undecided` with the reason."""
        raise NotImplementedError

    def has(self, path: tuple[str, ...]) -> bool | Undecided:
        """Whether there is such a key; undecided where nothing is known of the component."""
        raise NotImplementedError


class TooLong(Exception):
    """An expression that takes more steps than a guard may."""


def evaluate(expression: Expression, configuration: Configuration) -> Verdict:
    """Never raises, and takes at most MOST_STEPS steps."""
    run = _Run(configuration)
    try:
        value = run.value(expression.root, {})
    except TooLong:
        value = Undecided(
            (
                gettext("it takes more than %(MOST_STEPS)s steps")
                % {"MOST_STEPS": f"{MOST_STEPS:,}"},
            )
        )
    if not isinstance(value, bool | Undecided):
        value = Undecided(
            (
                gettext("it gives %(shown)s, which is %(kind_of)s: a guard compares")
                % {"shown": shown(value), "kind_of": kind_of(value)},
            )
        )
    if isinstance(value, Undecided):
        return Verdict(Answer.UNDECIDED, run.used, value.reasons, value.names)
    return Verdict(Answer.HOLDS if value else Answer.VIOLATED, run.used)


Bound = Mapping[str, Known]


class _Run:
    """One evaluation, with what it may still spend."""

    def __init__(self, configuration: Configuration) -> None:
        self.configuration = configuration
        self.steps = 0
        self.used: dict[str, Known] = {}

    def value(self, node: Node, bound: Bound) -> Value:
        self.spend(1)
        try:
            return _EVALUATORS[type(node)](self, node, bound)
        except Senseless as error:
            return Undecided((str(error),))

    def spend(self, steps: int) -> None:
        self.steps += steps
        if self.steps > MOST_STEPS:
            raise TooLong

    def literal(self, node: Literal, _bound: Bound) -> Value:
        return node.value

    def list_of(self, node: ListOf, bound: Bound) -> Value:
        items = [self.value(item, bound) for item in node.items]
        return _unless_undecided(items, lambda *known: list(known))

    def path(self, node: Node, bound: Bound) -> Value:
        """A name, or a name with fields behind it."""
        path = path_of(node)
        if path is not None and path[0] not in bound:
            value = self.configuration.value_at(path)
            if not isinstance(value, Undecided | Mapping):
                self.used[".".join(path)] = value
            return value
        match node:
            case Name(name):
                return bound[name]
            case Select(base, field_):
                return self.within(self.value(base, bound), field_)
            case Index(base, at):
                found = self.value(base, bound)
                return _unless_undecided([found, self.value(at, bound)], self.within)
        raise TypeError(node)

    def within(self, base: Value, key: Known) -> Value:
        match base:
            case Undecided():
                return base
            case list():
                place = as_number(key, doing="count by")
                if isinstance(place, int) and 0 <= place < len(base):
                    return base[place]
                raise Senseless(
                    gettext("a list of %(base)s has no item %(shown)s")
                    % {"base": len(base), "shown": shown(key)}
                )
            case Mapping():
                if isinstance(key, str) and key in base:
                    return base[key]
                raise Senseless(gettext("there is no %(shown)s in it") % {"shown": shown(key)})
        raise Senseless(
            gettext("%(shown)s is %(kind_of)s: there is no %(shown2)s in it")
            % {"shown": shown(base), "kind_of": kind_of(base), "shown2": shown(key)}
        )

    def has(self, node: Has, bound: Bound) -> Value:
        path = path_of(node.selected)
        if path is not None and path[0] not in bound:
            return self.configuration.has(path)
        base = self.value(node.selected.base, bound)
        if isinstance(base, Mapping):
            return node.selected.field in base
        if isinstance(base, Undecided):
            return base
        raise Senseless(
            gettext("has() asks a group of values, not %(kind_of)s") % {"kind_of": kind_of(base)}
        )

    def call(self, node: Call, bound: Bound) -> Value:
        arguments = [self.value(argument, bound) for argument in node.arguments]
        # A long text is looked through: that is work, too.
        self.spend(sum(len(one) // 100 for one in arguments if isinstance(one, str)))
        self.spend(STEPS.get(node.function, 0))
        return _unless_undecided(arguments, FUNCTIONS[node.function])

    def macro(self, node: Macro, bound: Bound) -> Value:
        base = self.value(node.base, bound)
        if isinstance(base, Undecided):
            return base
        if not isinstance(base, list | Mapping):
            raise Senseless(
                gettext("%(kind)s() goes through a list, not %(kind_of)s")
                % {"kind": node.kind, "kind_of": kind_of(base)}
            )
        answers: list[bool | Undecided] = []
        for item in base:
            answer = self.switch(node.predicate, {**bound, node.variable: item})
            answers.append(answer)
            if (node.kind == "all" and answer is False) or (
                node.kind == "exists" and answer is True
            ):
                return answer
        undecided = [answer for answer in answers if isinstance(answer, Undecided)]
        if undecided:
            return _together(undecided)
        if node.kind == "exists_one":
            return answers.count(True) == 1
        return node.kind == "all"

    def switch(self, node: Node, bound: Bound) -> bool | Undecided:
        value = self.value(node, bound)
        if isinstance(value, Undecided):
            return value
        try:
            return as_switch(value, asks="a condition is one")
        except Senseless as error:
            return Undecided((str(error),))

    def not_(self, node: Not, bound: Bound) -> Value:
        value = self.switch(node.of, bound)
        return value if isinstance(value, Undecided) else not value

    def negated(self, node: Negated, bound: Bound) -> Value:
        value = self.value(node.of, bound)
        return _unless_undecided([value], lambda number: -as_number(number, doing="negate"))

    def and_(self, node: And, bound: Bound) -> Value:
        return self.decided_by(False, node.terms, bound)  # noqa: FBT003 (what decides)

    def or_(self, node: Or, bound: Bound) -> Value:
        return self.decided_by(True, node.terms, bound)  # noqa: FBT003 (what decides)

    def decided_by(self, deciding: bool, terms: tuple[Node, ...], bound: Bound) -> Value:  # noqa: FBT001
        undecided: list[Undecided] = []
        for term in terms:
            value = self.switch(term, bound)
            if isinstance(value, Undecided):
                undecided.append(value)
            elif value is deciding:
                return deciding
        return _together(undecided) if undecided else not deciding

    def conditional(self, node: Conditional, bound: Bound) -> Value:
        condition = self.switch(node.condition, bound)
        if isinstance(condition, Undecided):
            return condition
        return self.value(node.then if condition else node.otherwise, bound)

    def binary(self, node: Binary, bound: Bound) -> Value:
        both = [self.value(node.left, bound), self.value(node.right, bound)]
        if node.operator == "in":
            return _unless_undecided(both, self.is_in)
        # What is in a list is looked at one by one.
        self.spend(sum(_weight(value) for value in both))
        return _unless_undecided(both, _OPERATORS[node.operator])

    def is_in(self, item: Known, group: Known) -> bool:
        if isinstance(group, Mapping):
            return item in group
        if not isinstance(group, list):
            raise Senseless(
                gettext("“in” asks a list, not %(kind_of)s") % {"kind_of": kind_of(group)}
            )
        self.spend(_weight(group) + len(group) * _weight(item))
        return any(are_equal(item, one) for one in group)


_EVALUATORS: dict[type[Node], Callable[..., Value]] = {
    Literal: _Run.literal,
    ListOf: _Run.list_of,
    Name: _Run.path,
    Select: _Run.path,
    Index: _Run.path,
    Has: _Run.has,
    Call: _Run.call,
    Macro: _Run.macro,
    Not: _Run.not_,
    Negated: _Run.negated,
    And: _Run.and_,
    Or: _Run.or_,
    Conditional: _Run.conditional,
    Binary: _Run.binary,
}


def _weight(value: Value) -> int:
    """How many items are in a list and in the lists within, or more than may be looked at."""
    items = 0
    open_lists = [value] if isinstance(value, list) else []
    while open_lists and items <= MOST_STEPS:
        one = open_lists.pop()
        items += len(one)
        open_lists += [item for item in one if isinstance(item, list)]
    return items


def _unless_undecided(values: list[Value], do: Callable[..., Value]) -> Value:
    undecided = [value for value in values if isinstance(value, Undecided)]
    return _together(undecided) if undecided else do(*values)


def _together(undecided: list[Undecided]) -> Undecided:
    found = undecided[0]
    for other in undecided[1:]:
        found = found.and_also(other)
    return found


def _added(one: Known, other: Known) -> Known:
    if isinstance(one, str) and isinstance(other, str):
        if len(one) + len(other) > LONGEST_TEXT:
            raise Senseless(
                gettext("the text becomes longer than %(LONGEST_TEXT)s characters")
                % {"LONGEST_TEXT": f"{LONGEST_TEXT:,}"}
            )
        return one + other
    if isinstance(one, list) and isinstance(other, list):
        if len(one) + len(other) > LONGEST_LIST:
            raise Senseless(
                gettext("the list becomes longer than %(LONGEST_LIST)s items")
                % {"LONGEST_LIST": f"{LONGEST_LIST:,}"}
            )
        return [*one, *other]
    return in_bounds(as_number(one, doing="add") + as_number(other, doing="add"))


def _divided(one: Known, other: Known) -> Known:
    """Whole numbers give a whole number, towards zero, as in CEL."""
    left, right = as_number(one, doing="divide"), as_number(other, doing="divide by")
    if right == 0:
        raise Senseless(gettext("a division by zero"))
    if isinstance(left, int) and isinstance(right, int):
        quotient = abs(left) // abs(right)
        return quotient if (left < 0) == (right < 0) else -quotient
    return in_bounds(left / right)


def _rest(one: Known, other: Known) -> Known:
    """With the sign of what is divided, as in CEL, which has it for whole numbers alone."""
    left, right = as_number(one, doing="divide"), as_number(other, doing="divide by")
    if not (isinstance(left, int) and isinstance(right, int)):
        raise Senseless(gettext("%(sign)s is for whole numbers") % {"sign": "%"})
    if right == 0:
        raise Senseless(gettext("a division by zero"))
    rest = abs(left) % abs(right)
    return rest if left >= 0 else -rest


def _less(one: Known, other: Known) -> Known:
    return in_bounds(as_number(one, doing="subtract") - as_number(other, doing="subtract"))


def _times(one: Known, other: Known) -> Known:
    return in_bounds(as_number(one, doing="multiply") * as_number(other, doing="multiply"))


_OPERATORS: dict[str, Callable[[Known, Known], Known]] = {
    "==": are_equal,
    "!=": lambda one, other: not are_equal(one, other),
    "<": lambda one, other: comparison(one, other) < 0,
    "<=": lambda one, other: comparison(one, other) <= 0,
    ">": lambda one, other: comparison(one, other) > 0,
    ">=": lambda one, other: comparison(one, other) >= 0,
    "+": _added,
    "-": _less,
    "*": _times,
    "/": _divided,
    "%": _rest,
}
