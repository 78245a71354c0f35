"""The figures of the lookup, against examples computed by hand."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from incidents.lookup.evaluation import (
    Answer,
    NotAQuery,
    Query,
    answers_to,
    as_data,
    percentile,
    read_queries,
    score,
    scores,
)


def an_answer(ranked: str, relevant: str = "x", ms: float = 1.0, variant: str = "") -> Answer:
    query = Query(id="1", text="", relevant=tuple(relevant), variant=variant)
    return Answer(query, tuple(ranked), ms / 1000)


def test_it_works() -> None:
    # First, third, and not at all: (1 + 1/3 + 0) / 3.
    figures = score([an_answer("xab", ms=1), an_answer("abx", ms=2), an_answer("abc", ms=30)])
    assert figures.queries == 3
    assert figures.recall_at_1 == pytest.approx(1 / 3)
    assert figures.recall_at_5 == pytest.approx(2 / 3)
    assert figures.mrr_at_10 == pytest.approx((1 + 1 / 3) / 3)
    assert figures.p50_ms == pytest.approx(2)
    assert figures.p95_ms == pytest.approx(30)


def test_of_several_right_ones_the_first_counts() -> None:
    assert an_answer("ayx", relevant="xy").rank == 2


def test_each_variant_has_figures_of_its_own() -> None:
    figures = scores([an_answer("x", variant="Q1"), an_answer("a", variant="Q2")])
    assert {name: one.recall_at_1 for name, one in figures.items()} == {
        "all": 0.5,
        "Q1": 1.0,
        "Q2": 0.0,
    }
    assert json.dumps(as_data(figures))


def test_nothing_has_no_figures() -> None:
    assert scores([]) == {}
    with pytest.raises(ValueError, match="nothing to score"):
        score([])


@given(st.lists(st.floats(0, 1e6), min_size=1), st.floats(0, 1))
def test_a_percentile_is_one_of_the_values_and_enough_are_no_larger(
    values: list[float], share: float
) -> None:
    found = percentile(sorted(values), share)
    assert found in values
    assert sum(value <= found for value in values) >= share * len(values) - 1e-6


def test_no_more_than_ten_are_looked_at() -> None:
    query = Query(id="1", text="", relevant=("x",))
    (answer,) = answers_to([query], lambda _query: [*"abcdefghij", "x"])
    assert answer.rank is None


class TestReading:
    def test_it_works(self) -> None:
        line = '{"id": "a", "text": "t", "relevant": ["r"], "alert": "A", "labels": {"pod": 1}}'
        (query,) = read_queries([line, "\n"])
        assert query == Query("a", "t", ("r",), labels={"alertname": "A", "pod": "1"})

    @pytest.mark.parametrize(
        ("line", "why"),
        [
            ("{", "Line 2 is not JSON"),
            ("[]", "Line 2 is not an object"),
            ('{"text": "t", "relevant": []}', "Line 2 needs “id”, a text"),
            ('{"id": "a", "text": "t", "relevant": "r"}', "Line 2 needs “relevant”, a list"),
            ('{"id": "a", "text": "t", "relevant": [], "labels": [1]}', "“labels” is not"),
            ("[" * 100_000, "Line 2 is not JSON"),
        ],
    )
    def test_a_line_that_is_no_query_is_named(self, line: str, why: str) -> None:
        with pytest.raises(NotAQuery, match=why):
            read_queries(['{"id": "a", "text": "t", "relevant": []}', line])
