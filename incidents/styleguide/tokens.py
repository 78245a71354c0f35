"""The tokens of the style sheets as figures: each colour by day and by night, and its contrast."""

import re
from enum import StrEnum
from functools import cache
from pathlib import Path
from typing import NamedTuple

from django.contrib.staticfiles import finders

PAIR = re.compile(r"--([\w-]+):\s*light-dark\(\s*(#[0-9a-f]{6})\s*,\s*(#[0-9a-f]{6})\s*\)")
SIZE = re.compile(r"^\s+--((?:space|text|radius|target)[\w-]*): ([\d.]+(?:rem|px));", re.MULTILINE)

BODY, TEXT, SHAPE = 7.0, 4.5, 3.0
"""The least contrast of running text, of other text, and of what is no text (WCAG 2.2: 1.4.6,
1.4.3, 1.4.11)."""
GROUNDS = ("canvas", "surface", "sunken", "hover")
TONES = ("danger", "warning", "success", "info", "review")
CODE = ("comment", "keyword", "string", "number", "name", "error")

# (what lies on top, what it lies on, the least ratio)
PAIRS: list[tuple[str, str, float]] = [
    *(("text", ground, BODY) for ground in GROUNDS),
    *((name, ground, TEXT) for name in ("text-muted", "text-faint") for ground in GROUNDS),
    *(("accent", ground, TEXT) for ground in (*GROUNDS, "accent-soft")),
    *(("accent-hover", ground, TEXT) for ground in GROUNDS),
    ("on-accent", "accent", TEXT),
    ("on-accent", "accent-hover", TEXT),
    ("text", "mark", BODY),
    # Words that were asked for are marked in titles, which are links, and in stretches of text.
    *((name, "mark", TEXT) for name in ("text-muted", "accent", "accent-hover")),
    *((tone, ground, TEXT) for tone in TONES for ground in (f"{tone}-soft", "canvas", "surface")),
    *(("text", f"{tone}-soft", BODY) for tone in TONES),
    *((f"sev{rank}", f"sev{rank}-ground", TEXT) for rank in range(1, 6)),
    *((f"code-{name}", "sunken", TEXT) for name in CODE),
    ("danger", "sunken", TEXT),
    ("inserted", "inserted-ground", TEXT),
    ("deleted", "deleted-ground", TEXT),
    *((name, ground, SHAPE) for name in ("line-strong", "focus") for ground in GROUNDS),
    *((f"phase-{name}", "surface", SHAPE) for name in ("hidden", "known", "held", "over")),
]


class Theme(StrEnum):
    LIGHT = "light"
    DARK = "dark"


class Colour(NamedTuple):
    name: str
    value: str


class Contrast(NamedTuple):
    """What lies on a ground, both with their colours, and how far apart they are."""

    top: Colour
    ground: Colour
    ratio: float
    least: float


class Size(NamedTuple):
    name: str
    value: str


@cache
def sheet() -> str:
    return Path(str(finders.find("css/tokens.css"))).read_text()


def values(theme: Theme) -> dict[str, str]:
    place = list(Theme).index(theme)
    return {name: both[place] for name, *both in PAIR.findall(sheet())}


def colours(theme: Theme) -> list[Colour]:
    return [Colour(name, value) for name, value in values(theme).items()]


def pairs(theme: Theme) -> list[Contrast]:
    known = values(theme)
    return [
        Contrast(
            Colour(top, known[top]),
            Colour(ground, known[ground]),
            contrast(known[top], known[ground]),
            least,
        )
        for top, ground, least in PAIRS
    ]


def sizes() -> list[Size]:
    """As the sheet has them for a desk; on a phone some are larger."""
    first = sheet().partition("@media")[0]
    return [Size(name, value) for name, value in SIZE.findall(first)]


NEARLY_BLACK = 0.04045
"""Below it a channel grows evenly, as WCAG 2.2 has it."""


def luminance(colour: str) -> float:
    """Relative luminance, as WCAG 2.2 defines it: 0 is black, 1 is white."""
    channels = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    red, green, blue = (
        c / 12.92 if c <= NEARLY_BLACK else ((c + 0.055) / 1.055) ** 2.4 for c in channels
    )
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    """From 1, the same colour, to 21, black on white."""
    dark, light = sorted((luminance(one), luminance(other)))
    return (light + 0.05) / (dark + 0.05)
