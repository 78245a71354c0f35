from contextlib import suppress

import javaproperties
import pytest
from hypothesis import given
from hypothesis import strategies as st

from incidents.guard.configuration import CannotRead
from incidents.guard.readers import read
from tests.guard.readers.reading import refusal, rows
from tests.guard.readers.test_json import WORDS

APPLICATION = """\
! application.properties
spring.datasource.hikari.maximum-pool-size=10

server.tomcat.threads.max : 20\\
   0
spring.datasource.url = jdbc:postgresql://${DB_HOST}/orders
spring.task.execution.pool.max-size=${POOL:8}
name = caf\\u00e9
empty
"""


def test_it_works() -> None:
    assert rows("application.properties", APPLICATION) == [
        (2, "spring.datasource.hikari.maximum-pool-size", 10),
        (4, "server.tomcat.threads.max", 200),
        (6, "spring.datasource.url", "? the environment gives it, in DB_HOST"),
        (7, "spring.task.execution.pool.max-size", "? 8 unless POOL is set"),
        (8, "name", "café"),
        (9, "empty", ""),
    ]


def test_a_file_in_latin_1_is_read_as_java_reads_it() -> None:
    assert read("a.properties", "a=é".encode("latin-1")).settings[0].value == "é"


@given(st.dictionaries(WORDS, WORDS, max_size=5))
def test_it_agrees_with_the_library(texts: dict[str, str]) -> None:
    texts = {key: value.replace("$", "") for key, value in texts.items()}
    text = javaproperties.dumps(texts, timestamp=False)

    found = {each.key: str(each.value) for each in read("a.properties", text.encode()).settings}

    assert found == javaproperties.loads(text)


@given(
    st.text(max_size=100)
    | st.lists(st.sampled_from(["a", "=", ":", "\\", "u00", "\n", " ", "!", "#"])).map("".join)
)
def test_any_text_is_read_or_refused(text: str) -> None:
    with suppress(CannotRead):
        rows("a.properties", text)


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("a=1\nb=\\u12\n", r"a.properties:2: It is not a properties file: Invalid \u escape"),
        ("a=1\nb=" + "x\\\n" * 201, "a.properties:2: A value goes on over more than 200 lines"),
        ("a=" + " " * 500_000, "a.properties:1: More than 200 blanks or empty lines follow"),
    ],
)
def test_what_cannot_be_read_is_refused(text: str, why: str) -> None:
    assert refusal("a.properties", text).startswith(why)
