"""Rendered prose as plain data, with nothing of its text lost."""

from typing import Any

import pytest

from incidents.lib.markdown import plain_text, render
from incidents.lib.prose_tree import DEEPEST, blocks_of, plain_blocks
from tests.exports.hostile import HOSTILE


def told(data: Any) -> str:
    if isinstance(data, str):
        return data
    if isinstance(data, list):
        return "".join(told(each) for each in data)
    inner = [data.get(name, "") for name in ("text", "head", "rows", "items", "content")]
    return "".join(told(each) for each in inner)


def test_it_works() -> None:
    assert blocks_of(render("Hi **you**\n\n1. a\n2. `b`")) == [
        {"is": "paragraph", "content": ["Hi ", {"is": "strong", "content": ["you"]}]},
        {
            "is": "list",
            "ordered": True,
            "start": 1,
            "items": [
                [{"is": "paragraph", "content": ["a"]}],
                [{"is": "paragraph", "content": [{"is": "code", "text": "b"}]}],
            ],
        },
    ]


@pytest.mark.parametrize(
    ("source", "block"),
    [
        ("# A", {"is": "heading", "level": 2, "content": ["A"]}),
        ("---", {"is": "rule"}),
        ("```python\nx = 1\n```", {"is": "code", "language": "python", "text": "x = 1"}),
        ("> a", {"is": "quote", "content": [{"is": "paragraph", "content": ["a"]}]}),
        ("| a |\n|---|\n| b |", {"is": "table", "head": [["a"]], "rows": [[["b"]]]}),
        ("a  \nb", {"is": "paragraph", "content": ["a", {"is": "break"}, "b"]}),
        (
            "[a](http://b)",
            {
                "is": "paragraph",
                "content": [{"is": "link", "to": "http://b", "content": ["a"]}],
            },
        ),
        ("![a](/attachments/x.png)", {"is": "paragraph", "content": ["[a]"]}),
    ],
)
def test_each_kind_of_block(source: str, block: dict[str, Any]) -> None:
    (found,) = blocks_of(render(source))
    if block["is"] == "paragraph":
        found["content"] = [each for each in found["content"] if each != "\n"]

    assert found == block


def test_a_task_shows_whether_it_is_done() -> None:
    assert told(blocks_of(render("- [x] done\n- [ ] open"))).split() == [
        *("[x]", "done[", "]", "open"),
    ]


def test_nothing_is_lost() -> None:
    lost = []
    for text in HOSTILE:
        if len(text) < 20_000:
            rendered = "".join(told(blocks_of(render(text))).split())
            # Boxes and pictures have words here that plain text lacks.
            wanted = "".join(plain_text(text).split())
            if wanted not in rendered.replace("[]", "") and wanted not in rendered:
                lost.append(text)

    assert lost == []


def test_depth_has_an_end() -> None:
    deep = "<ul><li>" * 90 + "words" + "</li></ul>" * 90
    found, depth = blocks_of(deep), 0
    while found and found[0]["is"] == "list":
        found, depth = found[0]["items"][0], depth + 1

    assert depth == DEEPEST
    assert told(found) == "words"


def test_what_was_never_rendered_has_its_lines() -> None:
    assert plain_blocks("a *b*\nc\n\n<d>") == [
        {"is": "paragraph", "content": ["a *b*", {"is": "break"}, "c"]},
        {"is": "paragraph", "content": ["<d>"]},
    ]
