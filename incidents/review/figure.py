"""A figure of a review: a table with what it means and what it leaves out. Plain data, both ways.

The page, the freezing and every export draw from the same.
"""

import json
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

Cell = str | int | float | None
"""None is what is not known. A float has at most two decimals."""
About = tuple[str, str | int]
"""What a row is about: a record, `("incident", 42)`, `("factor", "pool-too-small")`; or a choice,
`("severity", "sev1")`."""


class CellKind(StrEnum):
    TEXT = "text"
    # How many; a whole number.
    COUNT = "count"
    # With a sign, against what it is compared with.
    CHANGE = "change"
    NUMBER = "number"
    MINUTES = "minutes"
    HOURS = "hours"
    DAYS = "days"
    # As in "2026-09-30".
    DATE = "date"
    # A reference, as in "INC-42".
    RECORD = "record"


class Chart(StrEnum):
    """How a figure is drawn."""

    # One bar for each row: the first column names it, the first count is its length.
    BARS = "bars"
    # As bars, each with a mark where the column `before` says.
    BARS_AND_MARKS = "bars_and_marks"
    # A box from the lower to the upper quartile for each row, on a log axis.
    BOXES = "boxes"


@dataclass(frozen=True)
class Column:
    key: str
    title: str
    kind: CellKind = CellKind.COUNT

    @property
    def is_number(self) -> bool:
        return self.kind not in {CellKind.TEXT, CellKind.RECORD, CellKind.DATE}


@dataclass(frozen=True)
class Table:
    """`about` has an entry for each row, or none at all."""

    columns: list[Column]
    rows: list[list[Cell]]
    about: list[About | None] = field(default_factory=list)

    def values_of(self, key: str) -> list[Cell]:
        """A column by its key; raises KeyError."""
        places = {column.key: place for place, column in enumerate(self.columns)}
        return [row[places[key]] for row in self.rows]


@dataclass(frozen=True)
class LeftOut:
    """What the figure does not count, and why: `12`, "without any date"."""

    count: int
    why: str


@dataclass(frozen=True)
class Figure:
    """`key` names it in addresses and files. `note` is a warning or a remark, often empty."""

    key: str
    title: str
    definition: str
    table: Table
    left_out: list[LeftOut] = field(default_factory=list)
    note: str = ""
    chart: Chart | None = None
    # The heading under which it stands.
    section: str = ""


def to_json(figure: Figure) -> dict[str, Any]:
    table = figure.table
    return {
        "key": figure.key,
        "title": figure.title,
        "definition": figure.definition,
        "columns": [
            {"key": column.key, "title": column.title, "kind": column.kind.value}
            for column in table.columns
        ],
        "rows": [list(row) for row in table.rows],
        "about": [list(about) if about else None for about in table.about],
        "left_out": [{"count": one.count, "why": one.why} for one in figure.left_out],
        "note": figure.note,
        "chart": figure.chart.value if figure.chart else None,
        "section": figure.section,
    }


def from_json(data: dict[str, Any]) -> Figure:
    """The figure of which `to_json` made the data."""
    columns = [
        Column(column["key"], column["title"], CellKind(column["kind"]))
        for column in data["columns"]
    ]
    about = [(one[0], one[1]) if one else None for one in data["about"]]
    return Figure(
        key=data["key"],
        title=data["title"],
        definition=data["definition"],
        table=Table(columns, [list(row) for row in data["rows"]], about),
        left_out=[LeftOut(one["count"], one["why"]) for one in data["left_out"]],
        note=data["note"],
        chart=Chart(data["chart"]) if data["chart"] else None,
        section=data["section"],
    )


def canonical(data: Any) -> bytes:
    """The same data always give the same bytes: what a hash is counted over."""
    text = json.dumps(data, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return text.encode()
