"""Programs and people who are quoted may say what they like."""

import pytest

from incidents.wording.written import own_words


def test_it_works() -> None:
    assert own_words("It was *full*.\n\nWe raised it.") == "It was full. We raised it."


@pytest.mark.parametrize(
    "text",
    [
        "```\nsecret\n```",
        "~~~ text\nsecret\n~~~",
        "```\nsecret, and never closed",
        "`secret`",
        "``a ` secret``",
        "> secret",
        "  > secret",
    ],
)
def test_code_and_quotations_are_left_out(text: str) -> None:
    assert "secret" not in own_words(text)


@pytest.mark.parametrize(
    "text",
    ["```\ncode\n```\nsaid", "`code` said", "a ` said", "5 > 4 said", "```code``` on a line\nsaid"],
)
def test_what_stands_beside_them_is_not(text: str) -> None:
    assert "said" in own_words(text)


def test_a_phrase_over_two_lines_is_one() -> None:
    assert own_words("should\n  have") == "should have"


def test_apostrophes_are_straight() -> None:
    assert own_words("shouldn’t") == "shouldn't"
