"""Characters without a look are told by their numbers."""

import pytest

from incidents.lib.unseen import told_controls


def test_it_works() -> None:
    assert told_controls("a\x1bb\x00\ufffe") == "a[U+001B]b[U+0000][U+FFFE]"


@pytest.mark.parametrize("text", ["plain", "tab\tand\nline", "日本語 🔥 \u202e \u200b"])
def test_what_can_be_seen_or_means_something_stays(text: str) -> None:
    assert told_controls(text) == text


def test_lines_end_alike() -> None:
    assert told_controls("a\r\nb\rc") == "a\nb\nc"
