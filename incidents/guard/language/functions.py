"""The functions of a guard, each under the name that CEL or one of its libraries gives it.

`duration` and `quantity` read values with a unit, as CEL's own and Kubernetes' library do, and give
plain numbers: seconds, and the count or the bytes. A number is taken as it is.
"""

from collections.abc import Callable, Mapping
from functools import lru_cache
from typing import Any

import re2
from django.utils.translation import gettext, gettext_lazy

from incidents.guard.language.values import (
    LONGEST_TEXT,
    Known,
    Senseless,
    Written,
    as_number,
    as_switch,
    in_bounds,
    is_number,
    kind_of,
    shown,
)
from incidents.lib import patterns, quantities
from incidents.lib.words.translated import Translated

LONGEST_PATTERN = 200
"""Characters."""
MOST_MEMORY = 256 * 1024
"""Bytes that one compiled pattern may take."""

MACROS = frozenset({"all", "exists", "exists_one"})
"""They bind a name: the evaluation does them itself."""


def size(value: Known) -> int:
    if isinstance(value, str | list | Mapping):
        return len(value)
    raise Senseless(
        gettext("%(shown)s is %(kind_of)s, which has no size")
        % {"shown": shown(value), "kind_of": kind_of(value)}
    )


def to_text(value: Known) -> str:
    if isinstance(value, list | Mapping) or value is None:
        raise Senseless(gettext("%(kind_of)s does not become text") % {"kind_of": kind_of(value)})
    if isinstance(value, bool):
        return str(value).lower()
    return f"{value:.15g}" if isinstance(value, float) else str(value)


def to_whole(value: Known) -> int:
    """Towards zero, as in CEL."""
    return int(as_number(value, doing="take"))


def to_double(value: Known) -> float:
    return float(as_number(value, doing="take"))


def to_switch(value: Known) -> bool:
    return as_switch(value, asks="bool() asks")


def text_of(value: Known) -> str:
    if not isinstance(value, str):
        raise Senseless(
            gettext("%(shown)s is %(kind_of)s, not text")
            % {"shown": shown(value), "kind_of": kind_of(value)}
        )
    return value[:LONGEST_TEXT]


def matches(value: Known, pattern: Known) -> bool:
    """RE2, as CEL says: linear in the text, whatever the pattern."""
    text, expression = text_of(value), text_of(pattern)
    if len(expression) > LONGEST_PATTERN:
        raise Senseless(
            gettext("a pattern has %(LONGEST_PATTERN)s characters at most")
            % {"LONGEST_PATTERN": LONGEST_PATTERN}
        )
    try:
        return _compiled(expression).search(text) is not None
    except re2.error as error:
        said = patterns.reason(error)
        raise Senseless(
            gettext("%(shown)s is no pattern of RE2: %(said)s")
            % {"shown": shown(expression), "said": said}
        ) from None


@lru_cache(maxsize=100)
def _compiled(expression: str) -> Any:
    return patterns.compiled(expression, most_memory=MOST_MEMORY)


def duration(value: Known) -> int | float:
    """Seconds; a number is seconds already."""
    return _measured(value, "time", gettext_lazy("30s or 5min"))


def quantity(value: Known) -> int | float:
    """A count, a share or bytes; a number is one already."""
    return _measured(value, ("count", "size", "share"), gettext_lazy("512Mi or 4k"))


def _measured(value: Known, dimensions: str | tuple[str, ...], example: Translated) -> int | float:
    if is_number(value):
        return as_number(value, doing="take")
    convention = value.convention if isinstance(value, Written) else None
    read = quantities.parse(text_of(value), convention=convention)
    if read is None or (read.dimension not in dimensions and read.dimension != "count"):
        raise Senseless(
            gettext("%(shown)s is not understood as %(example)s would be")
            % {"shown": shown(value), "example": example}
        )
    return in_bounds(read.magnitude)


def greatest(*values: Known) -> int | float:
    return max(as_number(value, doing="compare") for value in _each(values))


def least(*values: Known) -> int | float:
    return min(as_number(value, doing="compare") for value in _each(values))


def _each(values: tuple[Known, ...]) -> list[Known]:
    """One list stands for what is in it."""
    if len(values) == 1 and isinstance(values[0], list):
        if not values[0]:
            raise Senseless(gettext("an empty list has no greatest and no least"))
        return values[0]
    return list(values)


ARGUMENTS: dict[str, tuple[int, ...]] = {
    "size": (1,),
    "string": (1,),
    "int": (1,),
    "double": (1,),
    "bool": (1,),
    "startsWith": (2,),
    "endsWith": (2,),
    "contains": (2,),
    "lowerAscii": (1,),
    "upperAscii": (1,),
    "matches": (2,),
    "duration": (1,),
    "quantity": (1,),
    "math.greatest": tuple(range(1, 11)),
    "math.least": tuple(range(1, 11)),
    "math.abs": (1,),
}
"""How many values each takes; of a method the one before the dot counts."""

STEPS = {"matches": 50}
"""What a call costs where it is more than one step."""

FUNCTIONS: dict[str, Callable[..., Any]] = {
    "size": size,
    "string": to_text,
    "int": to_whole,
    "double": to_double,
    "bool": to_switch,
    "startsWith": lambda text, start: text_of(text).startswith(text_of(start)),
    "endsWith": lambda text, end: text_of(text).endswith(text_of(end)),
    "contains": lambda text, part: text_of(part) in text_of(text),
    "lowerAscii": lambda text: text_of(text).lower(),
    "upperAscii": lambda text: text_of(text).upper(),
    "matches": matches,
    "duration": duration,
    "quantity": quantity,
    "math.greatest": greatest,
    "math.least": least,
    "math.abs": lambda number: abs(as_number(number, doing="take")),
}
