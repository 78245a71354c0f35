"""The text of each file, and what a folder says of itself."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.text import capfirst

from incidents.archive.columns import Plain
from incidents.archive.tables import Table
from incidents.lib.exact_yaml import dumped, is_shown, loaded
from incidents.lib.front_matter import Text, written
from incidents.lib.plain_yaml import NotYaml
from incidents.lib.words.own import in_own_words

MARKER = "archive.yaml"
FORMAT = "postmortem-archive"
VERSION = 1
LARGEST = 32_000_000
"""Bytes of one file of a record, and of one line of a list."""

LARGEST_CONTENT = 100_000_000
"""Bytes of an attachment: what a site can be set to take."""

# Git would otherwise change line ends on some machines, and with them what texts say.
ATTRIBUTES = ".gitattributes"
ATTRIBUTES_TEXT = "* -text\n"


class NoArchive(ValueError):
    """What the marker says is no archive that this version reads; the message says why."""


@dataclass(frozen=True)
class Marker:
    """`rows` are how many there are of each table: by them a lost file is noticed. It is None while
    the archive is being written. `last_change` is the key of the latest line of history in it."""

    last_change: int = 0
    rows: Mapping[str, int] | None = None

    @property
    def text(self) -> str:
        told: dict[str, Any] = {"format": FORMAT, "version": VERSION}
        if self.rows is not None:
            told |= {"last_change": self.last_change, "rows": dict(self.rows)}
        return dumped(told)


def read_marker(text: str) -> Marker:
    """Raises `NoArchive`."""
    try:
        told = loaded(text)
    except NotYaml as error:
        raise NoArchive(f"It cannot be read: {error}.") from None
    if not isinstance(told, dict) or told.get("format") != FORMAT:
        raise NoArchive(f"It does not say “format: {FORMAT}”.")
    if told.get("version") != VERSION:
        version = str(told.get("version"))[:20]
        raise NoArchive(f"It has version {version} of the format; this site reads {VERSION}.")
    rows, last = told.get("rows"), told.get("last_change", 0)
    counts = rows if isinstance(rows, dict) else {}
    if not all(type(count) is int for count in [last, *counts.values()]):
        raise NoArchive("“rows” and “last_change” have to be whole numbers.")
    return Marker(last, None if rows is None else counts)


def record_text(table: Table, values: Mapping[str, Plain]) -> str:
    """The file of a record, of its values and the lists of its parts."""
    prose = {column.name: column for column in table.columns if column.is_prose}
    with in_own_words():
        texts = [
            Text(name, str(capfirst(column.field.verbose_name)), str(values[name]))
            for name, column in prose.items()
            if name in values
        ]
    head = {name: value for name, value in values.items() if name not in prose}
    return written(head, texts)


def list_text(rows: Sequence[Mapping[str, Plain]]) -> str:
    """A line for each row."""
    return "".join(f"{line_text(row)}\n" for row in rows)


def line_text(row: Mapping[str, Plain]) -> str:
    line = json.dumps(row, ensure_ascii=False)
    return line if is_shown(line) else json.dumps(row)
