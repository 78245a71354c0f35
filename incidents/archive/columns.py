"""How one column of a table stands in a file, whatever database it comes from or goes to."""

import math
import re
from collections.abc import Callable, Iterable
from datetime import UTC, date, datetime
from decimal import Decimal, InvalidOperation
from typing import Any, NamedTuple, TypeAlias

from django.db import models
from django.db.backends.base.operations import BaseDatabaseOperations

MOMENT = r"^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(\.\d{6})?Z$"
DAY = r"^\d{4}-\d{2}-\d{2}$"
NUMBER = r"^-?\d+(\.\d+)?$"
RANGES = BaseDatabaseOperations.integer_field_ranges
"""Of whole numbers, by the kind of the column: those of the database that takes fewer."""
EXACT_FROM = 1e16
"""From here on a program writes a number with its power of ten, and PostgreSQL without."""

DEEPEST = 90
"""Lists in one another: less than YAML is read with, since a value stands in some already."""
_HALF = re.compile("[\ud800-\udfff]")

Plain = str | int | float | bool | list[Any] | dict[str, Any] | None
Field: TypeAlias = "models.Field[Any, Any]"
Read: TypeAlias = Callable[[Plain], Any]


class NotAValue(ValueError):
    """The message goes on from the name of the column: “… has to be a text.”"""


class Codec(NamedTuple):
    """`reader` gives what reads the values of a column, which raises `NotAValue`; `schema` is the
    JSON Schema of what `write` gives."""

    write: Callable[[Any], Plain]
    reader: Callable[[Field], Read]
    schema: Callable[[Field], dict[str, Any]]


def as_it_is(value: Any) -> Plain:
    return value  # type: ignore[no-any-return]  # the column says of which kind


def whole_reader(field: Field) -> Read:
    least, most = RANGES[field.get_internal_type()]
    # No database gives out another number to a row.
    least = 1 if field.primary_key else least

    def read(value: Plain) -> int:
        if not isinstance(value, int) or isinstance(value, bool):
            raise NotAValue("has to be a whole number")
        if not least <= value <= most:
            raise NotAValue(f"has to be from {least} to {most}")
        return value

    return read


def read_flag(value: Plain) -> bool:
    if not isinstance(value, bool):
        raise NotAValue("has to be true or false")
    return value


def text_reader(field: Field) -> Read:
    choices = dict(field.flatchoices) if field.choices else None
    longest = None if isinstance(field, models.TextField) else field.max_length

    def read(value: Plain) -> str:
        if not isinstance(value, str):
            raise NotAValue("has to be a text")
        if "\0" in value or (not value.isascii() and _HALF.search(value)):
            raise NotAValue("holds a NUL or half of a character, which no database takes")
        if choices is not None and value not in choices and (value or not field.blank):
            raise NotAValue(f"has to be one of {', '.join(choices)}")
        if longest is not None and len(value) > longest:
            raise NotAValue(f"has {len(value):,} characters, and {longest:,} are the most")
        return value

    return read


def text_schema(field: Field) -> dict[str, Any]:
    if field.choices:
        return {"enum": list(dict(field.flatchoices))}
    if field.max_length is None or isinstance(field, models.TextField):
        return {"type": "string"}
    return {"type": "string", "maxLength": field.max_length}


def write_moment(value: datetime) -> str:
    return value.astimezone(UTC).isoformat().replace("+00:00", "Z")


def read_moment(value: Plain) -> datetime:
    try:
        moment = datetime.fromisoformat(str(value))
        if moment.tzinfo is None:
            raise ValueError
        return moment.astimezone(UTC)
    except (ValueError, OverflowError):
        raise NotAValue("has to be a time such as 2026-03-14T12:00:00Z") from None


def write_day(value: date) -> str:
    return value.isoformat()


def read_day(value: Plain) -> date:
    try:
        return date.fromisoformat(str(value))
    except ValueError:
        raise NotAValue("has to be a day such as 2026-03-14") from None


def write_decimal(value: Decimal) -> str:
    return format(value.normalize(), "f")


def decimal_reader(field: Field) -> Read:
    """What the database would round is refused: then it would not be the same number."""
    digits: int = field.max_digits  # type: ignore[attr-defined]  # a decimal column
    places: int = field.decimal_places  # type: ignore[attr-defined]

    def read(value: Plain) -> Decimal:
        try:
            number = Decimal(value) if isinstance(value, str) and len(value) < 100 else None  # noqa: PLR2004 (far more than any has)
        except InvalidOperation:
            number = None
        if number is None or not number.is_finite():
            raise NotAValue('has to be a number in quotes, such as "12.5"')
        if round(number, places) != number or abs(number) >= Decimal(10) ** (digits - places):
            raise NotAValue(f"has more than {digits} digits, or more than {places} after the point")
        return number

    return read


def write_data(value: Any) -> Plain:
    """The same text for the same data, whichever database kept it.

    PostgreSQL orders the names in its own way, writes 1e+20 as 100000000000000000000, and knows no
    zero below zero.
    """
    if isinstance(value, dict):
        return {name: write_data(value[name]) for name in sorted(value)}
    if isinstance(value, list):
        return [write_data(each) for each in value]
    if isinstance(value, float):
        if value == 0:
            return 0.0
        return int(Decimal(repr(value))) if abs(value) >= EXACT_FROM else value
    return value  # type: ignore[no-any-return]  # what JSON knows


def read_data(value: Plain) -> Plain:
    require_data([value], depth=0)
    return value


def require_data(values: Iterable[Plain], *, depth: int) -> None:
    """Raises `NotAValue` for what no database takes. `depth` is that of what has these values."""
    if depth > DEEPEST:
        raise NotAValue(f"has more than {DEEPEST} lists in one another")
    for value in values:
        if isinstance(value, str):
            if "\0" in value:
                raise NotAValue("holds a NUL character, which no database takes")
        elif isinstance(value, dict):
            require_data(value, depth=depth + 1)
            require_data(value.values(), depth=depth + 1)
        elif isinstance(value, list):
            require_data(value, depth=depth + 1)
        elif isinstance(value, float) and not math.isfinite(value):
            raise NotAValue("holds a number without an end")


def always(read: Read) -> Callable[[Field], Read]:
    return lambda _field: read


def fixed(**schema: Any) -> Callable[[Field], dict[str, Any]]:
    return lambda _field: schema


# By the class of a column; the first that fits, so the narrower ones stand before.
CODECS: dict[type[Field], Codec] = {
    models.BooleanField: Codec(as_it_is, always(read_flag), fixed(type="boolean")),
    models.IntegerField: Codec(as_it_is, whole_reader, fixed(type="integer")),
    models.CharField: Codec(as_it_is, text_reader, text_schema),
    models.TextField: Codec(as_it_is, text_reader, text_schema),
    models.DateTimeField: Codec(
        write_moment, always(read_moment), fixed(type="string", pattern=MOMENT)
    ),
    models.DateField: Codec(write_day, always(read_day), fixed(type="string", pattern=DAY)),
    models.DecimalField: Codec(write_decimal, decimal_reader, fixed(type="string", pattern=NUMBER)),
    models.JSONField: Codec(write_data, always(read_data), fixed()),
}


def codec_of(field: Field) -> Codec:
    """Raises `TypeError` for a kind of column that no archive knows how to keep."""
    for kind, codec in CODECS.items():
        if isinstance(field, kind):
            return codec
    raise TypeError(f"An archive cannot keep a {type(field).__name__} yet.")
