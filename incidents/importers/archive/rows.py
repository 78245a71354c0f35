"""Plain values made rows, not yet saved."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

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


@dataclass(frozen=True)
class NewRow:
    """A row with the keys that its lists of links name."""

    place: str
    row: Model
    links: Mapping[Column, list[int]]


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

    def remember(self, row: Model) -> None:
        table = type(row)
        if table in NAMES:
            name = "/".join(str(getattr(row, column)) for column in NAMES[table])
            self.known.setdefault(table, {})[name] = row.pk


def new_row(
    table: Table, values: Mapping[str, Any], keys: Keys, *, place: str, **owner: Any
) -> NewRow:
    """Raises `BrokenArchive`."""
    for name in values.keys() - {column.name for column in table.columns}:
        raise BrokenArchive(place, f"It has “{name[:100]}”, which this version does not know.")
    values = {**{name: values.get(other) for name, other in AS_ANOTHER.items()}, **values}
    columns: dict[str, Any] = {}
    links: dict[Column, list[int]] = {}
    for column in table.columns:
        try:
            value = read_value(column, values, keys)
        except NotAValue as refusal:
            raise BrokenArchive(place, f"“{column.name}” {refusal}.") from None
        if column.is_many:
            links[column] = value
        else:
            columns[column.field.attname] = value
    row = table.model(**owner, **columns)
    fill_in(row, place)
    keys.remember(row)
    return NewRow(place, row, links)


def read_value(column: Column, values: Mapping[str, Any], keys: Keys) -> Any:
    """Raises `NotAValue`."""
    value = values.get(column.name, column.absent)
    if value is ...:
        raise NotAValue("is missing")
    if column.is_many:
        if not isinstance(value, list) or len({*map(str, value)}) < len(value):
            raise NotAValue("has to be a list in which nothing is twice")
        return [key_of(column, name, keys) for name in value]
    if value is None and column.field.null:
        return None
    if column.target:
        return key_of(column, value, keys)
    found = column.codec.read(column.field, value)
    check = CHECKS.get(column.field.get_internal_type())
    if check:
        check(found)
    return found


def key_of(column: Column, name: object, keys: Keys) -> int:
    if column.target is None:
        raise TypeError(f"{column.name} names no record.")
    return keys.of(column.target, name)


def kept_by_sqlite(number: Any) -> None:
    """Raises `NotAValue` where it would come back as another one."""
    if connection.vendor == "sqlite" and len(number.normalize().as_tuple().digits) > EXACT_DIGITS:
        raise NotAValue(f"has more than {EXACT_DIGITS} digits, of which SQLite keeps no more")


CHECKS: dict[str, Callable[[Any], None]] = {"DecimalField": kept_by_sqlite}


def fill_in(row: Model, place: str) -> None:
    """What no archive has: it is worked out anew. Raises `BrokenArchive`."""
    for name in getattr(row, "PROSE", ()):
        if hasattr(row, f"{name}_html"):
            try:
                setattr(row, f"{name}_html", quick_html(getattr(row, name)))
            except TextTooLong as refusal:
                raise BrokenArchive(place, f"“{name}”: {refusal}") from refusal
    if isinstance(row, User):
        # Nobody can sign in as them before they get a password of this site.
        row.set_unusable_password()
