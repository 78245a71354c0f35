"""A figure as a picture: SVG that prints, follows light and dark, and is read without colour.

The attributes carry the colours of paper; on the page the style sheet overrides them by class. No
`style`, which the page's policy forbids, and no `var()`, which a printer's program may not know.
What the picture shows also stands in the table beside it.
"""

from collections.abc import Sequence
from html import escape
from math import log10

from django.utils.translation import gettext

from incidents.lib.one_line import one_line
from incidents.review.figure import Cell, Chart, Figure

WIDTH, LABEL, RIGHT = 540, 190, 50
ROW, BAR, TOP, AXIS = 24, 13, 6, 24
MOST_ROWS = 12
LONGEST_LABEL, LONGEST_NAME = 25, 80
WIDE = 0x1100
"""From this character on most letters are twice as wide."""
# By class, as on paper.
COLOURS = {
    "chart-label": "#1e1c19",
    "chart-number": "#1e1c19",
    "chart-muted": "#55514a",
    "chart-axis": "#55514a",
    "chart-grid": "#e0dcd4",
    "chart-bar": "#0b6478",
    "chart-mark": "#a8470b",
}
TICKS = {
    1: "1 min",
    10: "10 min",
    60: "1 h",
    600: "10 h",
    1440: "1 d",
    14400: "10 d",
    144000: "100 d",
}


def svg(figure: Figure) -> str:
    """Empty where the figure is not drawn. Its ids begin with the figure's key."""
    if figure.chart is None or not figure.table.rows:
        return ""
    rows = figure.table.rows[:MOST_ROWS]
    draw = boxes if figure.chart is Chart.BOXES else bars
    body = draw(figure, rows)
    height = TOP + ROW * len(rows) + AXIS
    key = safe(figure.key)
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" class="chart" role="img" viewBox="0 0 {WIDTH} '
        f'{height}" font-family="sans-serif" font-size="12" aria-labelledby="{key}-t {key}-d">'
        f'<title id="{key}-t">{safe(figure.title)}</title>'
        f'<desc id="{key}-d">{safe(described(figure, rows))}</desc>{body}</svg>'
    )


def described(figure: Figure, rows: Sequence[Sequence[Cell]]) -> str:
    """What the picture shows, in words."""
    more = len(figure.table.rows) - len(rows)
    rest = " " + gettext("%(more)s more are in the table.") % {"more": more} if more else ""
    if figure.chart is Chart.BOXES:
        place = 4
        told = "; ".join(
            gettext("%(name_row)s: median %(place)s min of %(row)s")
            % {"name_row": name(row), "place": row[place], "row": row[1]}
            for row in rows
        )
        return gettext(
            "From the lower to the upper quartile, on a logarithmic axis. %(told)s.%(rest)s"
        ) % {"told": told, "rest": rest}
    return f"{'; '.join(f'{name(row)}: {row[1]}' for row in rows)}.{rest}"


def name(row: Sequence[Cell]) -> str:
    return one_line(str(row[0]), LONGEST_NAME)


def bars(figure: Figure, rows: Sequence[Sequence[Cell]]) -> str:
    """The length of each is its first count; a mark says how many there were before."""
    with_marks = figure.chart is Chart.BARS_AND_MARKS
    before = figure.table.values_of("before")[: len(rows)] if with_marks else []
    most = max(float(value or 0) for value in [*(row[1] for row in rows), *before]) or 1.0
    scale = (WIDTH - LABEL - RIGHT) / most
    parts = []
    for number, row in enumerate(rows):
        y = TOP + number * ROW
        length = round(float(row[1] or 0) * scale, 1)
        parts.append(label(str(row[0]), y))
        parts.append(box(LABEL, y + 6, length, "chart-bar"))
        if with_marks:
            x = round(LABEL + float(before[number] or 0) * scale, 1)
            parts.append(line(x, y + 2, x, y + ROW - 2, "chart-mark"))
        x = LABEL + max(length, float(before[number] or 0) * scale if with_marks else 0) + 8
        parts.append(text(x, y + 16, str(row[1]), "chart-number"))
    y = TOP + len(rows) * ROW
    parts.append(line(LABEL, TOP, LABEL, y, "chart-axis"))
    if with_marks:
        parts.append(line(LABEL, y + 8, LABEL, y + 20, "chart-mark"))
        parts.append(text(LABEL + 8, y + 18, gettext("before, on average"), "chart-muted"))
    return "".join(parts)


def boxes(_: Figure, rows: Sequence[Sequence[Cell]]) -> str:
    """From the shortest to the longest a line, between the quartiles a box, at the median a bar.

    What took less than a minute stands at a minute: a logarithm has no zero.
    """
    spans = [[max(float(value or 0), 1.0) for value in row[2:7]] for row in rows]
    low = log10(min(span[0] for span in spans))
    high = max(log10(max(span[-1] for span in spans)), low + 1)
    scale = (WIDTH - LABEL - RIGHT) / (high - low)
    bottom = TOP + len(rows) * ROW

    def x(minutes: float) -> float:
        return round(LABEL + (log10(minutes) - low) * scale, 1)

    parts = []
    for minutes, words in TICKS.items():
        if 10**low <= minutes <= 10**high:
            parts.append(line(x(minutes), TOP, x(minutes), bottom, "chart-grid"))
            parts.append(text(x(minutes), bottom + 16, words, "chart-muted", at="middle"))
    for number, (row, span) in enumerate(zip(rows, spans, strict=True)):
        y = TOP + number * ROW
        shortest, lower, median, upper, longest = (x(minutes) for minutes in span)
        parts.append(label(f"{row[0]} (n={row[1]})", y))
        parts.append(line(shortest, y + 12, longest, y + 12, "chart-axis"))
        parts.append(box(lower, y + 6, max(upper - lower, 2), "chart-bar"))
        parts.append(line(median, y + 2, median, y + ROW - 2, "chart-mark"))
    return "".join(parts)


def label(words: str, y: float) -> str:
    """Cut to its column: letters of some scripts are twice as wide."""
    shown, width = "", 0
    for letter in words:
        width += 2 if ord(letter) >= WIDE else 1
        if width > LONGEST_LABEL:
            shown = shown.rstrip() + "…"
            break
        shown += letter
    return text(LABEL - 10, y + 16, shown, "chart-label", at="end")


def text(x: float, y: float, words: str, style: str, *, at: str = "start") -> str:
    return (
        f'<text class="{style}" x="{round(x, 1)}" y="{y}" text-anchor="{at}" '
        f'fill="{COLOURS[style]}">{safe(words)}</text>'
    )


def safe(words: str) -> str:
    """Escaped, and without what no XML may hold."""
    return escape("".join(letter if letter.isprintable() else " " for letter in words))


def box(x: float, y: float, width: float, style: str) -> str:
    return (
        f'<rect class="{style}" x="{x}" y="{y}" width="{round(width, 1)}" height="{BAR}" rx="2" '
        f'fill="{COLOURS[style]}"/>'
    )


def line(x1: float, y1: float, x2: float, y2: float, style: str) -> str:
    return (
        f'<line class="{style}" x1="{x1}" y1="{y1}" x2="{x2}" y2="{y2}" '
        f'stroke="{COLOURS[style]}" stroke-width="{3 if style == "chart-mark" else 1}"/>'
    )
