"""Rows into the tables, many at once; and what a site needs beside them."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from django.db import DatabaseError, connection, transaction
from django.db.models import Exists, Model, OuterRef

from incidents.archive.kinds import tables
from incidents.archive.tables import LETTERS, Column
from incidents.importers.archive.bulk import write_values
from incidents.importers.archive.reading import BrokenArchive
from incidents.importers.archive.rows import NewRow
from incidents.lookup.operations import make_findable
from incidents.lookup.words import KINDS as FINDABLE
from incidents.lookup.words import OWN

MOST_ROWS = 2_000
MOST_BYTES = 8_000_000
"""Of files whose rows wait to be written."""
FINDABLE_AT_A_TIME = 100


@dataclass
class Tables:
    """The rows that wait, by their table; how many were written; and the highest keys that the
    records or their history ever had."""

    waiting: dict[type[Model], list[NewRow]] = field(default_factory=dict)
    bytes: int = 0
    counts: dict[str, int] = field(default_factory=dict)
    highest: dict[str, int] = field(default_factory=dict)

    def add(self, rows: list[NewRow], *, size: int) -> None:
        """Raises `BrokenArchive`."""
        for new in rows:
            self.waiting.setdefault(new.table, []).append(new)
            name = str(new.table._meta.model_name)
            self.counts[name] = self.counts.get(name, 0) + 1
            self.saw(name, new.key)
        self.note(size)

    def add_beside(self, new: NewRow, *, size: int) -> None:
        """A row that no archive counts: of what stands as a file in it. Raises `BrokenArchive`."""
        self.waiting.setdefault(new.table, []).append(new)
        self.note(size)

    def note(self, size: int) -> None:
        self.bytes += size
        if self.bytes > MOST_BYTES or sum(map(len, self.waiting.values())) > MOST_ROWS:
            self.write()

    def saw(self, table: str, key: int) -> None:
        self.highest[table] = max(key, self.highest.get(table, 0))

    def write(self) -> None:
        """Raises `BrokenArchive`."""
        waiting, self.waiting, self.bytes = self.waiting, {}, 0
        for rows in waiting.values():
            write_rows(rows)
        for rows in waiting.values():
            for column in rows[0].links:
                write_links(column, rows)


def write_rows(rows: list[NewRow]) -> None:
    """Raises `BrokenArchive`, for the first that the database refuses."""
    try:
        with transaction.atomic():
            write_values(rows[0].table, [new.values for new in rows])
    except (DatabaseError, UnicodeError) as error:
        for new in rows:
            write_alone(new)
        why = f"The database refuses it: {first_line(error)}"
        raise BrokenArchive(rows[0].place, why) from error


def write_alone(new: NewRow) -> None:
    row = new.table(**new.values)
    try:
        with transaction.atomic():
            row.save(force_insert=True)
    except (DatabaseError, UnicodeError) as error:
        raise BrokenArchive(new.place, why_refused(row, error)) from error


def why_refused(row: Model, error: Exception) -> str:
    words = str(error)
    for constraint in row._meta.constraints:
        if constraint.name in words:
            told = str(constraint.violation_error_message).replace("%(name)s", constraint.name)
            return told if constraint.name in told else f"{told} ({constraint.name})"
    name = row._meta.verbose_name
    if "unique" in words.lower():
        return f"Another {name} in the archive has the same: {first_line(error)}."
    return f"The database refuses this {name}: {first_line(error)}."


def first_line(error: Exception) -> str:
    return (str(error).splitlines() or [type(error).__name__])[0][:300]


def write_links(column: Column, rows: list[NewRow]) -> None:
    relation: Any = column.field
    here, there = relation.m2m_field_name(), relation.m2m_reverse_field_name()
    write_values(
        relation.remote_field.through,
        [{f"{here}_id": new.key, f"{there}_id": key} for new in rows for key in new.links[column]],
    )


def require_whole() -> None:
    """Raises `BrokenArchive` where a row names a record by a number that is not there."""
    for table in tables():
        for column in table.values:
            if column.target not in LETTERS:
                continue
            there = column.target._base_manager.filter(pk=OuterRef(column.field.attname))
            named = table.model._base_manager.filter(**{f"{column.name}__isnull": False})
            lost = named.filter(~Exists(there)).order_by("pk").values("pk", column.field.attname)
            for row in lost[:1]:
                reference = f"{LETTERS[column.target]}{row[column.field.attname]}"
                raise BrokenArchive(
                    f"{table.model._meta.verbose_name} {row['pk']}",
                    f"“{column.name}” names {reference}, which is not in the archive.",
                )


def go_on_after(highest: dict[str, int]) -> None:
    """Let the next keys of each table be ones that no row had before, also none that is gone."""
    for table in tables():
        last = highest.get(table.name, 0)
        if not last:
            continue
        name, key = table.model._meta.db_table, table.model._meta.pk
        with connection.cursor() as cursor:
            if connection.vendor == "sqlite":
                cursor.execute("DELETE FROM sqlite_sequence WHERE name = %s", [name])
                cursor.execute(
                    "INSERT INTO sqlite_sequence (name, seq) VALUES (%s, %s)", [name, last]
                )
            else:
                cursor.execute(
                    "SELECT setval(pg_get_serial_sequence(%s, %s), %s)", [name, key.column, last]
                )


def make_all_findable() -> None:
    for model in FINDABLE:
        for rows in chunks(model):
            make_findable(rows)


def chunks(model: type[Model]) -> Iterator[list[Model]]:
    last = 0
    rows = model._base_manager.only(*OWN.get(model, ())).order_by("pk")
    while chunk := list(rows.filter(pk__gt=last)[:FINDABLE_AT_A_TIME]):
        yield chunk
        last = chunk[-1].pk
