"""What is to be filled in is shown; what is markup is not."""

import pytest

from incidents.lib.markdown import plain_text, render


@pytest.mark.parametrize(
    "word",
    [
        "<cluster-id>",
        "<NODE_NAME>",
        "<your node's name>".replace("'s", ""),
        "<namespace>/<pod>",
        "<time>",
        "<title>",
        "<path.to.file>",
        "<script>",
    ],
)
def test_words_to_be_filled_in_are_shown(word: str) -> None:
    assert plain_text(f"Run ssh root@{word} *now*.") == f"Run ssh root@{word} now."


def test_they_are_texts_and_no_tags() -> None:
    assert render("Ask <team-lead> *first*.") == ("<p>Ask &lt;team-lead&gt; <em>first</em>.</p>")


@pytest.mark.parametrize(
    ("source", "words"),
    [
        ("Press <kbd>Ctrl</kbd>.", "Press Ctrl."),
        ("A <font>red</font> word.", "A red word."),
        ("A <x-y>word</x-y> of it.", "A word of it."),
        ("One<br>two", "One\ntwo"),
        ('An <img src="https://tracker.example/x">.', "An ."),
        ('A <custom-tag onclick="alert(1)"> word.', "A  word."),
    ],
)
def test_markup_is_not(source: str, words: str) -> None:
    assert plain_text(source) == words


def test_at_the_beginning_of_a_line_and_in_lists_and_tables() -> None:
    source = "<cluster> is down.\n\n- <node>\n\n| a |\n|---|\n| <pod> |\n"

    assert plain_text(source).splitlines() == ["<cluster> is down.", "<node>", "a", "<pod>"]


def test_in_code_nothing_changes() -> None:
    assert plain_text("`ssh <node>`") == "ssh <node>"


def test_a_hostile_many_of_them_take_no_time() -> None:
    """Each looks through the rest of its text for its end: the text is bounded, and so is this."""
    assert render("<a-b> " * 5_000).count("&lt;a-b&gt;") == 5_000
