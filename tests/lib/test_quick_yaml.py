"""What is read line by line is what the parser reads; of anything else nothing is."""

from contextlib import suppress
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from incidents.lib.exact_yaml import Value, dumped, parsed
from incidents.lib.quick_yaml import NotQuick, quickly_loaded
from tests.lib.test_exact_yaml import TEXTS, VALUES

USUAL = """
id: 42
title: 'Orders: time out'
is_open: true
owner: null
began_at: '2017-02-28T23:47:00Z'
ratio: 1.5
key: synthetic:1:6
tags:
- a
- 7
- http://a.example/b?c=[d]
services: []
timeline:
- id: 54
  text: Größe of the pool's queue, 9 %
  note: |-
    One.

      Two: three
  at: 'it''s here'
- id: 55
  text: |
    Ends with a line.
guard:
  failing_example:
    pool: 5
  words: yes
"""
NAMES = st.sampled_from(["a", "bc", "on", "null", "A", "a b", "'a'", "1"])
LINES = st.tuples(
    st.sampled_from(["", "", "  ", "    ", " ", "- ", "  - ", "- - "]),
    st.one_of(
        st.builds(
            "{}: {}".format, NAMES, st.text("ab01 .:-#'|>[]{}yesnotruE~_+!&*%@,?\\\"", max_size=8)
        ),
        st.builds("{}:".format, NAMES),
        st.builds(
            "{}: {}".format, NAMES, st.sampled_from(["|", "|-", "|+", "|2", ">", "[]", "{}"])
        ),
        st.text("ab1: -#'", max_size=6),
        st.sampled_from(["", "---", "...", "# a", "a", "'a", "-"]),
    ),
).map("".join)


def test_it_works() -> None:
    found = quickly_loaded(USUAL)

    assert found == parsed(USUAL)
    assert isinstance(found, dict)
    assert found["timeline"][0]["note"] == "One.\n\n  Two: three"
    assert found["guard"] == {"failing_example": {"pool": 5}, "words": True}


def same_or_not_quick(text: str) -> None:
    found: Value = None
    with suppress(NotQuick):
        found = quickly_loaded(text)
        assert repr(found) == repr(parsed(text))


@given(st.dictionaries(TEXTS | NAMES, VALUES, max_size=3))
def test_what_was_written_is_read_alike(values: dict[str, Any]) -> None:
    same_or_not_quick(dumped(values))


@given(st.lists(LINES, max_size=8).map("\n".join), st.sampled_from(["", "\n", "\n\n"]))
@example("a: |\n  b", "")
@example("- a: 1", "\n")
@example("a:\n- b: 1\n - c: 2", "\n")
def test_whatever_is_written(text: str, end: str) -> None:
    same_or_not_quick(text + end)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "a: 1",
        "a: &b c\n",
        "a: *b\n",
        "a: !c d\n",
        "a: 1\na: 2\n",
        "a: 1\n  b: 2\n",
        "a:\n",
        "a:\nb: 1\n",
        "a: b: c\n",
        "a: 'b\n",
        'a: "b"\n',
        "a: b # c\n",
        "a: |+\n  b\n",
        "a: |-\n\n  b\n",
        "a: b\n---\nc: d\n",
        "on: 1\n",
        "1: a\n",
        "  a: 1\n",
        "- a\n",
        "a: b\tc\n",
        "a:\n  - b\n",
    ],
)
def test_what_only_the_parser_knows(text: str) -> None:
    with pytest.raises(NotQuick):
        quickly_loaded(text)
