"""A figure as a page shows it: its numbers written out, and leading to what they count."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from urllib.parse import urlencode

from django.urls import reverse
from django.utils.safestring import SafeString, mark_safe

from incidents.lib.approximate_time import human_duration
from incidents.review.charts import svg
from incidents.review.figure import About, Cell, CellKind, Column, Figure, LeftOut
from incidents.review.scope import Scope

FOLDED = 12
"""More rows than these are folded."""
# The column that counts the incidents which the list of incidents can show, by the figure.
COUNTING = {
    "kind": "incidents",
    "severity": "incidents",
    "detection": "incidents",
    "service": "incidents",
    "team": "incidents",
    "near_misses": "near_misses",
    "factors": "incidents",
    "knobs": "incidents",
    "drafts": "records",
}
MORE: dict[str, Mapping[str, str]] = {"near_misses": {"kind": "near_miss"}}
PAGES = {
    "incident": "records:incident",
    "lesson": "knowledge:lesson",
    "factor": "knowledge:factor",
    "runbook": "runbooks:runbook",
    "team": "directory:team",
    "service": "directory:service",
}


@dataclass(frozen=True)
class Shown:
    text: str
    is_number: bool
    is_reference: bool
    url: str


@dataclass(frozen=True)
class ShownFigure:
    key: str
    title: str
    definition: str
    note: str
    left_out: list[LeftOut]
    picture: SafeString
    columns: list[Column]
    rows: list[list[Shown]]
    more: list[list[Shown]]


def shown(figure: Figure, scope: Scope) -> ShownFigure:
    abouts = figure.table.about or [None] * len(figure.table.rows)
    rows = [
        [
            Shown(
                written(cell, column.kind),
                column.is_number,
                column.kind is CellKind.RECORD,
                url_of(figure, column, cell, about, scope) if about else "",
            )
            for cell, column in zip(row, figure.table.columns, strict=True)
        ]
        for row, about in zip(figure.table.rows, abouts, strict=True)
    ]
    return ShownFigure(
        key=figure.key,
        title=figure.title,
        definition=figure.definition,
        note=figure.note,
        left_out=figure.left_out,
        # Made of the figure's own numbers, with every word in it escaped.
        picture=mark_safe(svg(figure)),  # noqa: S308 (as above)
        columns=figure.table.columns,
        rows=rows[:FOLDED],
        more=rows[FOLDED:],
    )


def written(cell: Cell, kind: CellKind) -> str:
    """Right: "unknown", "1,234", "+3.5", "1 h 20 min", "12 d"."""
    if cell is None:
        return "unknown"
    if isinstance(cell, str):
        return cell
    if kind is CellKind.MINUTES:
        took = timedelta(minutes=cell)
        return human_duration(took, took)
    number = f"{round(cell, 2):,}".removesuffix(".0")
    if kind is CellKind.CHANGE:
        return number if cell <= 0 else f"+{number}"
    if kind is CellKind.DAYS:
        return f"{number} d"
    return f"{number} h" if kind is CellKind.HOURS else number


def url_of(figure: Figure, column: Column, cell: Cell, about: About, scope: Scope) -> str:
    """The first column leads to the record itself, a count to the list of what it counts."""
    name, key = about
    if column is figure.table.columns[0]:
        return reverse(PAGES[name], args=[key]) if name in PAGES else ""
    if COUNTING.get(figure.key) != column.key or not cell:
        return ""
    wanted = {"period": scope.period.key, **MORE.get(figure.key, {}), name: str(key)}
    for of, row in (("team", scope.team), ("service", scope.service)):
        if row is not None:
            if of in wanted:
                # The list can be of one only.
                return ""
            wanted[of] = row.slug
    return f"{reverse('records:incidents')}?{urlencode(wanted)}"
