"""The JSON Schema of the files, made of the same tables by which they are written and read."""

from typing import Any

from incidents.archive.files import FORMAT, VERSION
from incidents.archive.kinds import KINDS, LISTS, Kind, tables
from incidents.archive.tables import AS_ANOTHER, LETTERS, NAMES, Column, Table

DRAFT = "https://json-schema.org/draft/2020-12/schema"
ABOUT = (
    "Each definition describes one kind of file of an archive: the values between the dashes of a"
    " record's file (its texts, which follow under headings, may stand there too), or one line of a"
    " list. What is empty is not written."
)


def schema() -> dict[str, Any]:
    return {
        "$schema": DRAFT,
        "title": f"{FORMAT}, version {VERSION}",
        "description": ABOUT,
        "$defs": {
            "archive.yaml": marker_schema(),
            **{kind.file: record_schema(kind) for kind in KINDS},
            **{name: row_schema(table) for kind in KINDS for name, table in kind.files.items()},
            **{name: row_schema(table) for name, table in LISTS.items()},
        },
    }


def marker_schema() -> dict[str, Any]:
    count = {"type": "integer", "minimum": 0}
    names = [table.name for table in tables()]
    rows = {"type": "object", "properties": dict.fromkeys(sorted(names), count)}
    return {
        "type": "object",
        "properties": {
            "format": {"const": FORMAT},
            "version": {"const": VERSION},
            "last_change": {"description": "The highest key of a line of history.", **count},
            "rows": {"description": "How many rows of each table there are.", **rows},
        },
        "required": ["format", "version"],
        "additionalProperties": False,
    }


def record_schema(kind: Kind) -> dict[str, Any]:
    found = row_schema(kind.table)
    for name, table in kind.parts.items():
        part = row_schema(table)
        found["properties"][name] = part if table.is_single else {"type": "array", "items": part}
    return found


def row_schema(table: Table) -> dict[str, Any]:
    required = [
        column.name
        for column in table.columns
        if column.absent is ... and column.name not in AS_ANOTHER
    ]
    return {
        "type": "object",
        "properties": {column.name: column_schema(column) for column in table.columns},
        "required": required,
        "additionalProperties": False,
    }


def column_schema(column: Column) -> dict[str, Any]:
    found = reference(column) if column.target else column.codec.schema(column.field)
    if column.is_many:
        found = {"type": "array", "items": found, "uniqueItems": True}
    told = about(column)
    return {"description": told, **found} if told else found


def reference(column: Column) -> dict[str, Any]:
    letters = LETTERS.get(column.target) if column.target else None
    if letters:
        return {"type": "string", "pattern": f"^{letters}[1-9][0-9]*$"}
    return {"type": "string"}


def about(column: Column) -> str:
    if column.name in AS_ANOTHER:
        return f"Where it is not there: as {AS_ANOTHER[column.name]}."
    if column.absent not in (..., None, "", []):
        return f"Where it is not there: {column.absent}."
    if column.target and column.target in NAMES:
        table = column.target._meta.verbose_name
        return f"{' / '.join(NAMES[column.target])} of the {table}."
    return ""
