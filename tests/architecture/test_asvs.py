"""What is said to hold a requirement of the ASVS is there."""

import re

import pytest

from tests.architecture.named_tests import TEST, lost
from tests.architecture.source import ROOT

PAGES = {
    1: (ROOT / "docs/develop/asvs.md").read_text(),
    2: (ROOT / "docs/develop/asvs-2.md").read_text(),
}
ROW = re.compile(r"^\| V(?P<number>[\d.]+) \| (?P<asks>[^|]+) \| (?P<held>.+) \|$", re.MULTILINE)
# How many requirements of each level a section has, in the order of the standard.
SECTIONS = {
    1: {
        "1.2": 5, "1.3": 2, "1.5": 1, "2.1": 1, "2.2": 2, "2.3": 1, "3.2": 2, "3.3": 1, "3.4": 2,
        "3.5": 3, "4.1": 1, "4.4": 1, "5.2": 2, "5.3": 2, "6.1": 1, "6.2": 8, "6.3": 2, "6.4": 2,
        "7.2": 4, "7.4": 2, "8.1": 1, "8.2": 2, "8.3": 1, "9.1": 3, "9.2": 1, "10.4": 5, "11.3": 2,
        "11.4": 1, "12.1": 1, "12.2": 2, "13.4": 1, "14.2": 1, "14.3": 1, "15.1": 1, "15.2": 1,
        "15.3": 1,
    },
    2: {
        "1.1": 2, "1.2": 4, "1.3": 9, "1.4": 3, "1.5": 1, "2.1": 2, "2.2": 1, "2.3": 3, "2.4": 1,
        "3.3": 3, "3.4": 4, "3.5": 2, "3.7": 2, "4.1": 2, "4.2": 1, "4.3": 2, "4.4": 3, "5.1": 1,
        "5.2": 1, "5.4": 3, "6.1": 2, "6.2": 4, "6.3": 2, "6.4": 2, "6.5": 5, "6.6": 3, "6.8": 4,
        "7.1": 3, "7.3": 2, "7.4": 3, "7.5": 2, "7.6": 2, "8.1": 1, "8.2": 1, "8.4": 1, "9.2": 3,
        "10.1": 2, "10.2": 2, "10.3": 4, "10.4": 6, "10.5": 5, "10.6": 2, "10.7": 3, "11.1": 2,
        "11.2": 3, "11.3": 1, "11.4": 3, "11.5": 1, "11.6": 1, "12.1": 2, "12.3": 4, "13.1": 1,
        "13.2": 5, "13.3": 2, "13.4": 4, "14.1": 2, "14.2": 3, "14.3": 2, "15.1": 2, "15.2": 2,
        "15.3": 6, "16.1": 1, "16.2": 5, "16.3": 4, "16.4": 3, "16.5": 3, "17.1": 1, "17.2": 4,
        "17.3": 2,
    },
}  # fmt: skip
OF_EACH_LEVEL = {1: 70, 2: 183}
SAID = ("Not applicable: ", "Not held", "Held by [")
LEVELS = pytest.mark.parametrize("level", PAGES)


def rows(level: int) -> list[tuple[str, str]]:
    return [(row["number"], row["held"]) for row in ROW.finditer(PAGES[level])]


@LEVELS
def test_every_requirement_has_its_row(level: int) -> None:
    numbers = [number for number, _ in rows(level)]
    sections = [number.rpartition(".")[0] for number in numbers]

    assert {section: sections.count(section) for section in sections} == SECTIONS[level]
    assert len(numbers) == len(set(numbers)) == OF_EACH_LEVEL[level]


def test_no_requirement_is_of_both_levels() -> None:
    first, second = (dict(rows(level)).keys() for level in PAGES)

    assert not first & second


@LEVELS
def test_every_test_that_is_named_is_there(level: int) -> None:
    assert len(TEST.findall(PAGES[level])) > 40
    assert lost(PAGES[level]) == []


@LEVELS
def test_every_row_names_a_test_or_says_why_not(level: int) -> None:
    lacking = [(number, held) for number, held in rows(level) if not TEST.search(held)]

    assert [number for number, held in lacking if not held.startswith(SAID)] == []


@LEVELS
def test_the_page_counts_right(level: int) -> None:
    held = [each for _, each in rows(level)]
    none = sum(each.startswith("Not applicable") for each in held)
    lacking = sum(each.startswith("Not held") for each in held)
    told = " ".join(PAGES[level].split())

    assert f"**{len(held) - none - lacking} are held, {none} are not applicable, and " in told
    assert f"and {lacking} {'is' if lacking == 1 else 'are'} not held.**" in told
