"""No cell is a formula, and every text comes back."""

import pytest

from incidents.lib.csv_cells import csv_cell, text_of
from tests.exports.formulas import FORMULAS, is_calculated
from tests.exports.hostile import HOSTILE


@pytest.mark.parametrize("text", ["=1+1", "+1", "-1", "@x", "\t=1", "\r=1", "\n=1", "＝1", " =1"])
def test_it_works(text: str) -> None:
    assert csv_cell(text) == f"'{text}"


@pytest.mark.parametrize("text", FORMULAS)
def test_no_cell_is_calculated_and_each_comes_back(text: str) -> None:
    cell = csv_cell(text)

    assert isinstance(cell, str)
    assert not is_calculated(cell)
    assert text_of(cell) == text


@pytest.mark.parametrize(
    "value",
    ["plain", "a=b", "1-2", "été", "日本", "(=1)", "/ -", "\u200bword", " x", 5, -5, 0.5, ""],
)
def test_what_is_harmless_stays_as_it_is(value: str | float) -> None:
    assert csv_cell(value) == value


def test_what_is_unknown_is_empty() -> None:
    assert csv_cell(None) == ""


def test_every_text_comes_back() -> None:
    cells = [str(csv_cell(text)) for text in HOSTILE]

    assert [text_of(cell) for cell in cells] == HOSTILE
    assert not any(map(is_calculated, cells))
