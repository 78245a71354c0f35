import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from incidents.review.figure import (
    CellKind,
    Chart,
    Column,
    Figure,
    LeftOut,
    Table,
    canonical,
    from_json,
    to_json,
)

CELLS = st.one_of(
    st.none(),
    st.text(max_size=10),
    st.integers(-(2**40), 2**40),
    st.integers(-(10**6), 10**6).map(lambda hundredths: hundredths / 100),
)
FIGURE = Figure(
    key="severity",
    title="By severity",
    definition="How bad it was.",
    table=Table(
        [Column("severity", "Severity", CellKind.TEXT), Column("incidents", "Incidents")],
        [["SEV1 critical", 2], ["unknown", None]],
        [("severity", "sev1"), None],
    ),
    left_out=[LeftOut(3, "withdrawn")],
    note="Too few to compare.",
    chart=Chart.BARS,
)


def test_it_works() -> None:
    assert from_json(to_json(FIGURE)) == FIGURE


@given(st.lists(st.lists(CELLS, min_size=3, max_size=3), max_size=5))
def test_nothing_is_lost_on_the_way_through_a_file(
    rows: list[list[str | int | float | None]],
) -> None:
    columns = [Column(str(number), "Column", CellKind.TEXT) for number in range(3)]
    figure = Figure("any", "Any", "", Table(columns, rows))

    assert from_json(json.loads(canonical(to_json(figure)))) == figure


def test_the_same_figures_are_the_same_bytes() -> None:
    one = canonical(to_json(FIGURE))
    shuffled = dict(reversed(to_json(FIGURE).items()))

    assert canonical(shuffled) == one
    assert canonical(json.loads(one)) == one


def test_a_column_is_read_by_its_key() -> None:
    assert FIGURE.table.values_of("incidents") == [2, None]
    with pytest.raises(KeyError):
        FIGURE.table.values_of("nothing")
