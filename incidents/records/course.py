"""The course of an incident as a picture: its phases and its events on one time axis.

Pure: times in, places in a drawing out. The template draws, the style sheet colours. What is known
only coarsely is as wide as its period; what is not known at all is counted, not drawn.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import pairwise
from zoneinfo import ZoneInfo

from django.utils.translation import gettext

from incidents.lib.approximate_time import (
    ApproximateTime,
    Precision,
    duration_between,
    human,
    human_duration,
    period,
)
from incidents.lib.time_axis import Axis, Tick, axis_over, ticks_of

LEFT, RIGHT = 16.0, 704.0
LETTER = 6.6
"""About how wide a letter of the labels is."""
LABEL_HEIGHT = 16
CLUSTER = 20.0
"""Marks nearer to each other than this are one."""
NARROWEST = 3.0
MOST_TITLES = 8
FAR = 4
"""What lies this many times the phases' length off is not drawn to scale."""

CLASSES = {
    ("began", "detected"): "phase-hidden",
    ("detected", "mitigated"): "phase-known",
    ("mitigated", "resolved"): "phase-held",
}
LANES = (Precision.MINUTE, Precision.HOUR, Precision.DAY, Precision.MONTH, Precision.YEAR)


@dataclass(frozen=True)
class Moment:
    """A phase by its name, or an event by the id of its row; `text` is what a person reads."""

    name: str
    text: str
    time: ApproximateTime


@dataclass(frozen=True)
class Bar:
    x: float
    width: float
    style: str
    title: str


@dataclass(frozen=True)
class Label:
    x: float
    y: float
    anchor: str
    text: str
    line_to: float


@dataclass(frozen=True)
class Mark:
    """One event, or several that are too near to tell apart; `width` is 0 for a point."""

    x: float
    y: float
    width: float
    count: int
    anchor: str
    title: str

    @property
    def radius(self) -> int:
        return 5 if self.count == 1 else 9

    @property
    def top(self) -> float:
        return self.y - 8

    @property
    def text_y(self) -> float:
        return self.y + 3.5

    @property
    def middle(self) -> float:
        return round(self.x + self.width / 2, 1)


@dataclass(frozen=True)
class Stretch:
    """One line of the table: from one phase to a later one."""

    begin: str
    end: str
    duration: str


@dataclass(frozen=True)
class Course:
    height: float
    phases_y: float
    axis_y: float
    ticks_y: float
    ticks: list[Tick]
    bars: list[Bar]
    labels: list[Label]
    marks: list[Mark]
    times: list[tuple[str, str]]
    stretches: list[Stretch]
    steps: list[Moment]
    """The events in their order, where no time at all is known."""
    without_time: int
    beyond: int
    """How many events lie off the axis; they stand at its ends."""

    @property
    def is_drawn(self) -> bool:
        return bool(self.ticks)


def course(phases: Sequence[Moment], events: Sequence[Moment], zone: ZoneInfo) -> Course:
    """Both in their order. An empty course has neither a drawing nor steps."""
    known = [phase for phase in phases if phase.time.at is not None]
    dated = [event for event in events if event.time.at is not None]
    times = [(phase.text, human(phase.time, zone)) for phase in phases]
    axis = axis_of(known, dated, zone)
    if axis is None:
        return Course(0, 0, 0, 0, [], [], [], [], times, [], list(events), len(events), 0)
    labels = labels_of(known, axis, zone)
    phases_y = 8 + LABEL_HEIGHT * (1 + max((label.y for label in labels), default=-1))
    labels = [
        Label(label.x, 12 + LABEL_HEIGHT * label.y, label.anchor, label.text, phases_y + 18)
        for label in labels
    ]
    marks, axis_y = marks_of(dated, axis, zone, top=phases_y + (36 if known else 8))
    return Course(
        height=axis_y + 28,
        phases_y=phases_y,
        axis_y=axis_y,
        ticks_y=axis_y + 18,
        ticks=ticks_of(axis, zone),
        bars=bars_of(known, axis, zone),
        labels=labels,
        marks=marks,
        times=times,
        stretches=stretches_of(known, zone),
        steps=[],
        without_time=len(events) - len(dated),
        beyond=sum(is_beyond(event, axis, zone) for event in dated),
    )


def axis_of(phases: list[Moment], events: list[Moment], zone: ZoneInfo) -> Axis | None:
    """Over everything; over the phases alone where a far event would squeeze them to nothing."""
    own, everything = span_of(phases, zone), span_of([*phases, *events], zone)
    if everything is None:
        return None
    if own is not None and own[1] > own[0]:
        length, margin = own[1] - own[0], (own[1] - own[0]) / 4
        if everything[1] - everything[0] > length * FAR:
            everything = max(everything[0], own[0] - margin), min(everything[1], own[1] + margin)
    return axis_over(*everything, left=LEFT, right=RIGHT)


