"""The formats: a table, one file for each."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from incidents.exports.formats import csv, html, json, markdown, pdf, xlsx
from incidents.exports.packs import Pack
from incidents.exports.typesetting import never
from incidents.models import ExportFormat

Check = Callable[[], None]


@dataclass(frozen=True)
class Format:
    """`write` calls `check` now and then, and is stopped by what that raises."""

    write: Callable[[Pack, Path, Check], None]
    media_type: str


FORMATS = {
    ExportFormat.PDF: Format(pdf.write, "application/pdf"),
    ExportFormat.XLSX: Format(
        xlsx.write, "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
    ),
    ExportFormat.CSV: Format(csv.write, "application/zip"),
    ExportFormat.JSON: Format(json.write, "application/json"),
    ExportFormat.MARKDOWN: Format(markdown.write, "text/markdown; charset=utf-8"),
    ExportFormat.HTML: Format(html.write, "text/html; charset=utf-8"),
}
OF_AN_INCIDENT = (ExportFormat.PDF, ExportFormat.MARKDOWN, ExportFormat.JSON)

__all__ = ["FORMATS", "OF_AN_INCIDENT", "Check", "Format", "never"]
