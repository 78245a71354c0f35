"""Values that a program works out: what can be told without running it.

A value from the environment is `FromEnvironment` until it is handed out: what is made of it is then
told as well, `ENV.fetch("POOL", 5).to_i * 2` as “10 unless POOL is set”.
"""

import operator
from collections.abc import Callable
from dataclasses import dataclass

from django.utils.translation import gettext, pgettext

from incidents.guard.configuration import Unknown, Value
from incidents.lib.words.listed import either

LARGEST = 10**18
LONGEST = 10_000
LONGEST_DEFAULT = 60


@dataclass(frozen=True, slots=True)
class FromEnvironment:
    """`default` is `None` where there is none."""

    names: tuple[str, ...]
    default: Value = None


Operand = Value | FromEnvironment

ARITHMETIC: dict[str, Callable[[float, float], float]] = {
    "+": operator.add,
    "-": operator.sub,
    "*": operator.mul,
    "/": operator.truediv,
    "//": operator.floordiv,
    "%": operator.mod,
}


def settled(operand: Operand) -> Value:
    if not isinstance(operand, FromEnvironment):
        return operand
    names = either(operand.names)
    if operand.default is None or isinstance(operand.default, Unknown):
        return Unknown(gettext("the environment gives it, in %(names)s") % {"names": names})
    return Unknown(
        gettext("%(shown)s unless %(names)s is set")
        % {"shown": shown(operand.default), "names": names}
    )


def shown(value: Value) -> str:
    text = pgettext("a value of no characters", "empty") if value == "" else str(value)
    return text if len(text) <= LONGEST_DEFAULT else text[:LONGEST_DEFAULT] + "…"


def otherwise(first: Operand, second: Operand) -> Operand:
    """`first || second`: whatever is not there is given by the second."""
    if isinstance(first, FromEnvironment):
        if first.default is not None:
            return first
        if isinstance(second, FromEnvironment):
            return FromEnvironment(first.names + second.names, second.default)
        return FromEnvironment(first.names, second)
    return second if first is None else first


def calculated(sign: str, left: Operand, right: Operand) -> Operand:
    if isinstance(left, FromEnvironment) or isinstance(right, FromEnvironment):
        both = [each for each in (left, right) if isinstance(each, FromEnvironment)]
        names = dict.fromkeys(name for each in both for name in each.names)
        return FromEnvironment(tuple(names), _known(sign, _default(left), _default(right)))
    return _known(sign, left, right)


def _default(operand: Operand) -> Value:
    return operand.default if isinstance(operand, FromEnvironment) else operand


def _known(sign: str, left: Value, right: Value) -> Value:
    for each in (left, right):
        if isinstance(each, Unknown):
            return each
    if sign == "+" and isinstance(left, str) and isinstance(right, str):
        text = left + right
        return (
            text
            if len(text) <= LONGEST
            else Unknown(gettext("the text is too long to be put together"))
        )
    numbers = [each for each in (left, right) if isinstance(each, int | float)]
    if len(numbers) < len((left, right)) or sign not in ARITHMETIC:
        return Unknown(
            gettext("what “%(sign)s” makes of such values is worked out when it runs")
            % {"sign": sign}
        )
    try:
        result = ARITHMETIC[sign](*numbers)
    except (ArithmeticError, ValueError):
        return Unknown(gettext("it cannot be worked out"))
    return result if abs(result) <= LARGEST else Unknown(gettext("the number is too large"))


def converted(operand: Operand, into: Callable[[str], Value]) -> Operand:
    """As `int("5")` does, and what is like it in other languages."""
    if isinstance(operand, FromEnvironment):
        if operand.default is None:
            return operand
        return FromEnvironment(operand.names, _default(converted(operand.default, into)))
    if isinstance(operand, Unknown) or operand is None or isinstance(operand, list):
        return operand if isinstance(operand, Unknown) else Unknown(gettext("it is no number"))
    try:
        return into(operand if isinstance(operand, str) else str(operand))
    except (ValueError, OverflowError):
        return Unknown(gettext("“%(shown)s” is no number") % {"shown": shown(operand)})
