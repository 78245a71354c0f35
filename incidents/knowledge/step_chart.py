"""The values of a knob as steps over time.

Pure: turns in, places in a drawing out. The template draws, the style sheet colours. A turn whose
time is known only coarsely is a slope as wide as its period; one without a time is not drawn. From
one turn to the next leads a line only where the next began with the value that the last one left:
elsewhere somebody turned it and no record tells.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from math import log10
from zoneinfo import ZoneInfo

from django.utils.translation import gettext_lazy

from incidents.lib.approximate_time import ApproximateTime, Precision, period
from incidents.lib.one_line import one_line
from incidents.lib.quantities import of_setting
from incidents.lib.time_axis import Axis, Tick, axis_over, ticks_of

RIGHT, TOP = 704.0, 20.0
LETTER = 7.3
"""About how wide a letter of the labels is."""
WIDTH, PLOT, ROW = 720, 180.0, 26.0
STUB = 26.0
RADIUS = 9.0
LABEL_HEIGHT = 15.0
LONGEST_LABEL = 22
SPREAD = 20
"""From this ratio of the largest to the smallest on, the scale is logarithmic."""
NOT_SET, UNKNOWN = gettext_lazy("not set"), gettext_lazy("unknown")


@dataclass(frozen=True)
class Turn:
    """`before` and `after` are as written, or None for unknown, or "" for not set."""

    key: int
    time: ApproximateTime
    zone: ZoneInfo
    before: str | None
    after: str | None
    part: str
    told: str
    """In words, for who points at it."""
    series: str = ""
    """Turns of another series are of another system: no line leads from one to the other."""


@dataclass(frozen=True)
class Line:
    x1: float
    y1: float
    x2: float
    y2: float
    style: str


@dataclass(frozen=True)
class Mark:
    x: float
    y: float
    number: int
    key: int
    part: str
    title: str

    @property
    def text_y(self) -> float:
        return self.y + 4


@dataclass(frozen=True)
class Label:
    y: float
    text: str
    style: str = "step-value"

    @property
    def text_y(self) -> float:
        return self.y + 4


@dataclass(frozen=True)
class Chart:
    height: float
    bottom: float
    ticks_y: float
    ticks: list[Tick]
    labels: list[Label]
    lines: list[Line]
    marks: list[Mark]
    scale: str
    """ "linear", "logarithmic", or "" where the values cannot be compared."""
    skipped: int
    left: float
    right: float = RIGHT
    width: int = WIDTH

    @property
    def labels_x(self) -> float:
        return self.left - 8

    @property
    def ticks_end(self) -> float:
        return self.bottom + 5


def draw(turns: Sequence[Turn], *, component: str, unit: str, skipped: int = 0) -> Chart | None:
    """The turns that have a time, given in their order; None where none has.

    Marks are numbered in that order, after the earlier ones that were `skipped`.
    """
    dated = [(turn, span) for turn in turns if (span := period(turn.time, turn.zone))]
    if not dated:
        return None
    rows = rows_for([turn for turn, _ in dated], component=component, unit=unit)
    left = round(16 + LETTER * max(len(label.text) for label in rows.labels), 1)
    axis = axis_over(
        min(span[0] for _, span in dated),
        max(span[1] for _, span in dated),
        left=left + STUB,
        right=RIGHT - STUB,
    )
    lines, marks = steps(dated, axis, rows, first=skipped + 1)
    return Chart(
        height=rows.bottom + 34,
        bottom=rows.bottom,
        ticks_y=rows.bottom + 20,
        ticks=ticks_of(axis, dated[0][0].zone),
        labels=rows.labels,
        lines=lines,
        marks=marks,
        scale=rows.scale,
        skipped=skipped,
        left=left,
    )


@dataclass(frozen=True)
class Rows:
    """Where each value lies: quantities by their magnitude, other values one below the other."""

    places: dict[str | None, float]
    labels: list[Label]
    bottom: float
    scale: str


def rows_for(turns: Sequence[Turn], *, component: str, unit: str) -> Rows:
    values = list(dict.fromkeys(value for turn in turns for value in (turn.before, turn.after)))
    written = [value for value in values if value]
    found = [of_setting(value, component=component, unit=unit) for value in written]
    quantities = [one for one in found if one is not None]
    places: dict[str | None, float] = {}
    scale = ""
    y = TOP
    if written and len(quantities) == len(written) and len({q.dimension for q in quantities}) == 1:
        magnitudes = [float(one.magnitude) for one in quantities]
        scale = scale_for(magnitudes)
        shares = shares_of(magnitudes, scale)
        height = PLOT if len(set(magnitudes)) > 1 else ROW
        places |= {
            value: round(TOP + height * (1 - share), 1)
            for value, share in zip(written, shares, strict=True)
        }
        y += height + ROW
        labels = labels_of(places)
    else:
        labels = []
        for value in written:
            places[value] = y
            labels.append(Label(y, one_line(value, LONGEST_LABEL)))
            y += ROW
    nothing: tuple[tuple[str | None, str], ...] = (("", str(NOT_SET)), (None, str(UNKNOWN)))
    for none, name in nothing:
        if none in values:
            places[none] = y
            labels.append(Label(y, name, "step-unknown"))
            y += ROW
    return Rows(places, labels, y - ROW + RADIUS + 6, scale)


def scale_for(magnitudes: Sequence[float]) -> str:
    low, high = min(magnitudes), max(magnitudes)
    return "logarithmic" if low > 0 and high / low >= SPREAD else "linear"


def shares_of(magnitudes: Sequence[float], scale: str) -> list[float]:
    """How far up each lies, from 0 to 1."""
    at = [log10(one) for one in magnitudes] if scale == "logarithmic" else list(magnitudes)
    low, length = min(at), max(at) - min(at)
    return [(one - low) / length if length else 0.5 for one in at]


def labels_of(places: dict[str | None, float]) -> list[Label]:
    """Of values too near to each other to be read, the first; the largest and smallest always."""
    by_place = sorted((y, value) for value, y in places.items() if value)
    order = [by_place[0], by_place[-1], *by_place[1:-1]]
    labels: list[Label] = []
    for y, value in order:
        if all(abs(label.y - y) >= LABEL_HEIGHT for label in labels):
            labels.append(Label(y, one_line(value, LONGEST_LABEL)))
    return labels


def steps(
    dated: Sequence[tuple[Turn, tuple[datetime, datetime]]], axis: Axis, rows: Rows, *, first: int
) -> tuple[list[Line], list[Mark]]:
    lines: list[Line] = []
    marks: list[Mark] = []
    last: tuple[Turn, float] | None = None
    for number, (turn, (start, end)) in enumerate(dated, first):
        exact = turn.time.precision == Precision.MINUTE
        x1, x2 = axis.x(start), axis.x(start if exact else end)
        y1, y2 = rows.places[turn.before], rows.places[turn.after]
        if last is not None and last[1] <= x1 and leads_to(last[0], turn, rows):
            lines.append(Line(last[1], y1, x1, y1, "step-line"))
        else:
            if last is not None:
                lines.append(stub_after(last, rows, until=x1))
            lines.append(Line(x1 - STUB, y1, x1, y1, "step-unsure"))
        lines.append(Line(x1, y1, x2, y2, "step-line" if exact else "step-within"))
        marks.append(
            Mark(free_x(x2, y2, marks), y2, number, turn.key, turn.part, f"{number}: {turn.told}")
        )
        last = (turn, x2)
    if last is not None:
        lines.append(stub_after(last, rows, until=RIGHT))
    return lines, marks


def leads_to(last: Turn, turn: Turn, rows: Rows) -> bool:
    """The value that one left is the value with which the other began, as far as is known."""
    if last.after is None or turn.before is None or last.series != turn.series:
        return False
    return rows.places[last.after] == rows.places[turn.before]


def stub_after(last: tuple[Turn, float], rows: Rows, *, until: float) -> Line:
    turn, x = last
    y = rows.places[turn.after]
    return Line(x, y, max(x, min(x + STUB, until)), y, "step-unsure")


def free_x(x: float, y: float, marks: Sequence[Mark]) -> float:
    """Beside the marks that would cover it."""
    while any(abs(mark.x - x) < 2 * RADIUS and abs(mark.y - y) < 2 * RADIUS for mark in marks):
        x += 2 * RADIUS
    return round(x, 1)
