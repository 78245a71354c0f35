"""What was to be done and what is finished, over time, as figures and as a drawing.

Pure: counts by period in, running totals and places in a drawing out.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from django.utils.translation import gettext

MOST_WEEKS, MOST_MONTHS, MOST_QUARTERS = 26, 36, 40
WEEK, MONTH, QUARTER, YEAR = "week", "month", "quarter", "year"
MONTHS_IN = {MONTH: 1, QUARTER: 3, YEAR: 12}

LEFT, RIGHT, TOP, BOTTOM = 40.0, 560.0, 12.0, 220.0
MOST_TICKS = 6
LABEL_HEIGHT = 16.0


@dataclass(frozen=True)
class Period:
    """`start` is its first day; the totals are those at its end."""

    start: date
    unit: str
    created: int
    finished: int
    created_so_far: int
    finished_so_far: int

    @property
    def name(self) -> str:
        """As in "2026-03-09" for a week, "2026-03", "2026 Q1", "2026"."""
        if self.unit == WEEK:
            return self.start.isoformat()
        if self.unit == QUARTER:
            return f"{self.start.year} Q{(self.start.month + 2) // 3}"
        return f"{self.start.year}" if self.unit == YEAR else f"{self.start:%Y-%m}"

    @property
    def unfinished(self) -> int:
        return self.created_so_far - self.finished_so_far


@dataclass(frozen=True)
class Tick:
    place: float
    text: str


@dataclass(frozen=True)
class Label:
    y: float
    text: str


@dataclass(frozen=True)
class Picture:
    """`created` and `finished` are the points of lines, as SVG takes them."""

    created: str
    finished: str
    across: list[Tick]
    up: list[Tick]
    labels: tuple[Label, Label]
    left: float = LEFT
    right: float = RIGHT
    bottom: float = BOTTOM


def unit_for(first: date, last: date) -> str:
    """As fine as a table that one reads allows."""
    days = (last - first).days
    if days <= MOST_WEEKS * 7:
        return WEEK
    if days <= MOST_MONTHS * 30:
        return MONTH
    return QUARTER if days <= MOST_QUARTERS * 91 else YEAR


def start_of(day: date, unit: str) -> date:
    """The first day of the period that the day is in; weeks begin on Monday."""
    if unit == WEEK:
        return day - timedelta(days=day.weekday())
    length = MONTHS_IN[unit]
    return day.replace(month=(day.month - 1) // length * length + 1, day=1)


def after(start: date, unit: str) -> date:
    if unit == WEEK:
        return start + timedelta(days=7)
    month = start.month - 1 + MONTHS_IN[unit]
    return date(start.year + month // 12, month % 12 + 1, 1)


def periods_of(
    created: Mapping[date, int], finished: Mapping[date, int], *, unit: str, until: date
) -> list[Period]:
    """Every period from the first in which something happened to the one of `until`.

    The counts are by the first day of their period.
    """
    starts = [*created, *finished]
    if not starts:
        return []
    periods: list[Period] = []
    start, made, done = min(starts), 0, 0
    while start <= max(start_of(until, unit), *starts):
        made, done = made + created.get(start, 0), done + finished.get(start, 0)
        periods.append(
            Period(start, unit, created.get(start, 0), finished.get(start, 0), made, done)
        )
        start = after(start, unit)
    return periods


def draw(periods: Sequence[Period]) -> Picture | None:
    """Two lines over the same periods; None where there is nothing to draw."""
    if not periods:
        return None
    most = max(max(one.created_so_far, one.finished_so_far) for one in periods)
    step = (RIGHT - LEFT) / max(len(periods) - 1, 1)

    def x(index: int) -> float:
        return round(LEFT + index * step, 1)

    def y(count: int) -> float:
        return round(BOTTOM - (BOTTOM - TOP) * count / max(most, 1), 1)

    every = -(-len(periods) // MOST_TICKS)
    last = periods[-1]
    created_y, finished_y = y(last.created_so_far), y(last.finished_so_far)
    if abs(finished_y - created_y) < LABEL_HEIGHT:
        finished_y = created_y + LABEL_HEIGHT
    return Picture(
        created=line([(x(index), y(one.created_so_far)) for index, one in enumerate(periods)]),
        finished=line([(x(index), y(one.finished_so_far)) for index, one in enumerate(periods)]),
        across=[
            Tick(x(index), one.name) for index, one in enumerate(periods) if index % every == 0
        ],
        up=[Tick(y(count), str(count)) for count in round_numbers(most)],
        labels=(
            Label(
                created_y,
                gettext("created %(created_so_far)s") % {"created_so_far": last.created_so_far},
            ),
            Label(
                finished_y,
                gettext("finished %(finished_so_far)s") % {"finished_so_far": last.finished_so_far},
            ),
        ),
    )


def line(points: Sequence[tuple[float, float]]) -> str:
    # One period alone is a line, too.
    shown = [*points, (RIGHT, points[0][1])] if len(points) == 1 else points
    return " ".join(f"{x},{y}" for x, y in shown)


def round_numbers(most: int) -> list[int]:
    """0 and up to four round numbers up to `most`."""
    step = 1
    for factor in (1, 2, 5, 10, 20, 50, 100, 200, 500, 1000, 2000, 5000, 10_000, 50_000, 100_000):
        step = factor
        if most / step <= 4:  # noqa: PLR2004 (as the docstring says)
            break
    return list(range(0, most + 1, step))
