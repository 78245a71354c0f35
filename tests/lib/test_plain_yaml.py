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
        ("a: !!int ''", "not what the tag"),
        ("a: !!bool x", "not what the tag"),
        ("a: !!timestamp x", "not what the tag"),
        ("a: !!binary x", "line 1: failed to decode"),
    ],
)
def test_what_cannot_be_read_is_told_with_its_line(text: str, why: str) -> None:
    with pytest.raises(NotYaml, match=why):
        documents(text)


@pytest.mark.parametrize("number", ["1:1:1:1", "17", "0x11", "1_000"])
def test_a_number_is_one(number: str) -> None:
    ((told,),) = (document.values() for document in documents(f"a: {number}"))
    assert isinstance(told, int)


@pytest.mark.parametrize("number", ["9" * 5_000, "1" + ":1" * 5_000, "1" + ":1" * 5_000 + ".5"])
def test_one_that_is_too_long_to_mean_anything_is_a_text(number: str) -> None:
    assert documents(f"a: {number}") == [{"a": number}]


@given(st.text())
def test_any_text_is_read_or_refused(text: str) -> None:
    with suppress(NotYaml):
        assert isinstance(documents(text), list)
