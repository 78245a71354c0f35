import pytest
from hypothesis import given
from hypothesis import strategies as st

from incidents.lookup.spelling import corrected, may_have_slips, nearest
from incidents.lookup.terms import Asked, asked

WORDS = ["cluster", "collector", "disk", "northbound"]


def test_it_works() -> None:
    question = Asked(("clutser", "down"), (("clutser", "down"),))
    assert corrected(question, unknown=["clutser"], vocabulary=WORDS) == Asked(
        ("clutser", "down", "cluster"), (("clutser", "down"), ("cluster", "down"))
    )


@pytest.mark.parametrize(
    ("slip", "meant"),
    [
        ("clster", "cluster"),
        ("clluster", "cluster"),
        ("clusrer", "cluster"),
        ("dsik", "disk"),
        # Two slips in a long word.
        ("norhtbund", "northbound"),
    ],
)
def test_each_kind_of_slip(slip: str, meant: str) -> None:
    assert nearest(slip, WORDS) == meant


@pytest.mark.parametrize("word", ["dks", "dsk", "clstr", "disk2", "quorum", ""])
def test_what_is_too_far_or_too_short_stays(word: str) -> None:
    assert nearest(word, WORDS) is None


def test_what_is_known_stays() -> None:
    question = asked("disc cluster")
    assert corrected(question, unknown=[], vocabulary=WORDS) == question


def test_a_paste_is_not_looked_at() -> None:
    assert may_have_slips(asked("clutser is down"))
    assert not may_have_slips(asked(" ".join(f"word{letter}" for letter in "abcdefghij")))


@given(st.text(), st.lists(st.text()))
def test_nothing_that_was_asked_is_lost(text: str, words: list[str]) -> None:
    question = asked(text)
    found = corrected(question, unknown=question.terms, vocabulary=words)
    assert set(question.terms) <= set(found.terms)
    assert set(question.pairs) <= set(found.pairs)
