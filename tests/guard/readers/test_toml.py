import tomllib
from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from incidents.guard.configuration import CannotRead
from incidents.guard.readers import read
from tests.guard.readers.reading import refusal, rows, values
from tests.guard.readers.test_json import WORDS, flat

ORDERS = '''\
# orders.toml
title = "orders # not a comment" # a comment
limits."per.second" = 1_000

[pool] # of the database
sizes = [
  5, # web
  10,
]
extra = { idle = 2, hosts = [ { port = 5432 } ] }

[[worker]]
name = "light"
[worker.queue]
note = """
two \\"""
lines"""

[[worker]]
name = 'he[a]vy = "x"'
since = 2014-03-27
most = inf
'''
KEYS = st.text("abé-_.", min_size=1, max_size=3)
NUMBERS = st.integers(-(10**12), 10**12) | st.floats(allow_nan=False, allow_infinity=False)
SCALARS = st.booleans() | NUMBERS | WORDS.map(lambda text: text.replace("\x7f", ""))
TABLES = st.dictionaries(
    KEYS, SCALARS | st.lists(SCALARS, max_size=3) | st.dictionaries(KEYS, SCALARS, max_size=3)
)


def quoted(value: object) -> str:
    if isinstance(value, str):
        return '"' + "".join(f"\\U{ord(letter):08x}" for letter in value) + '"'
    if isinstance(value, list):
        return "[" + ", \n ".join(map(quoted, value)) + "]"
    return str(value).lower()


def written(tables: dict[str, object]) -> str:
    lines = [
        f"{quoted(key)} = {quoted(value)}"
        for key, value in tables.items()
        if not isinstance(value, dict)
    ]
    for key, value in tables.items():
        if isinstance(value, dict):
            lines.append(f"[{quoted(key)}]")
            lines += [f"{quoted(inner)} = {quoted(each)}" for inner, each in value.items()]
    return "\n".join(lines)


def test_it_works() -> None:
    assert rows("orders.toml", ORDERS) == [
        (2, "title", "orders # not a comment"),
        (3, "limits.per.second", 1000),
        (6, "pool.sizes", [5, 10]),
        (10, "pool.extra.idle", 2),
        (10, "pool.extra.hosts.0.port", 5432),
        (13, "worker.0.name", "light"),
        (15, "worker.0.queue.note", 'two """\nlines'),
        (20, "worker.1.name", 'he[a]vy = "x"'),
        (21, "worker.1.since", "2014-03-27"),
        (22, "worker.1.most", "inf"),
    ]


def test_the_words_of_the_file_are_kept() -> None:
    settings = read("a.toml", b"a = 0x1F # b\nc.d = 1_000\n").settings

    assert [setting.written for setting in settings] == ["0x1F", "1_000"]


@given(TABLES)
def test_it_agrees_with_the_standard_library(tables: dict[str, object]) -> None:
    text = written(tables)

    assert values("a.toml", text) == flat(tomllib.loads(text))


@given(
    st.text(max_size=100)
    | st.lists(
        st.sampled_from(
            ["a", "b", " = ", "[", "]", "{", "}", ",", '"', '"""', "'", "\n", ".", "1", "#", "\\"]
        )
    ).map("".join)
)
def test_any_text_is_read_or_refused(text: str) -> None:
    with suppress(CannotRead):
        rows("a.toml", text)


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("a = 1\nb = \n", "a.toml:2: It is not TOML: Invalid value."),
        ("a = " + "9" * 5_000, "a.toml: It is not TOML: Exceeds the limit"),
        ("a = " + "[" * 100_000, "a.toml: It is nested more than 50 deep."),
        ("\na" + ".a" * 100_000 + " = 1", "a.toml:2: It is nested more than 50 deep."),
        ("a" + ".'a b'" * 51 + " = 1", "a.toml:1: It is nested more than 50 deep."),
    ],
)
def test_what_cannot_be_read_is_refused(text: str, why: str) -> None:
    assert refusal("a.toml", text).startswith(why)
