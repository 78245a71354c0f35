"""Spreadsheets, a row for each incident; every sheet that has a title column is read."""

import warnings
import zipfile
import zlib
from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime, time
from pathlib import Path
from typing import BinaryIO
from zoneinfo import ZoneInfo

from openpyxl import load_workbook
from openpyxl.utils.exceptions import InvalidFileException

from incidents.importers.columns import (
    MOST_COLUMNS,
    MOST_ROWS,
    Column,
    NoTable,
    Row,
    Table,
    columns_of,
    incidents_in,
    table_of,
)
from incidents.importers.found import Found, FoundUnread
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
    try:
        tables = _tables(path)
    except NoTable as refusal:
        yield FoundUnread(where=path.name, why=str(refusal))
        return
    zone = zone or zone_named("UTC")
    yield from incidents_in(tables, file=path.name, mapping=mapping, zone=zone)


def columns(path: Path) -> tuple[Column, ...]:
    """The columns with what they are guessed to be. Raises `NoTable`."""
    return columns_of(_tables(path))


def _tables(path: Path) -> list[Table]:
    """Raises `NoTable`."""
    try:
        if path.stat().st_size > LARGEST:
            raise NoTable(f"It is larger than {LARGEST:,} bytes. Send it in parts.")
        require_safe(path)
        with path.open("rb") as file, warnings.catch_warnings():
            # Of styles and checks that it leaves out.
            warnings.simplefilter("ignore")
            tables = _read(file)
    except (CannotUnpack, NoTable) as refusal:
        raise NoTable(str(refusal)) from None
    except _DAMAGED:
        raise NoTable("It cannot be read as a spreadsheet (XLSX).") from None
    if not tables:
        raise NoTable("It is empty.")
    return tables


def _read(file: BinaryIO) -> list[Table]:
    """Raises `NoTable`, and whatever openpyxl does."""
    values = load_workbook(file, read_only=True, data_only=True, keep_links=False)
    formulas = load_workbook(file, read_only=True, data_only=False, keep_links=False)
    tables = []
    for sheet, written in zip(values.worksheets, formulas.worksheets, strict=True):
        # What a sheet claims of its size may be wrong, and rows would be left out.
        sheet.reset_dimensions()
        written.reset_dimensions()
        table = table_of(
            sheet.title,
            _rows(sheet.iter_rows(values_only=True), written.iter_rows(values_only=True)),
        )
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
