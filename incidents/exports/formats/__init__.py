"""The formats: a table, one file for each."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from incidents.exports.formats import json, markdown, pdf
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
    ExportFormat.MARKDOWN: Format(markdown.write, "text/markdown; charset=utf-8"),
    ExportFormat.JSON: Format(json.write, "application/json"),
}

__all__ = ["FORMATS", "Check", "Format", "never"]
