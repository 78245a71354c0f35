"""Texts as Markdown in which every character stands for itself."""

import html
import re

import pytest

from incidents.lib.markdown import render
from incidents.lib.plain_markdown import blocks_as_markdown, line_of, lines_of
from incidents.lib.prose_tree import blocks_of
from incidents.lib.unseen import told_controls
from tests.exports.hostile import HOSTILE


def test_it_works() -> None:
    assert line_of("1. *a* <b>") == "1\\. \\*a\\* &lt;b>"
    assert lines_of("a\n- b") == ["a  ", "&#45; b"]


def shown(markdown: str) -> str:
    bare = re.sub(r"<[^>]*>", "", render(markdown))
    return "".join(told_controls(html.unescape(bare)).split())


@pytest.mark.parametrize(
    "source",
    [
        "a **b** c",
        "a*b*c and a**b**c",
        "**bold *both* bold**",
        "`a``b` and ``c`d``",
        "1. a\n\n   b\n\n   - c\n\n2. d",
        "3) a",
        "> a\n>\n> > b\n\nc",
        "    code\n\n    more",
        "~~~~\n```\n~~~~",
        "| a | b |\n|:--|--:|\n| `x|y` | **c** |",
        "# a *b*\n\ntext\n\n#### c",
        "[a *b*](https://c.example/?d=e&f=g 'title')",
        "- [x] done\n- [ ] open",
        "> [!WARNING]\n> careful",
        "a<br>b\n\n<details><summary>s</summary>\n\nt\n\n</details>",
        "x<sub>2</sub> <kbd>Ctrl</kbd> <mark>m</mark> ~~gone~~",
    ],
)
def test_prose_reads_the_same(source: str) -> None:
    again = "\n".join(blocks_as_markdown(blocks_of(render(source)), under=1))

    assert shown(again).replace("[x]", "").replace("[]", "") == shown(source)


def test_hostile_prose_reads_the_same() -> None:
    lost = []
    for source in HOSTILE:
        # For a picture stands what it shows, which our comparison does not see.
        if "<img" in source or "![" in source:
            continue
        again = "\n".join(blocks_as_markdown(blocks_of(render(source)), under=1))
        if len(source) < 20_000 and shown(again).replace("[]", "") != shown(source):
            lost.append((source[:60], again[:80]))

    assert lost == []


def test_headings_hang_under_the_level_above() -> None:
    assert blocks_as_markdown(blocks_of("<h2>a</h2><h6>b</h6>"), under=2)[::2] == [
        "#### a",
        "###### b",
    ]


def test_only_addresses_of_the_web_are_linked() -> None:
    block = {"is": "paragraph", "content": [{"is": "link", "to": "javascript:x", "content": ["a"]}]}

    assert blocks_as_markdown([block], under=1) == ["a", ""]
