from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from incidents.lib.plain_yaml import NotYaml, documents


def test_it_works() -> None:
    assert documents("a: [1, two]\n---\n---\n- b\n") == [{"a": [1, "two"]}, ["b"]]


def test_nothing_has_no_documents() -> None:
    assert documents("# nothing\n") == []


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("a:\n  [", "line 2: "),
        ("a: &a [x]\nb: *a", r"aliases \(\*name\) are not read"),
        ("!!python/object/apply:os.getcwd []", "line 1: could not determine a constructor"),
        ("a: 2024-99-99", "month must be in"),
        ("\x01", "special characters"),
        ("[" * 5_000, "recursion"),
    ],
)
def test_what_cannot_be_read_is_told_with_its_line(text: str, why: str) -> None:
    with pytest.raises(NotYaml, match=why):
        documents(text)


@given(st.text())
def test_any_text_is_read_or_refused(text: str) -> None:
    with suppress(NotYaml):
        assert isinstance(documents(text), list)
