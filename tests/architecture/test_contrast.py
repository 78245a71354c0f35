"""What lies on a ground can be read by day and by night (WCAG 2.2: 1.4.3, 1.4.6, 1.4.11)."""

import re
from pathlib import Path

import pytest

TOKENS = Path(__file__).resolve().parents[2] / "static" / "css" / "tokens.css"
PAIR = re.compile(r"(--[\w-]+):\s*light-dark\(\s*(#[0-9a-f]{6})\s*,\s*(#[0-9a-f]{6})\s*\)")
COLOURS = {name: (day, night) for name, day, night in PAIR.findall(TOKENS.read_text())}

BODY, TEXT, SHAPE = 7.0, 4.5, 3.0
GROUNDS = ("canvas", "surface", "sunken", "hover")
TONES = ("danger", "warning", "success", "info", "review")
CODE = ("comment", "keyword", "string", "number", "name", "error")

# (what lies on top, what it lies on, the least ratio)
PAIRS = [
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


def luminance(colour: str) -> float:
    """Relative luminance, as WCAG 2.2 defines it: 0 is black, 1 is white."""
    channels = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    red, green, blue = (
        c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels
    )
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    dark, light = sorted((luminance(one), luminance(other)))
    return (light + 0.05) / (dark + 0.05)


def test_it_works() -> None:
    assert contrast("#000000", "#ffffff") == pytest.approx(21)
    assert contrast("#777777", "#ffffff") == pytest.approx(4.48, abs=0.01)


@pytest.mark.parametrize("theme", [0, 1], ids=["day", "night"])
@pytest.mark.parametrize(("top", "ground", "least"), PAIRS, ids=str)
def test_enough_contrast(top: str, ground: str, least: float, theme: int) -> None:
    ratio = contrast(COLOURS[f"--{top}"][theme], COLOURS[f"--{ground}"][theme])
    assert ratio >= least, f"{top} on {ground}: {ratio:.2f}"
