from contextlib import suppress
from io import StringIO

import pytest
from dotenv import dotenv_values
from hypothesis import given
from hypothesis import strategies as st

from incidents.guard.configuration import CannotRead
from incidents.guard.readers import read
from tests.guard.readers.reading import refusal, rows

ENV = """\

# of the web
export WEB_CONCURRENCY=4

NAME="two words" # a comment
LITERAL='${HOME}'
URL=postgres://${DB_HOST}/orders
POOL=${DB_POOL:-5}
EMPTY
CODE=007
QUOTED="5"
"""
LINES = st.lists(
    st.tuples(
        st.text("ABC_", min_size=1, max_size=3),
        st.one_of(
            st.text("ab#é =1.", max_size=6),
            st.text("ab#é \\n'=", max_size=6).map(lambda text: '"' + text.rstrip("\\") + '"'),
            st.text('ab#é "=', max_size=6).map(lambda text: f"'{text}'"),
        ),
    )
)


def test_it_works(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DB_HOST", "of-this-server")

    assert rows(".env.production", ENV) == [
        (3, "WEB_CONCURRENCY", 4),
        (5, "NAME", "two words"),
        (6, "LITERAL", "${HOME}"),
        (7, "URL", "? the environment gives it, in DB_HOST"),
        (8, "POOL", "? 5 unless DB_POOL is set"),
        (9, "EMPTY", None),
        (10, "CODE", "007"),
        (11, "QUOTED", "5"),
    ]


@given(LINES)
def test_it_agrees_with_the_library(lines: list[tuple[str, str]]) -> None:
    text = "\n".join(f"{name}={value}" for name, value in lines)
    expected = dotenv_values(stream=StringIO(text), interpolate=False)

    with suppress(CannotRead):
        found = {each.key: each.value for each in read(".env", text.encode()).settings}
        assert {key: str(value) for key, value in found.items()} == expected


@given(
    st.text(max_size=100)
    | st.lists(st.sampled_from(["A", "=", '"', "'", "\\", "$", "{", "}", "#", "\n", " "])).map(
        "".join
    )
)
def test_any_text_is_read_or_refused(text: str) -> None:
    with suppress(CannotRead):
        rows(".env", text)


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("A=1\n\n\nB C=2\n", ".env:4: It is neither NAME=value nor a comment."),
        ("A=1\nB='x\n", ".env:2: It is neither NAME=value nor a comment."),
        ("A=x" + " " * 500_000 + "#", ".env:1: More than 200 blanks or empty lines follow"),
    ],
)
def test_what_cannot_be_read_is_refused(text: str, why: str) -> None:
    assert refusal(".env", text).startswith(why)
