"""The product's colours and typefaces, as the variables of the theme."""

import re
from pathlib import Path

TOKENS = Path(__file__).parents[2] / "static/css/tokens.css"
TOKEN = re.compile(r"^ *--(?P<name>[a-z0-9-]+): (?P<value>[^;]+);", re.MULTILINE)
BOTH = re.compile(r"light-dark\((?P<light>#[0-9a-f]+), (?P<dark>#[0-9a-f]+)\)")

FROM_TOKENS = {
    "color-background-primary": "surface",
    "color-background-secondary": "canvas",
    "color-background-hover": "hover",
    "color-background-border": "line",
    "color-background-item": "sunken",
    "color-foreground-primary": "text",
    "color-foreground-secondary": "text-muted",
    "color-foreground-muted": "text-muted",
    "color-foreground-border": "line-strong",
    "color-brand-primary": "accent",
    "color-brand-content": "accent",
    "color-brand-visited": "accent",
    "color-link--hover": "accent-hover",
    "color-link--visited--hover": "accent-hover",
    "color-link-underline": "line-strong",
    "color-inline-code-background": "sunken",
    "color-highlighted-background": "mark",
    "color-highlight-on-target": "mark",
    "color-code-background": "sunken",
    "color-code-foreground": "text",
    "color-sidebar-background": "canvas",
    "color-sidebar-link-text--top-level": "text",
}
TYPEFACES = {"font-stack": "font", "font-stack--monospace": "mono"}


def light_colours() -> dict[str, str]:
    return of_theme("light") | typefaces()


def dark_colours() -> dict[str, str]:
    return of_theme("dark")


def of_theme(theme: str) -> dict[str, str]:
    return {name: BOTH.fullmatch(tokens()[token])[theme] for name, token in FROM_TOKENS.items()}


def typefaces() -> dict[str, str]:
    return {name: tokens()[token] for name, token in TYPEFACES.items()}


def tokens() -> dict[str, str]:
    """The first value of each: the second is for other screens, or for paper."""
    found: dict[str, str] = {}
    for match in TOKEN.finditer(TOKENS.read_text()):
        found.setdefault(match["name"], match["value"])
    return found
