"""The words beside the times to detect, mitigate and resolve."""

from incidents.review.families.times import FEWEST, line, warning


def test_it_works() -> None:
    assert warning([line("all", list(range(FEWEST)))]) == ""


def test_few_say_little() -> None:
    rows = [line("all", list(range(FEWEST))), line("SEV1", [5])]
    assert warning(rows).endswith("That is so for SEV1 (1).")


def test_none_say_nothing() -> None:
    assert warning([line("all", [])]) == "Of no incident are both times known to the minute."
