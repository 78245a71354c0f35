"""Style sheets: colours live in one file, and every sheet reaches the page."""

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
CSS = ROOT / "static" / "css"
SHEETS = sorted(path for path in CSS.rglob("*.css") if path.name != "tokens.css")
COMMENT = re.compile(r"/\*.*?\*/", re.DOTALL)
LITERAL_COLOUR = re.compile(
    r"#[0-9a-f]{3,8}\b|\b(?:rgb|hsl|hwb|lab|lch|oklab|oklch|color|color-mix|light-dark)a?\("
    r"|:[^;{}]*\b(?:white|black|red|green|blue|gr[ae]y|orange|yellow|silver|navy|teal)\b",
    re.IGNORECASE,
)
COLOUR = r"(?:#[0-9a-f]{6}|rgb\([\d /%]+\))"


def rules(path: Path) -> str:
    return COMMENT.sub("", path.read_text())


@pytest.mark.parametrize("sheet", SHEETS, ids=lambda path: path.name)
def test_colours_come_from_the_tokens(sheet: Path) -> None:
    assert LITERAL_COLOUR.findall(rules(sheet)) == []


def test_a_literal_colour_is_noticed() -> None:
    for text in ("color: #fff", "background: RGB(1 2 3)", "border: 1px solid red"):
        assert LITERAL_COLOUR.search(text)


@pytest.mark.parametrize("sheet", SHEETS, ids=lambda path: path.name)
def test_every_variable_used_is_declared(sheet: Path) -> None:
    text = rules(sheet)
    declared = set(re.findall(r"(--[\w-]+)\s*:", rules(CSS / "tokens.css") + text))
    assert set(re.findall(r"var\((--[\w-]+)", text)) <= declared


def test_nothing_but_colours_differs_by_theme() -> None:
    """So the rules of accessibility that no colour decides are asked in one theme at each width."""
    assert by_theme("".join(map(rules, [CSS / "tokens.css", *SHEETS]))) == []


@pytest.mark.parametrize(
    "text",
    [
        "@media (prefers-color-scheme: dark) { h1 { color: var(--text) } }",
        'h1 { margin: 0 } [data-theme="dark"] h1 { margin: 1px }',
        "--space: light-dark(1px, 2px);",
    ],
)
def test_what_differs_by_theme_is_noticed(text: str) -> None:
    assert by_theme(text) != []


def by_theme(text: str) -> list[str]:
    """Beside `light-dark()` of two colours, and what chooses between them."""
    without = re.sub(rf"light-dark\({COLOUR}, {COLOUR}\)", "", text)
    without = re.sub(r"\[data-theme[^{}]*\{\s*color-scheme: [\w ]+;\s*\}", "", without)
    return re.findall(r"prefers-color-scheme|\[data-theme[^{}]*|light-dark[^;]*", without)
