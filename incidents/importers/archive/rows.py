"""Plain values made rows, not yet saved."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from django.contrib.auth.hashers import make_password
from django.db import connection
from django.db.models import Model

from incidents.archive.columns import NotAValue
from incidents.archive.tables import AS_ANOTHER, LETTERS, NAMES, Column, Table
from incidents.importers.archive.reading import BrokenArchive
from incidents.lib.markdown import TextTooLong
from incidents.lib.quick_markdown import quick_html
from incidents.models import User

_NUMBER = re.compile(r"[1-9][0-9]{0,17}")
EXACT_DIGITS = 15
"""So many SQLite keeps of a number with a point."""


@dataclass(frozen=True, slots=True)
class NewRow:
    """The values of a row by its columns, with the keys that its lists of links name."""

    place: str
    table: type[Model]
    values: Mapping[str, Any]
    links: Mapping[Column, list[int]]

    @property
    def key(self) -> int:
        return int(self.values["id"])


@dataclass
class Keys:
    """The keys of the records that were read, by what others call them."""

    known: dict[type[Model], dict[str, int]] = field(default_factory=dict)

    def of(self, target: type[Model], name: object) -> int:
        """Raises `NotAValue`. A number is taken as it is: its record may come later."""
        letters = LETTERS.get(target)
        if not isinstance(name, str):
            raise NotAValue(f"has to name a {target._meta.verbose_name}")
        if letters is None:
            key = self.known.get(target, {}).get(name)
            if key is None:
                raise NotAValue(f"names “{name[:100]}”, which is not in the archive")
            return key
        number = name.removeprefix(letters)
        if number == name or not _NUMBER.fullmatch(number):
            raise NotAValue(f"has to be a reference such as {letters}42")
        return int(number)

    def remember(self, table: type[Model], row: Mapping[str, Any]) -> None:
        if table in NAMES:
            name = "/".join(str(row[column]) for column in NAMES[table])
            self.known.setdefault(table, {})[name] = row["id"]


class Reading(NamedTuple):
    """How one column is read. `otherwise` is the column whose value it has where it says nothing,
    `absent` what it has where there is none either."""

    name: str
    attribute: str
    otherwise: str | None
    absent: Any
    may_be_null: bool
    read: Callable[[Any], Any]


class Shape:
    """What all rows of a table have in common, worked out once."""

    def __init__(self, table: Table, keys: Keys) -> None:
        self.table, self.keys = table.model, keys
        self.known = {column.name for column in table.columns}
        self.columns = [reading_of(column, keys) for column in table.values]
        self.links = [(column, reading_of(column, keys)) for column in table.many]
        prose = getattr(self.table, "PROSE", ())
        self.rendered = [name for name in prose if hasattr(self.table, f"{name}_html")]

    def new_row(self, values: Mapping[str, Any], *, place: str, **owner: Any) -> NewRow:
        """Raises `BrokenArchive`."""
        for name in values.keys() - self.known:
            raise BrokenArchive(place, f"It has “{name[:100]}”, which this version does not know.")
        row = owner
        links: dict[Column, list[int]] = {}
        reading = None
        try:
            for reading in self.columns:
                row[reading.attribute] = read_value(reading, values)
            for column, reading in self.links:
                links[column] = read_value(reading, values)
        except NotAValue as refusal:
            name = reading.name if reading else ""
            raise BrokenArchive(place, f"“{name}” {refusal}.") from None
        self.fill_in(row, place)
        self.keys.remember(self.table, row)
        return NewRow(place, self.table, row, links)

    def fill_in(self, row: dict[str, Any], place: str) -> None:
        """What no archive has: it is worked out anew. Raises `BrokenArchive`."""
        for name in self.rendered:
            try:
                row[f"{name}_html"] = quick_html(row[name])
            except TextTooLong as refusal:
                raise BrokenArchive(place, f"“{name}”: {refusal}") from refusal
        if self.table is User:
            # Nobody can sign in as them before they get a password of this site.
            row["password"] = make_password(None)


def read_value(reading: Reading, values: Mapping[str, Any]) -> Any:
    """Raises `NotAValue`."""
    name, _, otherwise, absent, may_be_null, read = reading
    if name in values:
        value = values[name]
    elif otherwise is not None:
        value = values.get(otherwise)
    elif absent is ...:
        raise NotAValue("is missing")
    else:
        value = absent
    return None if value is None and may_be_null else read(value)


def reading_of(column: Column, keys: Keys) -> Reading:
    may_be_null = bool(column.field.null) and not column.is_many
    attribute = column.name if column.is_many else column.field.attname
    otherwise = AS_ANOTHER.get(column.name)
    return Reading(
        column.name, attribute, otherwise, column.absent, may_be_null, reader_of(column, keys)
    )


def reader_of(column: Column, keys: Keys) -> Callable[[Any], Any]:
    if column.is_many:
        return lambda names: keys_in(column, names, keys)
    if column.target:
        return lambda name: key_of(column, name, keys)
    read = column.codec.reader(column.field)
    check = CHECKS.get(column.field.get_internal_type())
    if check is None:
        return read

    def read_and_check(value: Any) -> Any:
        found = read(value)
        check(found)
        return found

    return read_and_check


def keys_in(column: Column, names: Any, keys: Keys) -> list[int]:
    """Raises `NotAValue`."""
    if not isinstance(names, list) or len({*map(str, names)}) < len(names):
        raise NotAValue("has to be a list in which nothing is twice")
    return [key_of(column, name, keys) for name in names]


def key_of(column: Column, name: object, keys: Keys) -> int:
    if column.target is None:
        raise TypeError(f"{column.name} names no record.")
    return keys.of(column.target, name)


def kept_by_sqlite(number: Any) -> None:
    """Raises `NotAValue` where it would come back as another one."""
    if connection.vendor == "sqlite" and len(number.normalize().as_tuple().digits) > EXACT_DIGITS:
        raise NotAValue(f"has more than {EXACT_DIGITS} digits, of which SQLite keeps no more")


CHECKS: dict[str, Callable[[Any], None]] = {"DecimalField": kept_by_sqlite}
