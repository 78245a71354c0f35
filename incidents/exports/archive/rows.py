"""The records as plain values, a few at a time, with as many queries for one as for a hundred."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from django.db.models import Exists, Model, OuterRef, Q, QuerySet

from incidents.archive.columns import Plain
from incidents.archive.kinds import KINDS, Kind
from incidents.archive.tables import AS_ANOTHER, LETTERS, NAMES, Column, Table

AT_A_TIME = 100
"""Records."""

Row = dict[str, Any]
PlainRow = dict[str, Plain]
Links = Mapping[str, Mapping[int, list[int]]]


@dataclass
class Record:
    """The values of a record with the lists of its parts; and the rows of the files beside it."""

    values: PlainRow
    files: dict[str, list[PlainRow]]


@dataclass
class Names:
    """What records are called where others speak of them; each table of names is read once."""

    known: dict[type[Model], dict[int, str]] = field(default_factory=dict)

    def of(self, target: type[Model], key: int) -> str:
        if target in LETTERS:
            return f"{LETTERS[target]}{key}"
        if target not in self.known:
            rows = target._base_manager.values_list("pk", *NAMES[target])
            self.known[target] = {pk: "/".join(name) for pk, *name in rows.iterator()}
        return self.known[target][key]


def records(kind: Kind, names: Names, wanted: Q) -> Iterator[Record]:
    """Those of a kind that are wanted, by their keys."""
    found = kind.table.model._base_manager.filter(wanted)
    for rows in chunks(kind.table, found):
        yield from complete(kind, rows, names)


def chunks(table: Table, found: "QuerySet[Any]") -> Iterator[list[Row]]:
    last = 0
    while rows := in_order(table, found.filter(pk__gt=last).order_by("pk")[:AT_A_TIME]):
        yield rows
        last = rows[-1]["id"]


def in_order(table: Table, found: "QuerySet[Any]", *more: str) -> list[Row]:
    columns = (column.field.attname for column in table.values)
    return list(found.values(*columns, *more))


def complete(kind: Kind, rows: list[Row], names: Names) -> Iterator[Record]:
    keys = [row["id"] for row in rows]
    parts = {name: beside(kind, table, keys, names) for name, table in kind.parts.items()}
    files = {name: beside(kind, table, keys, names) for name, table in kind.files.items()}
    for key, values in zip(keys, plain_rows(kind.table, rows, names), strict=True):
        for name, table in kind.parts.items():
            if found := parts[name].get(key):
                values[name] = found[0] if table.is_single else [*found]
        yield Record(values, {name: files[name].get(key, []) for name in files})


def beside(kind: Kind, table: Table, keys: list[int], names: Names) -> dict[int, list[PlainRow]]:
    """The rows of a table that stand in the folders of these records, by the record."""
    place = table.place(kind.history_of, 0)
    # The last column of the place is the record's key.
    owner = list(place)[-1]
    place.pop(owner)
    found = table.model._base_manager.filter(**place, **{f"{owner}__in": keys})
    order = ("position", "id") if "position" in {each.name for each in table.values} else ("id",)
    rows = in_order(table, found.order_by(*order), owner)
    by_record: dict[int, list[PlainRow]] = {}
    for row, values in zip(rows, plain_rows(table, rows, names), strict=True):
        by_record.setdefault(row[owner], []).append(values)
    return by_record


def loose(table: Table, names: Names) -> Iterator[PlainRow]:
    """The rows of a list beside all folders."""
    found = table.model._base_manager.all()
    if table.name == "change":
        found = found.exclude(of_a_record())
    for rows in chunks(table, found):
        yield from plain_rows(table, rows, names)


def of_a_record() -> Q:
    """The lines of history whose record is there."""
    found = Q()
    for kind in KINDS:
        row = kind.table.model._base_manager.filter(pk=OuterRef("document_id"))
        found |= Q(Exists(row), document_type=kind.history_of)
    return found


def plain_rows(table: Table, rows: list[Row], names: Names) -> Iterator[PlainRow]:
    keys = [row["id"] for row in rows]
    links = {column.name: links_of(column, keys) for column in table.many}
    for row in rows:
        told = {column.name: plain(column, row, links, names) for column in table.columns}
        yield {
            name: told[name]
            for name, usual in ((column.name, column.absent) for column in table.columns)
            if told[name] != (told[AS_ANOTHER[name]] if name in AS_ANOTHER else usual)
        }


def links_of(column: Column, keys: list[int]) -> dict[int, list[int]]:
    relation: Any = column.field
    here, there = relation.m2m_column_name(), relation.m2m_reverse_name()
    rows = relation.remote_field.through._base_manager.filter(**{f"{here}__in": keys})
    found: dict[int, list[int]] = {}
    for row, other in rows.values_list(here, there):
        found.setdefault(row, []).append(other)
    return found


def plain(column: Column, row: Row, links: Links, names: Names) -> Plain:
    if column.is_many:
        keys = links[column.name].get(row["id"], [])
        return sorted(named(column, key, names) for key in keys)
    value = row[column.field.attname]
    if value is None:
        return None
    return named(column, value, names) if column.target else column.codec.write(value)


def named(column: Column, key: int, names: Names) -> str:
    if column.target is None:
        raise TypeError(f"{column.name} names no record.")
    return names.of(column.target, key)
