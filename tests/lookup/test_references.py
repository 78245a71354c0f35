"""What people type when they know which record they want."""

import pytest

from incidents.lookup.references import read_reference
from incidents.models import FoundKind


@pytest.mark.parametrize("text", ["INC-4", "inc 4", "Inc4", " #INC_004 ", "inc:4"])
def test_it_works(text: str) -> None:
    assert read_reference(text) == (FoundKind.INCIDENT, 4)


def test_each_kind_that_has_references() -> None:
    assert read_reference("LES-2") == (FoundKind.LESSON, 2)
    assert read_reference("act 9") == (FoundKind.ACTION_ITEM, 9)


@pytest.mark.parametrize(
    "text", ["", "4", "INC", "INC-0", "INC-4 again", "RB-4", "INC-9223372036854775808", "inc-1e3"]
)
def test_what_is_no_reference(text: str) -> None:
    assert read_reference(text) is None
