"""Reading an archive into a site that has nothing yet."""

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from django.db import transaction

from incidents.archive.kinds import (
    ATTACHMENTS,
    CONTENTS,
    KINDS,
    LISTS,
    Kind,
    content_name,
    tables,
)
from incidents.archive.tables import Table
from incidents.history.sealing import seal_what_has_none
from incidents.importers.archive.reading import BrokenArchive, Found, Source
from incidents.importers.archive.rows import Keys, NewRow, Shape
from incidents.importers.archive.writing import (
    Tables,
    go_on_after,
    make_all_findable,
    require_whole,
)
from incidents.lookup.engines.reading import read_on
from incidents.models import AttachmentContent, Change

MOST_KEYS = 2**62
"""A higher one was never given out by counting."""
Tell = Callable[[int, int], None]
"""Told how many rows are read, and how many there are."""


class NotEmpty(Exception):
    """Nothing was read; the message says what the site has."""


def import_archive(path: Path, *, tell: Tell) -> dict[str, int]:
    """Read all of it or nothing; how many rows of each table that are.

    Whoever reads the site meanwhile sees it empty. Texts are rendered and made findable as if they
    had been entered here; nobody is told of anything.

    Raises `NotEmpty` and `incidents.importers.archive.reading.BrokenArchive`.
    """
    source = Source(path)
    marker = source.marker()
    with transaction.atomic():
        require_empty()
        reader = Reader(source, tell, total=sum((marker.rows or {}).values()))
        reader.read()
        require_counts(reader.tables.counts, marker.rows or {})
        require_whole()
        go_on_after(reader.tables.highest)
        make_all_findable()
    read_on(wait=True)
    return reader.tables.counts


def require_empty() -> None:
    """Raises `NotEmpty`."""
    for table in tables():
        count = table.model._base_manager.count()
        if count:
            known = table.model._meta
            name = known.verbose_name if count == 1 else known.verbose_name_plural
            raise NotEmpty(
                f"This site is not empty: it has {count:,} {name}. An archive keeps the numbers of"
                " its records, so it is read into a site that has none: a new database, after"
                " migrate."
            )


def require_counts(found: Mapping[str, int], told: Mapping[str, int]) -> None:
    """Raises `BrokenArchive`."""
    for name in sorted({*found, *told}):
        if found.get(name, 0) != told.get(name, 0):
            raise BrokenArchive(
                "archive.yaml",
                f"It says that there are {told.get(name, 0):,} rows of “{name}”, and"
                f" {found.get(name, 0):,} are there: a file is missing, or one too many. If that is"
                " meant, correct the number.",
            )


class Reader:
    def __init__(self, source: Source, tell: Tell, *, total: int) -> None:
        self.source, self.tell, self.total = source, tell, total
        self.keys, self.tables = Keys(), Tables()
        self.shapes: dict[Table, Shape] = {}
        self.done = 0

    def read(self) -> None:
        """Raises `BrokenArchive`."""
        # What is named has to be known before what names it.
        first = [name for name, table in LISTS.items() if not table.names_others]
        for name in first:
            self.read_list(name, LISTS[name])
        for kind in KINDS:
            for found in self.source.records(kind):
                self.read_record(kind, found)
        for name in LISTS:
            if name not in first:
                self.read_list(name, LISTS[name])
        self.tables.write()
        seal_what_has_none()

    def read_record(self, kind: Kind, found: Found) -> None:
        values = dict(found.values)
        parts = {name: values.pop(name, None) for name in kind.parts}
        record = self.new_row(kind.table, values, place=found.place)
        self.require_name(kind, found)
        key = record.key
        rows = [record]
        for name, table in kind.parts.items():
            place = table.place(kind.history_of, key)
            for number, part in enumerate(part_rows(table, parts[name], name, found), start=1):
                where = f"{found.place}, {name} {number}"
                rows.append(self.new_row(table, part, place=where, **place))
        self.add(rows, found.size)
        folder = f"{kind.folder}/{found.name}"
        for name, table in kind.files.items():
            place = table.place(kind.history_of, key)
            if name == ATTACHMENTS:
                self.read_attachments(folder, table, **place)
            else:
                self.read_list(f"{folder}/{name}", table, **place)

    def require_name(self, kind: Kind, found: Found) -> None:
        """Raises `BrokenArchive` where the folder is not called as that of this record is."""
        try:
            called = kind.called(found.values)
        except ValueError as error:
            raise BrokenArchive(found.place, str(error)) from error
        if called != found.name:
            raise BrokenArchive(found.place, f"The folder of this record is called {called}.")

    def read_list(self, name: str, table: Table, **owner: Any) -> None:
        for line in self.source.lines(name):
            new = self.new_row(table, line.values, place=line.place, **owner)
            if table.model is Change:
                self.note_keys(new)
            self.add([new], line.size)

    def read_attachments(self, folder: str, table: Table, **owner: Any) -> None:
        """Each row with its file."""
        names = set()
        for line in self.source.lines(f"{folder}/{ATTACHMENTS}"):
            new = self.new_row(table, line.values, place=line.place, **owner)
            name = content_name(line.values)
            names.add(name)
            row = new.values
            place = f"{folder}/{CONTENTS}/{name}"
            data = self.source.content(place, size=row["size"], digest=row["sha256"])
            content = NewRow(place, AttachmentContent, {"attachment_id": new.key, "data": data}, {})
            self.add([new], line.size)
            self.tables.add_beside(content, size=len(data))
        self.source.require_contents(f"{folder}/{CONTENTS}", names)

    def note_keys(self, new: NewRow) -> None:
        """The keys of parts that are gone are in history, and are not given out again."""
        for part in new.values["parts"]:
            key = part.get("id") if isinstance(part, dict) else None
            if isinstance(key, int) and 0 < key < MOST_KEYS:
                self.tables.saw(str(part.get("record")), key)

    def new_row(
        self, table: Table, values: Mapping[str, Any], *, place: str, **owner: Any
    ) -> NewRow:
        """Raises `BrokenArchive`."""
        shape = self.shapes.get(table) or self.shapes.setdefault(table, Shape(table, self.keys))
        return shape.new_row(values, place=place, **owner)

    def add(self, rows: list[NewRow], size: int) -> None:
        self.tables.add(rows, size=size)
        self.done += len(rows)
        self.tell(self.done, self.total)


def part_rows(table: Table, told: Any, name: str, found: Found) -> list[dict[str, Any]]:
    """Raises `BrokenArchive`."""
    rows = [] if told is None else [told] if table.is_single else told
    if not isinstance(rows, list) or not all(isinstance(row, dict) for row in rows):
        raise BrokenArchive(found.place, f"“{name}” is no list of rows.")
    return rows
