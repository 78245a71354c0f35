"""How one column of a table stands in a file, whatever database it comes from or goes to."""

import math
import re
from collections.abc import Callable
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
_HALF_OR_NUL = re.compile("[\0\ud800-\udfff]")

Plain = str | int | float | bool | list[Any] | dict[str, Any] | None
Field: TypeAlias = "models.Field[Any, Any]"


class NotAValue(ValueError):
    """The message goes on from the name of the column: “… has to be a text.”"""


class Codec(NamedTuple):
    """`read` raises `NotAValue`; `schema` is the JSON Schema of what `write` gives."""

    write: Callable[[Any], Plain]
    read: Callable[[Field, Plain], Any]
    schema: Callable[[Field], dict[str, Any]]


def as_it_is(value: Any) -> Plain:
    return value  # type: ignore[no-any-return]  # the column says of which kind


def read_whole(field: Field, value: Plain) -> int:
    if not isinstance(value, int) or isinstance(value, bool):
        raise NotAValue("has to be a whole number")
    least, most = RANGES[field.get_internal_type()]
    # No database gives out another number to a row.
    least = 1 if field.primary_key else least
    if not least <= value <= most:
        raise NotAValue(f"has to be from {least} to {most}")
    return value


def read_flag(_field: Field, value: Plain) -> bool:
    if not isinstance(value, bool):
        raise NotAValue("has to be true or false")
    return value


def read_text(field: Field, value: Plain) -> str:
    if not isinstance(value, str):
        raise NotAValue("has to be a text")
    if _HALF_OR_NUL.search(value):
        raise NotAValue("holds a NUL or half of a character, which no database takes")
    if field.choices and value not in dict(field.flatchoices):
        raise NotAValue(f"has to be one of {', '.join(dict(field.flatchoices))}")
    longest = field.max_length
    if longest is not None and not isinstance(field, models.TextField) and len(value) > longest:
        raise NotAValue(f"has {len(value):,} characters, and {longest:,} are the most")
    return value


def text_schema(field: Field) -> dict[str, Any]:
    if field.choices:
        return {"enum": list(dict(field.flatchoices))}
    if field.max_length is None or isinstance(field, models.TextField):
        return {"type": "string"}
    return {"type": "string", "maxLength": field.max_length}


def write_moment(value: datetime) -> str:
    return value.astimezone(UTC).isoformat().replace("+00:00", "Z")


def read_moment(_field: Field, value: Plain) -> datetime:
    try:
        moment = datetime.fromisoformat(str(value))
        if moment.tzinfo is None:
            raise ValueError
        return moment.astimezone(UTC)
    except (ValueError, OverflowError):
        raise NotAValue("has to be a time such as 2026-03-14T12:00:00Z") from None


def write_day(value: date) -> str:
    return value.isoformat()


def read_day(_field: Field, value: Plain) -> date:
    try:
        return date.fromisoformat(str(value))
    except ValueError:
        raise NotAValue("has to be a day such as 2026-03-14") from None


def write_decimal(value: Decimal) -> str:
    return format(value.normalize(), "f")


def read_decimal(field: Field, value: Plain) -> Decimal:
    """What the database would round is refused: then it would not be the same number."""
    digits: int = field.max_digits  # type: ignore[attr-defined]  # a decimal column
    places: int = field.decimal_places  # type: ignore[attr-defined]
    try:
        number = Decimal(value) if isinstance(value, str) and len(value) < 100 else None  # noqa: PLR2004 (far more than any has)
    except InvalidOperation:
        number = None
    if number is None or not number.is_finite():
        raise NotAValue('has to be a number in quotes, such as "12.5"')
    if round(number, places) != number or abs(number) >= Decimal(10) ** (digits - places):
        raise NotAValue(f"has more than {digits} digits, or more than {places} after the point")
    return number


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


def read_data(_field: Field, value: Plain) -> Plain:
    require_data(value)
    return value


def require_data(value: Plain, *, depth: int = 0) -> None:
    if depth > DEEPEST:
        raise NotAValue(f"has more than {DEEPEST} lists in one another")
    if isinstance(value, str) and "\0" in value:
        raise NotAValue("holds a NUL character, which no database takes")
    if isinstance(value, float) and not math.isfinite(value):
        raise NotAValue("holds a number without an end")
    if isinstance(value, dict):
        for name, each in value.items():
            require_data(name, depth=depth)
            require_data(each, depth=depth + 1)
    if isinstance(value, list):
        for each in value:
            require_data(each, depth=depth + 1)


def fixed(**schema: Any) -> Callable[[Field], dict[str, Any]]:
    return lambda _field: schema


# By the class of a column; the first that fits, so the narrower ones stand before.
CODECS: dict[type[Field], Codec] = {
    models.BooleanField: Codec(as_it_is, read_flag, fixed(type="boolean")),
    models.IntegerField: Codec(as_it_is, read_whole, fixed(type="integer")),
    models.CharField: Codec(as_it_is, read_text, text_schema),
    models.TextField: Codec(as_it_is, read_text, text_schema),
    models.DateTimeField: Codec(write_moment, read_moment, fixed(type="string", pattern=MOMENT)),
    models.DateField: Codec(write_day, read_day, fixed(type="string", pattern=DAY)),
    models.DecimalField: Codec(write_decimal, read_decimal, fixed(type="string", pattern=NUMBER)),
    models.JSONField: Codec(write_data, read_data, fixed()),
}


def codec_of(field: Field) -> Codec:
    """Raises `TypeError` for a kind of column that no archive knows how to keep."""
    for kind, codec in CODECS.items():
        if isinstance(field, kind):
            return codec
    raise TypeError(f"An archive cannot keep a {type(field).__name__} yet.")
