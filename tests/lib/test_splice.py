import pytest
from hypothesis import given
from hypothesis import strategies as st

from incidents.lib.splice import Splice, SpliceDoesNotFit, apply, revert, splice

# Few letters make many repeats, where prefix and suffix could overlap.
TEXTS = st.one_of(st.text(), st.text(alphabet="ab\n"))


def test_it_works():
    edit = splice("the old pool", "the new pool")
    assert edit == Splice(at=4, removed="old", added="new")
    assert apply("the old pool", edit) == "the new pool"
    assert revert("the new pool", edit) == "the old pool"


@given(TEXTS, TEXTS)
def test_apply_and_revert_are_each_others_inverse(before, after):
    edit = splice(before, after)
    assert apply(before, edit) == after
    assert revert(after, edit) == before


@given(TEXTS)
def test_no_change_stores_no_text(text):
    edit = splice(text, text)
    assert edit.removed == edit.added == ""


def test_a_repeated_letter_is_not_counted_twice():
    assert splice("aa", "aaa") == Splice(at=2, removed="", added="a")
    assert splice("aaa", "aa") == Splice(at=2, removed="a", added="")


def test_a_word_in_a_long_text_costs_about_a_word():
    before = "All the words of a long story. " * 6500
    after = before[:100_000] + "inserted " + before[100_000:]
    edit = splice(before, after)
    assert len(edit.removed) + len(edit.added) < 100


@pytest.mark.parametrize(
    "edit",
    [
        Splice(at=4, removed="cold", added="new"),
        Splice(at=99, removed="", added="new"),
        Splice(at=-1, removed="", added="new"),
        Splice(at=10, removed="ol and more", added=""),
    ],
    ids=["other text there", "past the end", "before the beginning", "longer than the text"],
)
def test_another_text_is_refused(edit):
    with pytest.raises(SpliceDoesNotFit, match="does not fit"):
        apply("the old pool", edit)


def test_reverting_another_text_is_refused():
    edit = splice("the old pool", "the new pool")
    with pytest.raises(SpliceDoesNotFit):
        revert("the other pool", edit)
