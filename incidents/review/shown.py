"""A figure as a page shows it: its numbers written out, and leading to what they count."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from html import escape
from urllib.parse import urlencode

from django.urls import reverse
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext

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
class ShownFigure:
    key: str
    title: str
    definition: str
    note: str
    left_out: list[LeftOut]
    picture: SafeString
    columns: list[Column]
    rows: list[SafeString]
    more: list[SafeString]


def shown(figure: Figure, scope: Scope) -> ShownFigure:
    abouts = figure.table.about or [None] * len(figure.table.rows)
    links = Links(figure, scope)
    rows = [
        line(row, figure.table.columns, about, links)
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


def line(
    row: Sequence[Cell], columns: Sequence[Column], about: About | None, links: "Links"
) -> SafeString:
    """The cells of a row: a page has thousands, of which a template would take half of its time."""
    told = []
    for place, (cell, column) in enumerate(zip(row, columns, strict=True)):
        words = f"<bdi>{escape(written(cell, column.kind))}</bdi>"
        url = links(place, column, cell, about) if about else ""
        if url:
            style = ' class="ref"' if column.kind is CellKind.RECORD else ""
            words = f'<a{style} href="{escape(url)}">{words}</a>'
        if place == 0:
            told.append(f'<th scope="row">{words}</th>')
        elif column.is_number:
            told.append(f'<td class="number">{words}</td>')
        else:
            told.append(f"<td>{words}</td>")
    return mark_safe("".join(told))  # noqa: S308 (every word in it is escaped)


def written(cell: Cell, kind: CellKind) -> str:
    """Right: "unknown", "1,234", "+3.5", "1 h 20 min", "12 d"."""
    if cell is None:
        return gettext("unknown")
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


class Links:
    """The first column leads to the record itself, a count to the list of what it counts."""

    def __init__(self, figure: Figure, scope: Scope) -> None:
        self.counting = COUNTING.get(figure.key)
        self.incidents = reverse("records:incidents")
        self.wanted = {"period": scope.period.key, **MORE.get(figure.key, {})}
        self.of = {
            name: row.slug
            for name, row in (("team", scope.team), ("service", scope.service))
            if row is not None
        }

    def __call__(self, place: int, column: Column, cell: Cell, about: About) -> str:
        name, key = about
        if place == 0:
            return reverse(PAGES[name], args=[key]) if name in PAGES else ""
        # The list can be of one team, and of one service, only.
        if self.counting != column.key or not cell or name in self.of:
            return ""
        return f"{self.incidents}?{urlencode({**self.wanted, name: key, **self.of})}"
