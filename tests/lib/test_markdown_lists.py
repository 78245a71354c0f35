import re
import textwrap

import pytest
from hypothesis import given
from hypothesis import strategies as st

from incidents.lib.markdown import render
from incidents.lib.markdown_lists import normalise


def flat(source):
    """The HTML without the line ends between tags."""
    return render(source).replace("\n", "")


def test_it_works():
    assert normalise("Steps:\n- stop\n  - drain") == "Steps:\n\n- stop\n    - drain"


NESTED = "<ul><li>a<ul><li>b</li></ul></li><li>c</li></ul>"


@pytest.mark.parametrize(
    "source",
    [
        "- a\n  - b\n- c",
        "- a\n    - b\n- c",
        "- a\n   - b\n- c",
        "- a\n\t- b\n- c",
        "* a\n  + b\n* c",
    ],
    ids=["two spaces", "four spaces", "three spaces", "a tab", "other bullets"],
)
def test_nesting_needs_two_columns_or_more(source):
    assert flat(source) == NESTED


def test_three_levels_of_two_spaces():
    assert flat("- a\n  - b\n    - c\n- d") == (
        "<ul><li>a<ul><li>b<ul><li>c</li></ul></li></ul></li><li>d</li></ul>"
    )


def test_a_list_needs_no_blank_line_before_it():
    assert flat("Why:\n- a\n- b") == "<p>Why:</p><ul><li>a</li><li>b</li></ul>"
    assert flat("Why:\n1. a\n2. b") == "<p>Why:</p><ol><li>a</li><li>b</li></ol>"


def test_a_number_in_a_sentence_makes_no_list():
    assert flat("It broke in\n2019. Again.") == "<p>It broke in2019. Again.</p>"


def test_a_list_may_begin_at_any_number_and_with_a_bracket():
    assert flat("3) a\n4) b") == '<ol start="3"><li>a</li><li>b</li></ol>'


def test_bullets_below_numbers():
    assert flat("1. a\n   - b\n2. c") == "<ol><li>a<ul><li>b</li></ul></li><li>c</li></ol>"
    assert flat("1. a\n  - b\n2. c") == "<ol><li>a<ul><li>b</li></ul></li><li>c</li></ol>"


def test_numbers_after_bullets_are_another_list():
    assert flat("- a\n1. b") == "<ul><li>a</li></ul><ol><li>b</li></ol>"


def test_a_line_below_an_item_continues_it():
    assert render("- a\nstill a\n- b") == "<ul>\n<li>a\nstill a</li>\n<li>b</li>\n</ul>".replace(
        "still", "    still"
    )


def test_a_paragraph_inside_an_item():
    assert flat("- a\n\n  more\n- b") == ("<ul><li><p>a</p><p>more</p></li><li><p>b</p></li></ul>")


def test_a_paragraph_at_the_margin_ends_the_list():
    assert flat("- a\n\nmore") == "<ul><li>a</li></ul><p>more</p>"


@pytest.mark.parametrize("indent", ["  ", "    "])
def test_a_fence_inside_an_item_keeps_its_own_indentation(indent):
    source = f"- a\n{indent}```\n{indent}if x:\n{indent}  y\n{indent}```\n- b"
    html = render(source)
    assert "<code>if x:\n  y\n</code>" in html
    assert html.count("<ul>") == 1
    assert html.count("<li>") == 2


def test_what_looks_like_a_list_inside_a_fence_stays():
    source = "```\ntext\n- a\n  - b\n# c\n> d\n```"
    assert "<code>text\n- a\n  - b\n# c\n&gt; d\n</code>" in render(source)


def test_a_fence_that_is_never_closed_is_closed_at_the_end():
    assert "<code>a\nb\n</code>" in render("text\n```\na\nb")


def test_a_fence_keeps_of_its_heading_only_the_language():
    html = render('```python linenums="1 999999999" hl_lines="1-999999999"\nx\n```')
    assert 'class="language-python highlight"' in html
    assert "<table" not in html


def test_lists_inside_a_quote():
    assert flat("> Why:\n> - a\n>   - b\n> - c") == (
        f"<blockquote><p>Why:</p>{NESTED}</blockquote>"
    )


def test_a_rule_is_no_item():
    assert flat("a\n\n* * *\n\n- - -") == "<p>a</p><hr><hr>"


def test_indented_code_stays_code():
    assert "<code>- a\n</code>" in render("text\n\n    - a\n")


@pytest.mark.parametrize(
    ("marker", "indent"), [("1. ", 7), ("1. ", 8), ("- ", 6), ("- ", 8), ("  - ", 8)]
)
def test_code_by_its_indentation_inside_an_item_keeps_all_its_lines(marker, indent):
    code = "\n".join(" " * indent + line for line in ["a = 1", "if a:", "    b = 2"])
    html = render(f"{marker}First:\n\n{code}\n\n{marker}Second")
    shown = re.search("<code>(.*)</code>", html, re.DOTALL)[1]
    assert textwrap.dedent(shown) == "a = 1\nif a:\n    b = 2\n"
    assert html.count("<li>") == 2


def test_what_looks_like_a_list_or_a_fence_inside_such_code_stays():
    html = render("- a\n\n      keys:\n      - b\n\n      ```\n      # c\n- d")
    assert "<code>keys:\n- b\n\n```\n# c\n</code>" in html
    assert html.count("<li>") == 2


def test_text_below_such_code_is_text_again():
    assert flat("- a\n\n      b\n  c\n\n  d").endswith("</pre></div><p>c</p><p>d</p></li></ul>")


@given(st.lists(st.sampled_from(["- ", "1. ", "  ", "\n", "a", "```", "> ", "# ", "    ", "---"])))
def test_no_word_is_lost_and_no_other_comes(pieces):
    source = "".join(pieces)
    assert normalise(source).count("a") == source.count("a")
