"""The stretch of a text that answers a question best."""

from hypothesis import given
from hypothesis import strategies as st

from incidents.lookup.snippets import LENGTH, marked, snippet
from incidents.lookup.terms import asked


def of(text: str, question: str) -> str:
    return snippet(text, frozenset(asked(question).terms))


def test_it_works() -> None:
    assert of("The pool ran dry.", "pool") == "The <mark>pool</mark> ran dry."


def test_another_form_of_the_word_is_marked_and_a_name_as_a_whole() -> None:
    assert of("It crashed: KubePodCrashLooping", "crashes") == (
        "It <mark>crashed</mark>: <mark>KubePodCrashLooping</mark>"
    )


def test_the_stretch_with_the_most_different_words_is_shown() -> None:
    text = (
        "A pool here. " + "Filling. " * 100 + "The pool of connections ran dry. " + "More. " * 100
    )
    found = of(text, "connection pool dry")
    assert "<mark>connections</mark> ran <mark>dry</mark>" in found
    assert found.startswith("… ")
    assert found.endswith(" …")


def test_a_text_without_the_words_begins_at_its_beginning() -> None:
    assert of("# Meaning\n\nThe *pool* ran dry.", "quorum") == "Meaning The pool ran dry."


def test_markup_in_the_text_stays_text() -> None:
    found = of('<b>pool</b> & "quotes"', "pool")
    assert "<b>" not in found
    assert "&amp; &quot;quotes&quot;" in found
    assert marked("<script>", frozenset({"script"})) == "&lt;<mark>script</mark>&gt;"


def test_a_text_without_spaces_is_cut() -> None:
    assert len(of("x" * 5_000, "pool")) < 2 * LENGTH


@given(st.text(), st.text())
def test_any_text_and_any_question_give_balanced_marks(text: str, question: str) -> None:
    found = of(text, question)
    assert found.count("<mark>") == found.count("</mark>")
    assert "<" not in found.replace("<mark>", "").replace("</mark>", "")