def span_of(moments: list[Moment], zone: ZoneInfo) -> tuple[datetime, datetime] | None:
    spans = [span for moment in moments if (span := stretch_of(moment, zone)) is not None]
    if not spans:
        return None
    return min(start for start, _ in spans), max(end for _, end in spans)


def stretch_of(moment: Moment, zone: ZoneInfo) -> tuple[datetime, datetime] | None:
    """From when to when it may have been; a minute is a point."""
    span = period(moment.time, zone)
    if span is None or moment.time.precision is not Precision.MINUTE:
        return span
    return span[0], span[0]


def extent(moment: Moment, axis: Axis, zone: ZoneInfo) -> tuple[float, float]:
    """From where to where a moment is drawn."""
    start, end = stretch_of(moment, zone) or (axis.start, axis.start)
    return axis.x(start), axis.x(end)


def is_beyond(moment: Moment, axis: Axis, zone: ZoneInfo) -> bool:
    start, end = stretch_of(moment, zone) or (axis.start, axis.end)
    return end < axis.start or start > axis.end


def bars_of(phases: list[Moment], axis: Axis, zone: ZoneInfo) -> list[Bar]:
    """Between two phases what is sure; over a phase that is known coarsely, how unsure it is."""
    bars = []
    for begin, end in pairwise(phases):
        start, stop = extent(begin, axis, zone)[1], extent(end, axis, zone)[0]
        if stop > start:
            style = CLASSES.get((begin.name, end.name), "phase-between")
            title = gettext("%(begin)s to %(end)s: %(duration)s") % {
                "begin": begin.text,
                "end": end.text,
                "duration": duration_of(begin, end, zone),
            }
            bars.append(Bar(start, round(stop - start, 1), style, title))
    for phase in phases:
        start, stop = extent(phase, axis, zone)
        if stop > start:
            title = f"{phase.text}: {human(phase.time, zone)}"
            bars.append(Bar(start, round(stop - start, 1), "phase-unknown", title))
    return bars


def labels_of(phases: list[Moment], axis: Axis, zone: ZoneInfo) -> list[Label]:
    """A word for each phase, as many lines high as it takes that none covers another."""
    labels: list[Label] = []
    ends: list[float] = []
    for phase in phases:
        x = extent(phase, axis, zone)[0]
        width = len(phase.text) * LETTER
        at_end = x + width > RIGHT
        begin = x - width if at_end else x
        line = next((row for row, end in enumerate(ends) if end < begin), len(ends))
        ends[line : line + 1] = [begin + width + LETTER]
        labels.append(Label(x, line, "end" if at_end else "start", phase.text, 0))
    return labels


def marks_of(
    events: list[Moment], axis: Axis, zone: ZoneInfo, *, top: float
) -> tuple[list[Mark], float]:
    """A lane for each precision that occurs, exact times first; and where the axis goes."""
    marks: list[Mark] = []
    y = top
    for precision in LANES:
        lane = [event for event in events if event.time.precision is precision]
        if not lane:
            continue
        y += 12
        for group in together(lane, axis, zone):
            start, end = extent(group[0], axis, zone)
            width = max(end - start, NARROWEST) if precision is not Precision.MINUTE else 0
            title = told(group, zone)
            marks.append(Mark(start, y, round(width, 1), len(group), group[0].name, title))
        y += 12
    return marks, y + 8


def together(lane: list[Moment], axis: Axis, zone: ZoneInfo) -> list[list[Moment]]:
    """Events of one lane in groups: exact ones that are near, coarse ones of the same period."""
    groups: list[list[Moment]] = []
    for event in sorted(lane, key=lambda event: extent(event, axis, zone)):
        start, end = extent(event, axis, zone)
        if groups:
            first, last = extent(groups[-1][0], axis, zone)
            if (start, end) == (first, last) or (end == start and start - first < CLUSTER):
                groups[-1].append(event)
                continue
        groups.append([event])
    return groups


def told(group: list[Moment], zone: ZoneInfo) -> str:
    lines = [f"{human(event.time, zone)}: {event.text}" for event in group[:MOST_TITLES]]
    if len(group) > MOST_TITLES:
        lines.append(gettext("and %(count)s more") % {"count": len(group) - MOST_TITLES})
    return "\n".join(lines)


def stretches_of(phases: list[Moment], zone: ZoneInfo) -> list[Stretch]:
    """From each known phase to the next, and from the first to the last."""
    pairs = list(pairwise(phases))
    if len(pairs) > 1:
        pairs.append((phases[0], phases[-1]))
    return [Stretch(a.text, b.text, duration_of(a, b, zone)) for a, b in pairs]


def duration_of(begin: Moment, end: Moment, zone: ZoneInfo) -> str:
    duration = duration_between(begin.time, end.time, zone)
    return gettext("not in this order") if duration is None else human_duration(*duration)
