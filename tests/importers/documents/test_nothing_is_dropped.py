"""No sentence of a text is dropped, whatever the text is."""

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from incidents.importers.documents.reading import read_document
from incidents.importers.runbooks.reading import split
from tests.importers.documents.words import told_by, words_of

FIXTURES = sorted(Path(__file__).parents[1].joinpath("formats", "markdown").glob("*.md"))
NOT_SENTENCES = {"true", "false"}


@pytest.mark.parametrize("path", FIXTURES, ids=lambda path: path.stem)
def test_every_word_below_a_heading_lands_somewhere(path: Path) -> None:
    told, body = split(path.read_text(encoding="utf-8"))
    found = read_document(body, key="file:a", where="a", name="a", told=told)
    kept = told_by(found)
    lost = [
        (line, word)
        for line in body.split("\n")
        if not line.startswith(("#", "|")) and "**:" not in line and "Commander" not in line
        for word in words_of(line.replace("[x]", ""))
        if word not in kept and ":" not in word
    ]
    assert not lost


HEADINGS = [
    "# Title here", "## Summary", "## Impact", "## Timeline", "## Action items", "## Root cause",
    "## Responders", "## What went well", "### Detection", "## Something else", "**Impact**: yes",
    "Key information", "===", "## Key information", "**Trigger**", "## 2024-03-01",
]  # fmt: skip
LINES = [
    "- 14:05 it began", "* [ ] do it", "| Time | What |", "|---|---|", "| 14:05 | down |",
    "| Action | Owner |", "| a thing | Ann |", "plain words", "> quoted words", "```", "code words",
    "    indented words", "1. first words", "  - nested words", "Severity: SEV2 or so", "", "",
    "<b>html words</b>", "<!-- hidden words -->", "[1]: https://example.com/words", "14:06 and on",
    "**bold: words**", "changed `a.b` from 1 to 2", "Date: 2024-03-01", "***", "- ", "|", "\\| x",
]  # fmt: skip


@given(st.lists(st.sampled_from(HEADINGS + LINES) | st.text(max_size=12), max_size=25))
@settings(max_examples=300, deadline=None)
def test_every_word_of_any_text_lands_somewhere(lines: list[str]) -> None:
    """Each line has a number of its own, which is to be found again."""
    marked = [
        line if line in HEADINGS or set(line) <= set("|-:= *`~\t") else f"{line} w{number}w"
        for number, line in enumerate(lines)
    ]
    found = read_document("\n".join(marked), key="file:a", where="a", name="a")
    kept = told_by(found)
    heads = {f"w{number}w" for number, line in enumerate(lines) if says_what_it_is(line)}
    wanted = {f"w{number}w" for number, line in enumerate(marked) if f"w{number}w" in line}
    assert wanted - heads <= kept


def says_what_it_is(line: str) -> bool:
    """The head of a table names its columns, and goes into what they hold."""
    return line.lstrip().startswith("|")
