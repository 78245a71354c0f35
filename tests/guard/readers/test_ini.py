import configparser
from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from incidents.guard.configuration import CannotRead
from incidents.guard.readers import read
from tests.guard.readers.reading import refusal, rows

PGBOUNCER = """\
;; pgbouncer.ini
[databases]
orders = host=10.0.0.1 port=5432 pool_size=20
* = host=%(host)s

[pgbouncer]
pool_mode = transaction
# twice
max_client_conn = 100
max_client_conn: 200
server_tls_ciphers
ignore_startup_parameters = extra_float_digits,
    options
"""
TEXTS = st.text("ab=:;#[]% .é1", max_size=6)
SECTIONS = st.dictionaries(
    st.text("ab c.", min_size=1, max_size=3),
    st.dictionaries(st.text("abc.-", min_size=1, max_size=3), TEXTS.map(str.strip), max_size=3),
    max_size=3,
)


def test_it_works() -> None:
    assert rows("pgbouncer.ini", PGBOUNCER) == [
        (3, "databases.orders", "host=10.0.0.1 port=5432 pool_size=20"),
        (4, "databases.*", "host=%(host)s"),
        (7, "pgbouncer.pool_mode", "transaction"),
        (9, "pgbouncer.max_client_conn", 100),
        (10, "pgbouncer.max_client_conn", 200),
        (11, "pgbouncer.server_tls_ciphers", None),
        (12, "pgbouncer.ignore_startup_parameters", "extra_float_digits,\noptions"),
    ]


def test_settings_before_the_first_section_are_read() -> None:
    assert rows("a.ini", "a = 1\n[b]\nc = 2\n") == [(1, "a", 1), (3, "b.c", 2)]


def test_a_section_has_the_defaults_that_it_does_not_set() -> None:
    assert rows("a.ini", "[DEFAULT]\na = 1\nb = 1\n[c]\nB = 2\n") == [
        *((2, "DEFAULT.a", 1), (3, "DEFAULT.b", 1)),
        *((2, "c.a", 1), (5, "c.B", 2)),
    ]


@given(SECTIONS)
def test_it_agrees_with_the_standard_library(sections: dict[str, dict[str, str]]) -> None:
    text = "".join(
        f"[{section}]\n" + "".join(f"{name} = {value}\n" for name, value in options.items())
        for section, options in sections.items()
    )
    parser = configparser.RawConfigParser(strict=False, allow_no_value=True)
    parser.read_string(text)

    found = {each.path: each.written for each in read("a.ini", text.encode()).settings}

    assert found == {
        (section, option): value
        for section in parser.sections()
        for option, value in parser.items(section)
    }


@given(
    st.text(max_size=100)
    | st.lists(st.sampled_from(["[", "]", "a", "=", ":", "\n", " ", "%", ";", "#"])).map("".join)
)
def test_any_text_is_read_or_refused(text: str) -> None:
    with suppress(CannotRead):
        rows("a.ini", text)


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("[a]\nb\n  c\n", "a.ini:3: It goes on with a value where none began."),
        ("[a]\nb = 1\n= 2\n", "a.ini:3: It is not INI: no setting, no section."),
        ("[a]\nb" + " " * 201 + "c\n", "a.ini:2: More than 200 blanks or empty lines follow"),
        ("[a]\n\x01 = 1\n", "a.ini: It holds a character that is none of a text."),
        ("a = 1\n" * 50_000, "a.ini: It has 0.3 MB; no more than 0.25 MB are read."),
    ],
)
def test_what_cannot_be_read_is_refused(text: str, why: str) -> None:
    assert refusal("a.ini", text).startswith(why)
