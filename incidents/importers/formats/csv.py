"""Tables as text, a line for each incident: separated by commas, semicolons, tabs or bars."""

import csv
from collections.abc import Iterator, Mapping
from io import StringIO
from itertools import count, islice
from pathlib import Path
from zoneinfo import ZoneInfo

from incidents.importers.columns import (
    ROWS_SHOWN,
    Column,
    NoTable,
    Row,
    Table,
    columns_of,
    incidents_in,
    mapping_for,
)
from incidents.importers.columns import table_of as table_of_rows
from incidents.importers.found import Found, FoundUnread
from incidents.importers.json_records import files_in
from incidents.lib.csv_cells import MARK, is_guarded
from incidents.lib.csv_cells import text_of as text_of_cell
from incidents.lib.unpacking import NotText, TooLarge, content_of, text_of
from incidents.lib.zones import zone_named

ENDINGS = (".csv", ".tsv")
_SEPARATORS = (",", ";", "\t", "|")


def read(
    path: Path, *, mapping: Mapping[str, str] | None = None, zone: ZoneInfo | None = None
) -> Iterator[Found]:
    """`mapping` has the field of each column by its name; without one it is guessed."""
    for file in files_in(path, ENDINGS):
        try:
            table = _table(file)
        except NoTable as refusal:
            yield FoundUnread(where=file.name, why=str(refusal))
        else:
            told = mapping_for([table], mapping, one_of_many=path.is_dir())
            place = zone or zone_named("UTC")
            yield from incidents_in([table], file=file.name, mapping=told, zone=place)


def columns(path: Path) -> tuple[Column, ...]:
    """The columns with what they are guessed to be, by the first rows. Raises `NoTable`."""
    return columns_of(_table(file, ROWS_SHOWN) for file in files_in(path, ENDINGS))


def _table(path: Path, most: int | None = None) -> Table:
    """Raises `NoTable`."""
    try:
        text = text_of(content_of(path))
        table = table_of_rows(path.name, islice(_rows(text), most))
    except (NotText, TooLarge) as refusal:
        raise NoTable(str(refusal)) from None
    except OSError as error:
        raise NoTable(f"It cannot be read: {error.strerror}.") from None
    if table is None:
        raise NoTable("It is empty.")
    return table


def _rows(text: str) -> Iterator[Row]:
    """Raises `NoTable`."""
    # Of all that Python takes for the end of a line, only these are one in a table.
    lines = list(StringIO(text, newline=""))
    # Spreadsheets may tell the separator in a line of its own.
    told = lines[0].strip().lower() if lines else ""
    separator = _separator(lines)
    if told.startswith("sep=") and len(told) == len("sep=;"):
        separator, lines = told[-1], ["\n", *lines[1:]]
    reader = csv.reader(lines, delimiter=separator, strict=True)
    for number in count(1):
        line = reader.line_num + 1
        try:
            cells = next(reader)
        except StopIteration:
            return
        except csv.Error as error:
            raise NoTable(
                f"The row that begins in line {line:,} cannot be read: {_why(error)}"
            ) from None
        yield Row(number, tuple(_cell(cell) for cell in cells))


def _separator(lines: list[str]) -> str:
    """The one that parts the first line into the most columns."""
    first = next((line for line in lines if line.strip()), "")

    def often(separator: str) -> int:
        try:
            return len(next(csv.reader([first], delimiter=separator), []))
        except csv.Error:
            return 0

    return max(_SEPARATORS, key=often)


def _why(error: csv.Error) -> str:
    text = str(error)
    if "field limit" in text:
        return f"a cell has more than {csv.field_size_limit():,} characters."
    if "unexpected end" in text:
        return "a quotation mark is opened in it and never closed."
    return "what follows a closing quotation mark has to be a separator or the end of the line."


def _cell(cell: str) -> str:
    """Without the apostrophe that keeps spreadsheets from calculating it."""
    return text_of_cell(cell) if cell.startswith(MARK) and is_guarded(cell[1:]) else cell
