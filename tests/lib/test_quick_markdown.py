"""The short way to HTML gives what the renderer gives."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from incidents.lib import quick_markdown
from incidents.lib.markdown import render
from incidents.lib.quick_markdown import quick_html

WORDS = """
    a Order api-07 `max_pool` `a.b` 3 1. 2) - -- + * _x_ # > INC-7 LES-2 ACT-1 OPS-9 // /a/b/c ( )
    http://a.example www.a.example a@b.example " ' ? = === ... % ; : , ~~x~~ & < &amp; |
"""
PIECES = st.sampled_from([*WORDS.split(), "", "\n\n"])


def test_it_works(monkeypatch: pytest.MonkeyPatch) -> None:
    text = 'Orders of `order_api` "failed" (7 %).\n\nWe saw it\'s at /a/b, 5/9; fine?'
    expected = render(text)
    monkeypatch.setattr(quick_markdown, "render", None)

    assert quick_html(text) == expected
    assert quick_html("") == ""


@given(st.lists(PIECES, max_size=12).map(" ".join))
def test_it_is_what_the_renderer_gives(text: str) -> None:
    assert quick_html(text) == render(text)


@given(st.text(alphabet="ab1 `_.*-/:#\n'\"()=", max_size=30))
def test_whatever_is_written(text: str) -> None:
    assert quick_html(text) == render(text)
