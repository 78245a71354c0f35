"""XLSX: a sheet for each table, written row by row. Texts stay texts, whatever they begin with."""

from collections.abc import Callable, Iterable
from datetime import date, datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import xlsxwriter

from incidents.exports.packs import Broken, Pack
from incidents.exports.tables import DEFINITIONS, SHEETS, Cell, definition_rows
from incidents.exports.typesetting import CannotBeLaidOut, never
from incidents.review.figure import Figure

LONGEST = 32_000
"""Characters of a cell; a spreadsheet takes 32,767 at most."""
MOST_ROWS = 1_048_576
WIDTHS = {"Title": 48, "Summary": 60, "What": 60, "How": 60, "Sentence": 60, "Definition": 80}
WIDTH = 18
LONG_TEXTS = "Long texts"


class Grid:
    """One sheet, from its top to its bottom."""

    def __init__(self, book: "Book", name: str, columns: Iterable[str] = ()) -> None:
        self.book, self.name, self.next = book, name, 0
        self.sheet = book.workbook.add_worksheet(name)
        self.columns = list(columns)
        for place, column in enumerate(self.columns):
            self.sheet.set_column(place, place, WIDTHS.get(column, WIDTH))
        if self.columns:
            self.row(self.columns, book.head)
            self.sheet.freeze_panes(1, 1)

    def row(self, cells: Iterable[Cell], style: Any = None) -> None:
        if self.next >= MOST_ROWS:
            raise CannotBeLaidOut(f"A sheet has {MOST_ROWS:,} rows at most: take CSV.")
        for place, value in enumerate(cells):
            self.cell(place, value, style)
        self.next += 1

    def cell(self, place: int, value: Cell, style: Any) -> None:
        at = (self.next, place)
        if isinstance(value, datetime):
            self.sheet.write_datetime(*at, value, self.book.moment)
        elif isinstance(value, date):
            self.sheet.write_datetime(*at, value, self.book.day)
        elif isinstance(value, int | float):
            self.sheet.write_number(*at, value, style)
        elif value:
            if len(value) > LONGEST:
                value = self.book.cut(value, where=(self.name, self.next + 1, place))
            self.sheet.write_string(*at, value, style)

    def end(self) -> None:
        if self.columns:
            self.sheet.autofilter(0, 0, max(self.next - 1, 0), len(self.columns) - 1)


class Book:
    def __init__(self, path: Path, scratch: str, made_at: datetime) -> None:
        self.workbook = xlsxwriter.Workbook(
            str(path),
            {
                "constant_memory": True,
                "strings_to_formulas": False,
                "strings_to_urls": False,
                "strings_to_numbers": False,
                "nan_inf_to_errors": False,
                "tmpdir": scratch,
            },
        )
        self.workbook.set_properties({"created": made_at.replace(tzinfo=None)})
        self.head = self.workbook.add_format({"bold": True, "bottom": 1})
        self.bold = self.workbook.add_format({"bold": True})
        self.moment = self.workbook.add_format({"num_format": "yyyy-mm-dd hh:mm"})
        self.day = self.workbook.add_format({"num_format": "yyyy-mm-dd"})
        self.rest: list[list[Cell]] = []

    def cut(self, text: str, *, where: tuple[str, int, int]) -> str:
        """The first part; the others go to a sheet of their own, so that nothing is lost."""
        parts = [text[start : start + LONGEST] for start in range(0, len(text), LONGEST)]
        name, row, place = where
        # In this mode a sheet's rows wait in a file, not in memory; these few do not.
        self.rest += [[name, row, place + 1, n, part] for n, part in enumerate(parts[1:], 2)]
        return parts[0]

    def close(self) -> None:
        if self.rest:
            grid = Grid(self, LONG_TEXTS, ["Sheet", "Row", "Column", "Part", "Text"])
            for row in self.rest:
                grid.row(row)
            grid.end()
        self.workbook.close()


def write(pack: Pack, path: Path, _check: Callable[[], None] = never) -> None:
    with TemporaryDirectory(dir=path.parent) as scratch:
        book = Book(path, scratch, pack.as_of)
        try:
            fill(book, pack)
        finally:
            book.close()


def fill(book: Book, pack: Pack) -> None:
    about = Grid(book, "About")
    about.sheet.set_column(0, 0, 60)
    for line in (pack.title, pack.foot, pack.warning):
        about.row([line], book.bold if line == pack.title else None)
    grids = {sheet.name: Grid(book, sheet.name, sheet.columns) for sheet in SHEETS}
    fill_figures(book, pack.figures)
    definitions = Grid(book, "Definitions", DEFINITIONS)
    for told in definition_rows(pack.figures):
        definitions.row(told)
    definitions.end()
    for document in pack.documents():
        if isinstance(document, Broken):
            about.row([f"{document.reference} is not in it: {document.why}"])
            continue
        for sheet in SHEETS:
            for row in sheet.rows(document.data):
                grids[sheet.name].row(row)
    for grid in grids.values():
        grid.end()


def fill_figures(book: Book, figures: Iterable[Figure]) -> None:
    """One under the other, each with its title, its columns and what it leaves out."""
    grid = Grid(book, "Figures")
    grid.sheet.set_column(0, 0, 44)
    grid.sheet.set_column(1, 9, WIDTH)
    for figure in figures:
        grid.row([figure.title], book.bold)
        grid.row([str(column.title) for column in figure.table.columns], book.head)
        for row in figure.table.rows:
            grid.row(row)
        for one in figure.left_out:
            grid.row([f"Left out: {one.count} {one.why}"])
        if figure.note:
            grid.row([figure.note])
        grid.next += 1
