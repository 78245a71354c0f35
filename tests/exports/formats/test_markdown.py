"""Markdown that reads as the same text, in a wiki that we do not know."""

import html
import re
from pathlib import Path

import pytest

from incidents.exports.formats import markdown
from incidents.lib.markdown import render
from incidents.lib.unseen import told_controls
from tests.exports.documents import a_delta, a_document, a_pack, a_text, an_event
from tests.exports.hostile import HOSTILE

TOO_LONG_FOR_OUR_READER = 20_000


def written(tmp_path: Path, **changes: object) -> str:
    path = tmp_path / "out.md"
    markdown.write(a_pack(a_document(**changes)), path)
    return path.read_text(encoding="utf-8")


def prose(source: str) -> list[dict[str, str]]:
    return [{"name": "summary", "heading": "Summary", **a_text(source, render(source))}]


def read(source: str) -> list[str]:
    """The lines of text that a reader of Markdown shows."""
    bare = re.sub(r"<[^>]*>", "\0", render(source))
    lines = html.unescape(bare).replace("\0", "").split("\n")
    return [" ".join(line.split()) for line in lines if line.strip()]


def test_it_works(tmp_path: Path) -> None:
    text = written(
        tmp_path, prose=prose("It *filled* up:\n\n- one\n- two"), events=[an_event(who="Ada")]
    )

    assert text.startswith("# INC-7 Orders time out\n\nSEV2 major · own incident · published\n")
    assert "## Summary\n\nIt *filled* up:\n\n-   one\n-   two\n" in text
    assert "-   **14 Mar 2026, 02:10 UTC**\n\n    Latency rose\n\n    symptom · Ada\n" in text


def test_hostile_texts_read_as_the_same_text(tmp_path: Path) -> None:
    lost = []
    for hostile in HOSTILE:
        if len(hostile) > TOO_LONG_FOR_OUR_READER:
            continue
        told = [" ".join(line.split()) for line in told_controls(hostile).split("\n")]
        lines = read(written(tmp_path, title=hostile, deltas=[a_delta(note=hostile)]))
        if lines[0] != f"INC-7 {' '.join(told).strip()}".strip() or set(told) - {"", *lines}:
            lost.append(hostile[:60])

    assert lost == []


@pytest.mark.parametrize(
    "source",
    [
        "```\nopen fence",
        "<!-- open comment",
        "<div>\n\nopen",
        "Title\n===",
        "> quote\n",
        "- item\n\n        code",
        "| a | b |\n|---|---|\n| 1 \\| 2 | 3 |",
        "[x]: http://evil.example\n\n[x]",
    ],
)
def test_a_text_ends_where_it_ends(tmp_path: Path, source: str) -> None:
    text = written(tmp_path, prose=prose(source), events=[an_event()])

    assert "Timeline" in read(text)
    assert "<h3 id" in render(text)


def test_no_text_becomes_a_tag_or_a_script(tmp_path: Path) -> None:
    source = "<script>alert(1)</script> <b onclick=x>b</b> [x](javascript:alert(1)) `a<b`"
    text = written(tmp_path, title="<script>", prose=prose(source))

    assert "javascript:" not in text
    outside_of_code = text.replace("`a<b`", "").replace("(<http://", "(")
    assert re.findall("<[a-z/!?]", outside_of_code) == []


def test_code_keeps_its_lines_and_its_fences(tmp_path: Path) -> None:
    source = "````python\nif a < b:\n    ```\n    pass\n````"

    assert "````python\nif a < b:\n    ```\n    pass\n````" in written(
        tmp_path, prose=prose(source)
    )
