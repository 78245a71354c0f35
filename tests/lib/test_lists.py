"""Lists in order, page by page."""

import pytest

from incidents.lib.lists import PER_PAGE, in_order, page_of
from incidents.models import ActionItem
from tests.factories import NOW, an_action_item

pytestmark = pytest.mark.django_db

COLUMNS = {"due": "due_date", "title": "title"}


def titles(wanted: str) -> list[str]:
    rows = in_order(ActionItem.objects.all(), wanted, columns=COLUMNS, otherwise="due")
    return [row.title for row in rows]


def test_it_works() -> None:
    an_action_item(title="b", due_date=NOW.date())
    an_action_item(title="c")
    an_action_item(title="a", due_date=NOW.date().replace(year=2025))

    assert titles("due") == ["a", "b", "c"]
    assert titles("title") == ["a", "b", "c"]
    assert titles("-title") == ["c", "b", "a"]


def test_what_has_no_value_comes_last_either_way() -> None:
    an_action_item(title="none")
    an_action_item(title="some", due_date=NOW.date())

    assert titles("due") == titles("-due") == ["some", "none"]


def test_an_order_that_an_index_has() -> None:
    """PostgreSQL's are the other way round for what is empty: it would sort the whole table."""
    columns = {"number": "pk", "title": "title", "due": "due_date"}

    def sql(wanted: str) -> str:
        rows = ActionItem.objects.all()
        return str(in_order(rows, wanted, columns=columns, otherwise="number").query)

    assert "NULLS" not in sql("-number")
    assert "NULLS" not in sql("-title")
    assert "NULLS LAST" in sql("-due")


@pytest.mark.parametrize("wanted", ["", "-", "owner__password", "--title"])
def test_an_unknown_wish_is_none(wanted: str) -> None:
    an_action_item(title="b", due_date=NOW.date())
    an_action_item(title="a")

    assert titles(wanted) == ["b", "a"]


@pytest.mark.parametrize(("wanted", "number"), [(None, 1), ("x", 1), ("2", 2), ("99", 2)])
def test_every_wish_for_a_page_gives_one(wanted: str | None, number: int) -> None:
    for _ in range(PER_PAGE + 1):
        an_action_item()

    page = page_of(ActionItem.objects.order_by("id"), wanted)

    assert page.number == number
    assert len(page) == {1: PER_PAGE, 2: 1}[number]
