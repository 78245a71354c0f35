"""A figure's cells as people read them."""

from collections.abc import Callable
from datetime import timedelta

from django.utils.translation import gettext

from incidents.lib.approximate_time import human_duration
from incidents.review.figure import Cell, CellKind, Column, Figure, LeftOut


def rows_in_words(figure: Figure) -> list[list[str]]:
    columns = figure.table.columns
    return [
        [in_words(column, value) for column, value in zip(columns, row, strict=True)]
        for row in figure.table.rows
    ]


def in_words(column: Column, value: Cell) -> str:
    """What is not known is a dash."""
    if value is None:
        return "–"
    if isinstance(value, str):
        return value
    tell = NUMBERS.get(column.kind)
    return tell(value) if tell else f"{value:,}"


def minutes_in_words(value: float) -> str:
    """Right: "1 h 20 min" for 80."""
    span = timedelta(minutes=float(value))
    return human_duration(span, span) if value else "0 min"


def change_in_words(value: float) -> str:
    return f"{value:+,}" if value else "0"


def is_number(column: Column) -> bool:
    return column.kind not in {CellKind.TEXT, CellKind.RECORD, CellKind.DATE}


def left_out_in_words(left_out: list[LeftOut]) -> str:
    """Right: "Left out: 4 without any date, 1 withdrawn."; empty where nothing is."""
    told = ", ".join(f"{one.count:,} {one.why}" for one in left_out)
    return gettext("Left out: %(told)s.") % {"told": told} if told else ""


NUMBERS: dict[CellKind, Callable[[float], str]] = {
    CellKind.MINUTES: minutes_in_words,
    CellKind.CHANGE: change_in_words,
    CellKind.HOURS: lambda value: f"{value:,} h",
    CellKind.DAYS: lambda value: f"{value:,} d",
}
