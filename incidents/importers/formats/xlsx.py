"""Spreadsheets, a row for each incident; every sheet that has a title column is read."""

import warnings
import zipfile
import zlib
from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime, time
from itertools import islice
from pathlib import Path
from typing import BinaryIO
from zoneinfo import ZoneInfo

from openpyxl import load_workbook
from openpyxl.utils.exceptions import InvalidFileException

from incidents.importers.columns import (
    MOST_COLUMNS,
    MOST_ROWS,
    ROWS_SHOWN,
    Column,
    NoTable,
    Row,
    Table,
    columns_of,
    incidents_in,
    mapping_for,
    table_of,
)
from incidents.importers.found import Found, FoundUnread
from incidents.importers.json_records import files_in
from incidents.lib.unpacking import CannotUnpack, require_safe
from incidents.lib.zones import zone_named

ENDINGS = (".xlsx", ".xlsm")
LARGEST = 32_000_000
MOST_EMPTY_ROWS = 10_000
"""In a run: a sheet may claim a million of them in a few bytes."""

_DAMAGED = (
    ArithmeticError, AttributeError, EOFError, InvalidFileException, LookupError,
    NotImplementedError, OSError, RecursionError, SyntaxError, TypeError, ValueError,
    zipfile.BadZipFile, zlib.error,
)  # fmt: skip
"""What openpyxl raises for a workbook that is none."""


def read(
    path: Path, *, mapping: Mapping[str, str] | None = None, zone: ZoneInfo | None = None
) -> Iterator[Found]:
    """`mapping` has the field of each column by its name; without one it is guessed."""
    for file in files_in(path, ENDINGS):
        try:
            tables = _tables(file)
        except NoTable as refusal:
            yield FoundUnread(where=file.name, why=str(refusal))
        else:
            told = mapping_for(tables, mapping, one_of_many=path.is_dir())
            place = zone or zone_named("UTC")
            yield from incidents_in(tables, file=file.name, mapping=told, zone=place)


def columns(path: Path) -> tuple[Column, ...]:
    """The columns with what they are guessed to be, by the first rows. Raises `NoTable`."""
    files = files_in(path, ENDINGS)
    return columns_of(table for file in files for table in _tables(file, ROWS_SHOWN))


def _tables(path: Path, most: int | None = None) -> list[Table]:
    """Raises `NoTable`."""
    try:
        if path.stat().st_size > LARGEST:
            raise NoTable(f"It is larger than {LARGEST:,} bytes. Send it in parts.")
        require_safe(path)
        with path.open("rb") as file, warnings.catch_warnings():
            # Of styles and checks that it leaves out.
            warnings.simplefilter("ignore")
            tables = _read(file, most)
    except (CannotUnpack, NoTable) as refusal:
        raise NoTable(str(refusal)) from None
    except _DAMAGED:
        raise NoTable("It cannot be read as a spreadsheet (XLSX).") from None
    if not tables:
        raise NoTable("It is empty.")
    return tables


def _read(file: BinaryIO, most: int | None) -> list[Table]:
    """Raises `NoTable`, and whatever openpyxl does."""
    values = load_workbook(file, read_only=True, data_only=True, keep_links=False)
    formulas = load_workbook(file, read_only=True, data_only=False, keep_links=False)
    tables = []
    for sheet, written in zip(values.worksheets, formulas.worksheets, strict=True):
        # What a sheet claims of its size may be wrong, and rows would be left out.
        sheet.reset_dimensions()
        written.reset_dimensions()
        rows = _rows(sheet.iter_rows(values_only=True), written.iter_rows(values_only=True))
        table = table_of(sheet.title, islice(rows, most))
        if table:
            tables.append(table)
    return tables


def _rows(
    values: Iterable[tuple[object, ...]], written: Iterable[tuple[object, ...]]
) -> Iterator[Row]:
    """A formula that was never calculated is shown as it is written. Raises `NoTable`."""
    empty = filled = 0
    for number, (row, formulas) in enumerate(zip(values, written, strict=True), start=1):
        cells = [
            _text(formula if value is None else value)
            for value, formula in zip(row, formulas, strict=True)
        ]
        while cells and not cells[-1]:
            cells.pop()
        if len(cells) > MOST_COLUMNS:
            raise NoTable(f"Row {number:,} has more than {MOST_COLUMNS} columns.")
        if cells:
            empty, filled = 0, filled + 1
            yield Row(number, tuple(cells))
        else:
            empty += 1
        if filled > MOST_ROWS + 1:
            raise NoTable(f"It has more than {MOST_ROWS:,} rows. Send it in parts.")
        if empty > MOST_EMPTY_ROWS:
            raise NoTable(
                f"More than {MOST_EMPTY_ROWS:,} rows, the last of them row {number:,}, are empty "
                "one after the other. Take them away first."
            )


def _text(value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, datetime):
        # A cell that shows a day only holds its midnight.
        return value.date().isoformat() if value.time() == time(0) else value.isoformat(" ")
    if isinstance(value, bool):
        return "yes" if value else "no"
    whole = isinstance(value, float) and value.is_integer()
    return f"{value:.0f}" if whole else str(value).strip()
