from contextlib import suppress
from typing import Any

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from incidents.lib import exact_yaml
from incidents.lib.exact_yaml import DEEPEST, dumped, is_shown, loaded
from incidents.lib.plain_yaml import NotYaml

# Such characters and words as mean something to YAML, and any others.
AWKWARD = st.sampled_from(
    [
        *"\n\r\t -:#|>'\"[]{}&*!%@,?~",
        "---",
        "null",
        "yes",
        "1:30",
        "\x85",
        "\u2028",
        "\ufeff",
        "\ud800",
    ]
)
TEXTS = st.lists(AWKWARD | st.characters(exclude_categories=()), max_size=20).map("".join)
VALUES = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats(allow_nan=False, allow_infinity=False)
    | TEXTS,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(TEXTS, inner, max_size=3),
    max_leaves=8,
)


def test_it_works() -> None:
    values = {"id": 42, "title": "Orders time out", "tags": ["a", "b"], "text": "One.\nTwo."}
    text = "id: 42\ntitle: Orders time out\ntags:\n- a\n- b\ntext: |-\n  One.\n  Two.\n"

    assert dumped(values) == text
    assert loaded(text) == values


@given(st.dictionaries(TEXTS, VALUES, max_size=3))
def test_what_is_written_is_read_to_the_letter(values: dict[str, Any]) -> None:
    assert loaded(dumped(values)) == values


@given(st.dictionaries(TEXTS, TEXTS, max_size=3))
def test_other_programs_read_the_same(values: dict[str, str]) -> None:
    assert yaml.safe_load(dumped(values)) == values


def test_a_long_line_stays_one() -> None:
    """Where it was folded, one word more would move all lines after it."""
    assert dumped({"text": "word " * 500 + "end"}).count("\n") == 1


def test_what_looks_like_a_time_is_a_text() -> None:
    assert loaded("at: 2026-03-14T12:00:00Z") == {"at": "2026-03-14T12:00:00Z"}


def test_nothing_is_nothing() -> None:
    assert loaded("# a remark\n") is None


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("a: &a [x]\nb: *a", "line 1: anchors"),
        ("b: *a", "line 1: aliases"),
        ("a: !!python/name:os.system x", "line 1: tags"),
        ("a: 1\na: 2", "line 2: “a” is there twice"),
        ("1: a", "line 1: a name has to be a text"),
        ("[a]: b", "line 1: a name has to be a text"),
        ("a: 1\n---\nb: 2", "several documents"),
        ("a:\n  [", "line [23]: "),
        ("a: \x01", "control characters|special characters"),
        ("[" * (DEEPEST + 2), "in one another"),
        ("a: 0b", ""),
        ("a: 1" + ":1" * 5_000, "a number is too long"),
        ("a: 1" + ":1" * 5_000 + ".5", "a number is too long"),
    ],
)
def test_what_a_short_text_could_hide_is_refused(text: str, why: str) -> None:
    if not why:
        assert loaded(text) == {"a": "0b"}
        return
    with pytest.raises(NotYaml, match=why):
        loaded(text)


def test_a_text_of_a_million_values_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(exact_yaml, "MOST_VALUES", 1_000)

    with pytest.raises(NotYaml, match="more than 1,000 values"):
        loaded(f"[{'1,' * 1_000}]")


@given(TEXTS)
def test_any_text_is_read_or_refused(text: str) -> None:
    with suppress(NotYaml):
        loaded(text)


@pytest.mark.parametrize("text", ["", "a\n\tb", "🔥 עברית", "\u202e"])
def test_what_a_file_shows(text: str) -> None:
    assert is_shown(text)


@pytest.mark.parametrize("text", ["\r", "\x00", "\x1b[31m", "\x85", "\u2028", "\ufeff", "\ud800"])
def test_what_it_does_not(text: str) -> None:
    assert not is_shown(text)
