"""English words cut to their stems."""

import re
import sqlite3

import pytest
from hypothesis import given
from hypothesis import strategies as st

from incidents.lookup.stems import stem


def test_it_works() -> None:
    assert stem("crashes") == stem("crashing") == stem("crashed") == stem("crash") == "crash"


@pytest.mark.parametrize(
    ("word", "expected"),
    [
        ("retries", "retri"),
        ("agreed", "agre"),
        ("feed", "feed"),
        ("hopping", "hop"),
        ("falling", "fall"),
        ("relational", "relat"),
        ("conditional", "condit"),
        ("replacement", "replac"),
        ("adoption", "adopt"),
        ("controll", "control"),
        ("timeouts", "timeout"),
        ("is", "is"),
    ],
)
def test_each_step_of_the_algorithm(word: str, expected: str) -> None:
    assert stem(word) == expected


@pytest.mark.parametrize("word", ["k8s", "größe", "日本語", "5xx", ""])
def test_what_is_not_plain_english_letters_is_its_own_stem(word: str) -> None:
    assert stem(word) == word


ENDINGS = re.findall(
    r"\w+",
    """
    s es ed eed ing ies y e ational tional izer ization ation ator iveness fulness ousness biliti
    icate ative alize ical ful ness al ance er able ement ment ent ion tion sion ism ous ive ll
    """,
)
STEMS = st.text(alphabet="abcdeilnorstuvxyz", min_size=1, max_size=7)


@given(st.lists(st.builds(str.__add__, STEMS, st.sampled_from(ENDINGS)), min_size=1, max_size=50))
def test_the_stems_are_those_of_sqlite(words: list[str]) -> None:
    database = sqlite3.connect(":memory:")
    database.execute("CREATE VIRTUAL TABLE found USING fts5(word, tokenize='porter ascii')")
    database.execute("CREATE VIRTUAL TABLE stems USING fts5vocab(found, 'instance')")
    database.executemany("INSERT INTO found (rowid, word) VALUES (?, ?)", enumerate(words, 1))
    theirs = dict(database.execute("SELECT doc, term FROM stems"))
    database.close()

    assert {number: stem(word) for number, word in enumerate(words, 1)} == theirs
