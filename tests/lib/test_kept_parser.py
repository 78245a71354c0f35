"""A parser that is kept gives each text what one of its own would have given it."""

from concurrent.futures import ThreadPoolExecutor

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from incidents.lib import markdown
from incidents.lib.markdown import render
from tests.lib.test_markdown import ANYTHING, HOSTILE

LEAVES_SOMETHING = [
    "[pool]: https://a.example 'Here'\n\nSee [pool].",
    "See [pool], and [the pool][pool].",
    "7. seven\n8. eight",
    "1. one",
    "- [x] done\n- [ ] open",
    "```python\nx = 1\n```",
    "```\nnever closed",
    "    indented\n\n    code",
    "| a | b |\n|---|--:|\n| 1 | 2 |",
    "| a\n|---\n| 1",
    "a | b\n--|--\n1 | 2",
    "> [!NOTE] Mind\n> this",
    "> - in a quote\n>   ```\n>   code",
    "<div>\n\nnever closed",
    "<!-- never closed",
    "<b>wide <i>open",
    "a **strong *and ~~struck",
    "# Twice\n\n# Twice",
    "wzxhzdk:0 and klzzwxh:0001",
    "[^1] a note\n\n[^1]: of it\n\n*[HTML]: words",
    "> " * 60 + "x",
    "- " * 300 + "x",
    "[" * 20_000,
    "plain words",
]


def alone(source: str) -> str:
    """By a parser that has read nothing before."""
    markdown._kept.parser = None
    return render(source)


def test_one_parser_reads_many_texts(monkeypatch: pytest.MonkeyPatch) -> None:
    built, new = [], markdown._new_parser
    monkeypatch.setattr(markdown, "_new_parser", lambda: built.append(1) or new())
    monkeypatch.setattr(markdown, "_kept", markdown._Kept())

    assert [render("*a*"), render("*b*")] == ["<p><em>a</em></p>", "<p><em>b</em></p>"]

    assert len(built) == 1


def test_nothing_goes_from_one_text_to_the_next() -> None:
    texts = [*LEAVES_SOMETHING, *HOSTILE]
    expected = [alone(text) for text in texts]
    markdown._kept.parser = None

    assert [render(text) for text in texts] == expected
    assert [render(text) for text in reversed(texts)] == expected[::-1]
    for text, html in zip(LEAVES_SOMETHING, expected, strict=False):
        for other, its in zip(LEAVES_SOMETHING[:18], expected, strict=False):
            assert (render(text), render(other)) == (html, its)


@settings(deadline=None)
@given(st.lists(st.one_of(ANYTHING, st.sampled_from(LEAVES_SOMETHING)), max_size=4))
def test_whatever_was_read_before(texts: list[str]) -> None:
    in_turn = [render(text) for text in texts]

    assert in_turn == [alone(text) for text in texts]


def test_a_parser_that_stopped_in_a_text_reads_no_other(monkeypatch: pytest.MonkeyPatch) -> None:
    def stops(_self: object, _source: str) -> str:
        raise RecursionError

    monkeypatch.setattr(markdown.Markdown, "convert", stops)
    assert render("a *b*") == '<pre tabindex="0"><code>a *b*</code></pre>'
    assert markdown._kept.parser is None
    monkeypatch.undo()

    assert render("a *b*") == "<p>a <em>b</em></p>"


def test_threads_have_parsers_of_their_own() -> None:
    texts = LEAVES_SOMETHING[:18] * 8
    expected = [alone(text) for text in texts]

    with ThreadPoolExecutor(4) as threads:
        assert list(threads.map(render, texts)) == expected
