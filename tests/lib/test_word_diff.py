import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from incidents.lib import word_diff
from incidents.lib.word_diff import Piece, compare_words, fold

TEXTS = st.one_of(st.text(), st.text(alphabet="ab \n"))


def side(pieces, *kinds):
    return "".join(piece.text for piece in pieces if piece.kind in kinds)


def test_it_works():
    assert compare_words("the pool was small", "the pool was too small") == [
        Piece("same", "the pool was "),
        Piece("added", "too "),
        Piece("same", "small"),
    ]


def test_a_replaced_word_is_removed_then_added():
    assert compare_words("the old pool", "the new pool") == [
        Piece("same", "the "),
        Piece("removed", "old"),
        Piece("added", "new"),
        Piece("same", " pool"),
    ]


def test_a_word_is_never_cut():
    assert compare_words("disabled", "enabled") == [
        Piece("removed", "disabled"),
        Piece("added", "enabled"),
    ]


def test_writing_on_does_not_change_the_last_word():
    assert compare_words("it began", "it began at noon") == [
        Piece("same", "it began"),
        Piece("added", " at noon"),
    ]


def test_equal_texts_are_one_piece_and_empty_ones_none():
    assert compare_words("a b", "a b") == [Piece("same", "a b")]
    assert compare_words("", "") == []


@given(TEXTS, TEXTS)
def test_both_texts_can_be_read_off_the_pieces(before, after):
    pieces = compare_words(before, after)
    assert side(pieces, "same", "removed") == before
    assert side(pieces, "same", "added") == after
    assert all(piece.text for piece in pieces)


def test_more_words_than_the_private_planes_hold():
    before = " ".join(f"w{number}" for number in range(140_000))
    pieces = compare_words(before, before + " more")
    assert pieces == [Piece("same", before), Piece("added", " more")]


def test_words_are_coded_without_surrogates():
    text = " ".join(f"w{number}" for number in range(140_000))
    coded, _, tokens = word_diff._encode(text, "")
    assert len(set(coded)) == len(tokens) == 140_001
    assert not any(0xD800 <= ord(character) <= 0xDFFF for character in coded)


@pytest.mark.parametrize(("size", "kind"), [(3, "lines"), (1, "whole texts")])
def test_more_words_than_there_are_characters(monkeypatch, size, kind):
    monkeypatch.setattr(word_diff, "_ALPHABET_SIZE", size)
    pieces = compare_words("one two\nthree four\n", "one two\nthree five\n")
    assert side(pieces, "same") == ("one two\n" if kind == "lines" else "")
    assert side(pieces, "same", "removed") == "one two\nthree four\n"
    assert side(pieces, "same", "added") == "one two\nthree five\n"


def test_a_hopeless_comparison_ends_soon():
    before = " ".join(f"{number * 7919 % 10_007}" for number in range(15_000))
    after = " ".join(f"{number * 104_729 % 10_007}" for number in range(15_000))
    began = time.process_time()
    pieces = compare_words(before, after)
    assert time.process_time() - began < 5
    assert side(pieces, "same", "removed") == before


def test_long_unchanged_stretches_are_folded():
    pieces = [
        Piece("same", "one two three four five "),
        Piece("added", "new "),
        Piece("same", "six seven eight nine ten eleven"),
        Piece("removed", " old"),
        Piece("same", " a b c d"),
    ]
    assert fold(pieces, context_words=2) == [
        Piece("folded", "one two three"),
        Piece("same", " four five "),
        Piece("added", "new "),
        Piece("same", "six seven"),
        Piece("folded", " eight nine"),
        Piece("same", " ten eleven"),
        Piece("removed", " old"),
        Piece("same", " a b"),
        Piece("folded", " c d"),
    ]


def test_a_fold_of_a_few_words_is_not_made():
    pieces = [Piece("added", "x "), Piece("same", "a b c d e f g"), Piece("removed", " y")]
    assert fold(pieces, context_words=3) == pieces


def test_a_text_without_changes_is_one_fold():
    assert fold([Piece("same", "a b c")], context_words=1) == [Piece("folded", "a b c")]


@given(TEXTS, TEXTS, st.integers(min_value=0, max_value=4))
def test_folding_hides_and_loses_nothing(before, after, context_words):
    pieces = fold(compare_words(before, after), context_words)
    assert side(pieces, "same", "folded", "removed") == before
    assert side(pieces, "same", "folded", "added") == after
