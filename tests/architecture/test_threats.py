"""What is said to hold a threat off is there."""

import re

from tests.architecture.named_tests import TEST, lost
from tests.architecture.source import ROOT

PAGE = (ROOT / "docs/develop/threats.md").read_text()
ROW = re.compile(r"^\| T(?P<number>\d+) \| [^|]+ \| (?P<held>.+) \|$", re.MULTILINE)
ALL = 50


def test_every_threat_has_its_row_and_a_test() -> None:
    rows = {int(row["number"]): row["held"] for row in ROW.finditer(PAGE)}

    assert sorted(rows) == list(range(1, ALL + 1))
    assert [number for number, held in rows.items() if not TEST.search(held)] == []


def test_every_test_that_is_named_is_there() -> None:
    assert lost(PAGE) == []
