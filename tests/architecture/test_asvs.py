"""What is said to hold a requirement of the ASVS is there."""

import re

from tests.architecture.named_tests import TEST, lost
from tests.architecture.source import ROOT

PAGE = (ROOT / "docs/develop/asvs.md").read_text()
ROW = re.compile(r"^\| V(?P<number>[\d.]+) \| (?P<asks>[^|]+) \| (?P<held>.+) \|$", re.MULTILINE)
# How many requirements of the first level each section has, in the order of the standard.
SECTIONS = {
    "1.2": 5, "1.3": 2, "1.5": 1, "2.1": 1, "2.2": 2, "2.3": 1, "3.2": 2, "3.3": 1, "3.4": 2,
    "3.5": 3, "4.1": 1, "4.4": 1, "5.2": 2, "5.3": 2, "6.1": 1, "6.2": 8, "6.3": 2, "6.4": 2,
    "7.2": 4, "7.4": 2, "8.1": 1, "8.2": 2, "8.3": 1, "9.1": 3, "9.2": 1, "10.4": 5, "11.3": 2,
    "11.4": 1, "12.1": 1, "12.2": 2, "13.4": 1, "14.2": 1, "14.3": 1, "15.1": 1, "15.2": 1,
    "15.3": 1,
}  # fmt: skip
SAID = ("Not applicable: ", "Not held", "Held by [")


def test_every_requirement_of_the_first_level_has_its_row() -> None:
    sections = [row["number"].rpartition(".")[0] for row in ROW.finditer(PAGE)]

    assert {section: sections.count(section) for section in sections} == SECTIONS
    assert sum(SECTIONS.values()) == 70


def test_every_test_that_is_named_is_there() -> None:
    assert len(TEST.findall(PAGE)) > 40
    assert lost(PAGE) == []


def test_every_row_names_a_test_or_says_why_not() -> None:
    rows = [row for row in ROW.finditer(PAGE) if not TEST.search(row["held"])]

    assert [row["number"] for row in rows if not row["held"].startswith(SAID)] == []


def test_the_page_counts_right() -> None:
    held = [row["held"] for row in ROW.finditer(PAGE)]
    none = sum(each.startswith("Not applicable") for each in held)
    lacking = sum(each.startswith("Not held") for each in held)

    assert f"**{len(held) - none - lacking} are held, {none} are not" in PAGE
    assert f"and {lacking} {'is' if lacking == 1 else 'are'} not held.**" in PAGE
