import pytest
from hypothesis import given
from hypothesis import strategies as st

from incidents.lib.front_matter import NotFrontMatter, Text, read, written

HEADING = "# Summary <!-- summary -->"
AWKWARD = st.sampled_from(
    [
        "\n",
        "\n\n",
        "\r",
        " ",
        "  \n",
        "---\n",
        HEADING,
        "# ",
        "<!-- a -->",
        "\x85",
        "\u2028",
        "\x1b",
    ]
)
TEXTS = st.lists(AWKWARD | st.characters(exclude_characters="\x00"), max_size=20).map("".join)

FILE = """---
id: 42
title: Orders time out
---

# Summary <!-- summary -->

The pool was full.

# What went well <!-- went_well -->

Nobody panicked.

## Nor did I
"""


def test_it_works() -> None:
    texts = [
        Text("summary", "Summary", "The pool was full."),
        Text("notes", "Notes", ""),
        Text("went_well", "What went well", "Nobody panicked.\n\n## Nor did I"),
    ]
    values = {"id": 42, "title": "Orders time out"}

    assert written(values, texts) == FILE
    assert read(FILE) == (values, {each.name: each.text for each in texts if each.text})


def found(content: str) -> dict[str, str]:
    values, texts = read(content)
    assert not values.keys() & texts.keys()
    return {name: text for name, text in {**values, **texts}.items() if name != "id"}


@given(st.dictionaries(st.sampled_from(["summary", "impact", "notes"]), TEXTS))
def test_every_text_is_read_to_the_letter(texts: dict[str, str]) -> None:
    content = written({"id": 1}, [Text(name, "Heading", text) for name, text in texts.items()])

    assert found(content) == {name: text for name, text in texts.items() if text}


@pytest.mark.parametrize("text", ["a\r\nb", HEADING, "a\x00b", "\x1b[31m"])
def test_a_text_that_would_be_taken_for_something_else_is_written_by_yaml(text: str) -> None:
    content = written({"id": 1}, [Text("summary", "Summary", text), Text("notes", "Notes", "x")])

    assert content.count("\n# ") == 1
    assert found(content) == {"summary": text, "notes": "x"}


def test_an_edit_is_a_change_of_its_lines() -> None:
    before = written({"id": 1}, [Text("notes", "Notes", "One.\nTwo.\nThree.")])
    after = written({"id": 1}, [Text("notes", "Notes", "One.\n2.\nThree.")])

    assert set(before.split("\n")) ^ set(after.split("\n")) == {"Two.", "2."}


def test_who_takes_an_empty_line_away_changes_no_text() -> None:
    content = FILE.replace("-->\n\n", "-->\n").replace("\n\n#", "\n#").rstrip("\n")

    assert read(content)[1]["summary"] == "The pool was full."


@pytest.mark.parametrize(
    ("content", "why"),
    [
        ("", "does not begin"),
        ("\ufeff---\nid: 1\n---\n", "does not begin"),
        ("---\nid: 1\n", "do not end"),
        ("---\n- 1\n---\n", "no list of names"),
        ("---\na: b\nid: [\n---\n", "cannot be read: line 4"),
        ("---\nid: 1\n---\nlost words\n", "text before the first heading"),
        (f"---\nid: 1\n---\n{HEADING}\na\n{HEADING}\nb\n", "“summary” is there twice"),
    ],
)
def test_what_cannot_be_read_says_why(content: str, why: str) -> None:
    with pytest.raises(NotFrontMatter, match=why):
        read(content)
