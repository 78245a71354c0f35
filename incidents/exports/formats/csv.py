"""CSV: the tables, each a file of a zip."""

import csv
import zipfile
from collections.abc import Callable, Iterable
from contextlib import ExitStack
from datetime import date, datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from incidents.exports.packs import Broken, Pack
from incidents.exports.tables import DEFINITIONS, SHEETS, Cell, definition_rows
from incidents.exports.typesetting import never
from incidents.lib.csv_cells import csv_cell

# With a mark by which spreadsheets know the encoding.
ENCODING = "utf-8-sig"
LATEST = (1980, 1, 1, 0, 0, 0)
"""The date of every file in the zip: the same records give the same bytes."""


def write(pack: Pack, path: Path, _check: Callable[[], None] = never) -> None:
    with TemporaryDirectory(dir=path.parent) as folder:
        write_tables(pack, Path(folder))
        with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
            for table in sorted(Path(folder).iterdir()):
                entry = zipfile.ZipInfo(table.name, LATEST)
                entry.compress_type = zipfile.ZIP_DEFLATED
                entry.external_attr = 0o644 << 16
                with table.open("rb") as source, archive.open(entry, "w") as target:
                    while chunk := source.read(1 << 20):
                        target.write(chunk)


def write_tables(pack: Pack, folder: Path) -> None:
    with ExitStack() as stack:

        def table(name: str, columns: Iterable[str]) -> Any:
            path = folder / f"{name.lower().replace(' ', '-')}.csv"
            file = stack.enter_context(path.open("w", encoding=ENCODING, newline=""))
            rows = csv.writer(file)
            rows.writerow(columns)
            return rows

        tables = {sheet.name: table(sheet.name, sheet.columns) for sheet in SHEETS}
        figures = table("figures", ["Figure", "Row", "Column", "Value"])
        for figure in pack.figures:
            for number, row in enumerate(figure.table.rows, 1):
                for column, value in zip(figure.table.columns, row, strict=True):
                    figures.writerow(cells([figure.key, number, column.key, value]))
        definitions = table("definitions", DEFINITIONS)
        for told in definition_rows(pack.figures):
            definitions.writerow(cells(told))
        broken = table("not-told", ["Incident", "Why"])
        for document in pack.documents():
            if isinstance(document, Broken):
                broken.writerow(cells([document.reference, document.why]))
                continue
            for sheet in SHEETS:
                tables[sheet.name].writerows(cells(row) for row in sheet.rows(document.data))


def cells(row: Iterable[Cell]) -> list[str | int | float]:
    return [csv_cell(plain(value)) for value in row]


def plain(value: Cell) -> str | int | float | None:
    if isinstance(value, datetime):
        return value.isoformat(sep=" ", timespec="minutes")
    return value.isoformat() if isinstance(value, date) else value
