"""Templates hold no style and no script of their own: the Content-Security-Policy forbids both."""

import re
from pathlib import Path

import pytest

TEMPLATES = Path(__file__).resolve().parents[2] / "templates"
PAGES = sorted(
    path for path in TEMPLATES.rglob("*.html") if "emails" not in path.relative_to(TEMPLATES).parts
)
FORBIDDEN = {
    "a style attribute": re.compile(r"\sstyle\s*=", re.IGNORECASE),
    "a style element": re.compile(r"<style\b", re.IGNORECASE),
    "a script without src": re.compile(r"<script\b(?![^>]*\ssrc=)", re.IGNORECASE),
    "an event handler": re.compile(r"\s(?:hx-)?on[a-z:-]+\s*=\s*[\"']", re.IGNORECASE),
    "a script without its hash": re.compile(
        r"<script\b(?=[^>]*\{% static )(?![^>]*\sintegrity=)", re.IGNORECASE
    ),
    "a javascript: address": re.compile(r"javascript:", re.IGNORECASE),
    "something htmx would evaluate": re.compile(
        r"hx-(?:vals|headers)\s*=\s*[\"']\s*js:|hx-trigger=\"[^\"]*\[", re.IGNORECASE
    ),
}


def found_in(text: str) -> list[str]:
    return [what for what, pattern in FORBIDDEN.items() if pattern.search(text)]


@pytest.mark.parametrize("page", PAGES, ids=lambda path: path.relative_to(TEMPLATES).as_posix())
def test_the_policy_holds(page: Path) -> None:
    assert found_in(page.read_text()) == []


@pytest.mark.parametrize(
    "text",
    [
        '<p style="color: red">',
        "<style>p {}</style>",
        "<script>go()</script>",
        "<script src=\"{% static 'js/a.js' %}\" defer></script>",
        '<a onclick="go()">',
        '<a hx-on:click="go()">',
        '<a href="javascript:go()">',
        '<a hx-get="/x/" hx-trigger="click[ctrlKey]">',
    ],
)
def test_each_breach_is_noticed(text: str) -> None:
    assert len(found_in(text)) == 1


def test_what_is_allowed_passes() -> None:
    assert found_in('<script src="/a.js" defer></script><p class="on">one = "two"</p>') == []
