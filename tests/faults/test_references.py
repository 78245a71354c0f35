"""A hundred who record something at once get a hundred numbers."""

from collections.abc import Callable
from threading import Barrier
from typing import Any

import pytest

from incidents.action_items.operations import create_action_item
from incidents.knowledge.operations import create_lesson
from incidents.models import ActionItem, Change, Incident, Lesson, SearchEntry
from incidents.records.operations import create_incident
from tests.factories import NOW, a_user
from tests.faults.threads import at_once

pytestmark = pytest.mark.django_db(transaction=True)

A_HUNDRED = range(100)
CREATIONS: dict[str, tuple[Callable[..., Any], str, type[Any]]] = {
    "INC": (create_incident, "title", Incident),
    "LES": (create_lesson, "sentence", Lesson),
    "ACT": (create_action_item, "title", ActionItem),
}


@pytest.mark.parametrize("prefix", CREATIONS)
def test_a_hundred_at_once_get_a_hundred_references(prefix: str) -> None:
    create, field, table = CREATIONS[prefix]
    writer = a_user()

    def record(number: int) -> tuple[str, str]:
        row = create(values={field: f"Number {number}"}, by=writer, at=NOW)
        return row.reference, getattr(row, field)

    told = at_once(record, A_HUNDRED)

    assert len({reference for reference, _ in told}) == len(A_HUNDRED)
    # What each was told is what was kept.
    assert dict(told) == {row.reference: getattr(row, field) for row in table.objects.all()}
    assert all(reference.startswith(f"{prefix}-") for reference, _ in told)
    assert Change.objects.filter(document_type=table._meta.model_name).count() == len(A_HUNDRED)
    assert SearchEntry.objects.count() == len(A_HUNDRED)


def test_three_kinds_at_once_do_not_hold_one_another_up() -> None:
    writer = a_user()
    kinds = list(CREATIONS.values())

    def record(number: int) -> str:
        create, field, _ = kinds[number % len(kinds)]
        return str(create(values={field: f"Number {number}"}, by=writer, at=NOW).reference)

    assert len(set(at_once(record, A_HUNDRED))) == len(A_HUNDRED)


def test_a_number_is_not_given_a_second_time() -> None:
    """A reference that once stood in an e-mail never comes to mean another record."""
    first = create_incident(values={"title": "Made by mistake"}, by=None, at=NOW)
    number = first.pk
    first.delete()

    assert create_incident(values={"title": "Another"}, by=None, at=NOW).pk > number


def test_counting_by_hand_would_collide() -> None:
    """The way that failed in one of the stories, so that this test is known to see it."""

    together = Barrier(8)

    def record_by_hand(number: int) -> int:
        highest = Incident.objects.order_by("-pk").values_list("pk", flat=True).first() or 0
        together.wait(timeout=30)
        return int(highest) + 1

    assert len(set(at_once(record_by_hand, range(8), threads=8))) < 8
