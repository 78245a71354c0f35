"""A text has one character at the end of a line, wherever it was typed."""

import pytest

from incidents.lib.line_ends import with_plain_line_ends


def test_it_works() -> None:
    assert with_plain_line_ends("one\r\n\r\ntwo\r\n") == "one\n\ntwo\n"


@pytest.mark.parametrize("text", ["", "one", "one\ntwo\n", "one\n\n"])
def test_a_text_that_is_so_already_stays(text: str) -> None:
    assert with_plain_line_ends(text) == text


def test_what_is_no_text_stays() -> None:
    assert with_plain_line_ends(None) is None
    assert with_plain_line_ends(["a\r\nb"]) == ["a\r\nb"]
