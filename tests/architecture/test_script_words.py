"""What scripts say has words in every language: their texts are those of `script_words`."""

import re

import pytest
from django.utils.translation import override

from incidents.lib.words.of_scripts import TEXTS, script_words
from tests.architecture.test_scripts import SCRIPTS, text_of

COMMENT = re.compile(r"/\*.*?\*/", re.DOTALL)
CALLED = re.compile(r'\btranslated\(\s*"([^"\\]*)"')
COUNTED = re.compile(r'\btranslatedCount\(\s*[\w.]+,\s*"([^"\\]*)",\s*"([^"\\]*)"')
CALLS = re.compile(r"\btranslated(?:Count)?\(")
TRANSLATING = "translated.js"
"""Which calls its own with what it was given."""
QUOTED = re.compile(r'"((?:[^"\\\n]|\\.)*)"|`((?:[^`\\]|\\.)*)`')
VALUE = re.compile(r"\$\{[^}]*\}")
SENTENCE = re.compile(r"^[A-Z][a-z]+(?:[ ,.:;…?]|$)|^[^\w\[.#:>]*[a-z]+(?: [a-z]+)+[.:?…]?$")
"""Begins with a large letter, or is of nothing but words."""
NO_TEXTS = {
    "use strict", "Enter", "Escape",
    # For who mends it.
    "not filled",
    # Attributes, elements and labels.
    "noopener noreferrer", "tbody tr", "th a",
    "alertstate endpoint fingerprint id instance ip node pod prometheus replica severity uid ",
}  # fmt: skip


def code_of(name: str) -> str:
    return COMMENT.sub("", text_of(name))


def told_by(code: str) -> list[str]:
    return [*CALLED.findall(code), *(text for pair in COUNTED.findall(code) for text in pair)]


def texts_in(code: str) -> list[str]:
    """What looks like a text for people, whether it is translated or not."""
    found = (first or VALUE.sub("", second) for first, second in QUOTED.findall(code))
    return [text for text in found if SENTENCE.search(text.strip()) and text not in NO_TEXTS]


def test_every_text_of_a_script_has_words() -> None:
    told = [text for name in SCRIPTS if name != TRANSLATING for text in told_by(code_of(name))]

    assert len(told) > 50
    assert set(told) == set(TEXTS)
    assert len(set(TEXTS)) == len(TEXTS)


@pytest.mark.parametrize("name", SCRIPTS)
def test_a_script_says_nothing_else(name: str) -> None:
    code = code_of(name)

    assert [text for text in texts_in(code) if text not in TEXTS] == []
    if name != TRANSLATING:
        assert len(CALLS.findall(code)) == len(CALLED.findall(code)) + len(COUNTED.findall(code))


@pytest.mark.parametrize(
    "code",
    [
        'announce("Saved");',
        'announce("That was not saved.");',
        'announce("not found");',
        "announce(`Step ${one} of ${many}`);",
        "announce(`${count} of them`);",
    ],
)
def test_a_text_that_is_not_translated_is_found(code: str) -> None:
    assert len(texts_in(code)) == 1


def test_what_is_english_needs_no_words() -> None:
    with override("en"):
        assert script_words() == {}
