"""The values that an expression works with, and what they become where they meet.

CEL keeps integers, unsigned integers and doubles apart, and text apart from all of them. A
configuration does not: `DB_POOL=5` is text to one tool and a number to the next. So here

1. numbers are numbers, whole or not;
2. text that is written as a number is one where it meets a number, and `on`, `off`, `yes`, `no`,
   `true` and `false` are true or false where they meet one of these;
3. everything else that CEL would call an error is an error here too. `30 == "30s"`, which CEL calls
   false, is one as well: a guard must not take a unit for an answer.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass

from django.utils.translation import gettext, pgettext, pgettext_lazy

from incidents.lib.quantities import convention_of
from incidents.lib.words.translated import Translated

LARGEST_NUMBER = 10**18
LONGEST_TEXT = 10_000
"""Characters."""
MOST_REASONS = 10

_NUMBER = re.compile(r"[+-]?(\d{1,18}(\.\d{0,18})?|\.\d{1,18})")
_SWITCHES = {
    "on": True, "yes": True, "true": True, "off": False, "no": False, "false": False,
}  # fmt: skip


@dataclass(frozen=True)
class Undecided:
    """What cannot be told, and why: a value that is not there, or a comparison without a sense.

    `names` are the paths whose values would be needed.
    """

    reasons: tuple[str, ...]
    names: tuple[str, ...] = ()

    def and_also(self, other: "Undecided") -> "Undecided":
        return Undecided(
            tuple(dict.fromkeys([*self.reasons, *other.reasons]))[:MOST_REASONS],
            tuple(dict.fromkeys([*self.names, *other.names]))[:MOST_REASONS],
        )


class Written(str):
    """Text of a configuration, with the convention that its tool writes units by."""

    __slots__ = ("convention",)
    convention: str | None

    def __new__(cls, text: str, *, component: str) -> "Written":
        made = super().__new__(cls, text)
        made.convention = convention_of(component)
        return made


Known = str | int | float | bool | None | list["Known"] | Mapping[str, "Known"]
Value = Known | Undecided


# Translators: "60s is text, not a number to add"; "60s is text with a unit: add it as …".
DOING: dict[str, Translated] = {
    "add": pgettext_lazy("a number to", "add"),
    "subtract": pgettext_lazy("a number to", "subtract"),
    "multiply": pgettext_lazy("a number to", "multiply"),
    "divide": pgettext_lazy("a number to", "divide"),
    "divide by": pgettext_lazy("a number to", "divide by"),
    "negate": pgettext_lazy("a number to", "negate"),
    "count by": pgettext_lazy("a number to", "count by"),
    "compare": pgettext_lazy("a number to", "compare"),
    "take": pgettext_lazy("a number to", "take"),
}
# Translators: "60s is text, not true or false: a condition is one".
ASKS: dict[str, Translated] = {
    "== asks": pgettext_lazy("not true or false", "== asks"),
    "bool() asks": pgettext_lazy("not true or false", "bool() asks"),
    "a condition is one": pgettext_lazy("not true or false", "a condition is one"),
}


class Senseless(Exception):
    """Two values that cannot be compared or counted together; says so in words."""


def kind_of(value: Known) -> str:
    match value:
        case bool():
            return pgettext("what a value is", "true or false")
        case int() | float():
            return pgettext("what a value is", "a number")
        case str():
            return pgettext("what a value is", "text")
        case None:
            return pgettext("what a value is", "nothing")
        case list():
            return pgettext("what a value is", "a list")
    return pgettext("what a value is", "a group of values")


def shown(value: Known) -> str:
    """A value as it stands in a sentence, cut where it is long."""
    match value:
        case bool():
            return str(value).lower()
        case None:
            return "null"
        case str():
            return f"“{value[:60]}…”" if len(value) > 60 else f"“{value}”"  # noqa: PLR2004 (where it is cut)
        case int() | float():
            return f"{value:g}" if isinstance(value, float) else str(value)
        case list():
            return gettext("a list of %(count)s") % {"count": len(value)}
    return gettext("a group of %(count)s") % {"count": len(value)}


def is_number(value: Known) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


def as_number(value: Known, *, doing: str) -> int | float:
    """`doing` is one of DOING. Raises `Senseless`."""
    if isinstance(value, int | float) and not isinstance(value, bool):
        return value
    if isinstance(value, str) and _NUMBER.fullmatch(value.strip()):
        text = value.strip()
        return float(text) if "." in text else int(text)
    if isinstance(value, str) and re.match(r"\s*[+-]?\.?\d", value):
        raise Senseless(
            gettext("%(shown)s is text with a unit: %(doing)s it as duration(…) or quantity(…)")
            % {"shown": shown(value), "doing": DOING[doing]}
        )
    raise Senseless(
        gettext("%(shown)s is %(kind_of)s, not a number to %(doing)s")
        % {"shown": shown(value), "kind_of": kind_of(value), "doing": DOING[doing]}
    )


def as_switch(value: Known, *, asks: str) -> bool:
    """`asks` is one of ASKS. Raises `Senseless`."""
    if isinstance(value, bool):
        return value
    if isinstance(value, str) and value.strip().casefold() in _SWITCHES:
        return _SWITCHES[value.strip().casefold()]
    raise Senseless(
        gettext("%(shown)s is %(kind_of)s, not true or false: %(asks)s")
        % {"shown": shown(value), "kind_of": kind_of(value), "asks": ASKS[asks]}
    )


def are_equal(one: Known, other: Known) -> bool:
    """Raises `Senseless` where a guard would be fooled by a plain no."""
    if isinstance(one, bool) or isinstance(other, bool):
        if one is None or other is None:
            return False
        return as_switch(one, asks="== asks") == as_switch(other, asks="== asks")
    if is_number(one) or is_number(other):
        if one is None or other is None:
            return False
        return as_number(one, doing="compare") == as_number(other, doing="compare")
    if isinstance(one, list) and isinstance(other, list):
        return len(one) == len(other) and all(map(are_equal, one, other))
    if isinstance(one, Mapping) or isinstance(other, Mapping):
        raise Senseless(
            gettext("a group of values is compared value by value: name the one that counts")
        )
    return one == other


def comparison(one: Known, other: Known) -> int:
    """Less than, equal to or greater than zero, as `one` is to `other`. Raises `Senseless`."""
    if isinstance(one, str) and isinstance(other, str) and not _are_numbers(one, other):
        return (one > other) - (one < other)
    if isinstance(one, bool) and isinstance(other, bool):
        return one - other
    left, right = as_number(one, doing="compare"), as_number(other, doing="compare")
    return (left > right) - (left < right)


def _are_numbers(*texts: str) -> bool:
    """Right: "9" and "10", of which the first is less. Wrong: "9" and "ten"."""
    return all(_NUMBER.fullmatch(text.strip()) for text in texts)


def in_bounds(number: int | float) -> int | float:
    """Raises `Senseless` beyond 10^18, where CEL's integers end, and for what is no number."""
    if not abs(number) <= LARGEST_NUMBER:
        raise Senseless(gettext("the result is too large: numbers go to 10^18"))
    return number
