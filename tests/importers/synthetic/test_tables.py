"""Many rows at once are written as one by one."""

from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.forms.models import model_to_dict

from incidents.importers.synthetic.tables import insert_rows, new_row
from incidents.models import (
    Change,
    EventKind,
    ImpactMeasure,
    Incident,
    Precision,
    Severity,
    Tag,
    TimelineEvent,
)
from tests.factories import NOW, a_user, an_incident

pytestmark = pytest.mark.django_db


def in_the_database(row: Any) -> Any:
    return model_to_dict(type(row).objects.get(pk=row.pk), exclude=["id"])


def test_it_works() -> None:
    def event() -> TimelineEvent:
        return TimelineEvent(
            incident=incident,
            kind=EventKind.ACTION,
            text='Tab\t, \\ and "quotes", a line\'s\nend, é – 雨 \\N',
            known_then=None,
            event_at=datetime(2024, 2, 29, 23, 59, 1, 500, tzinfo=UTC),
            event_precision=Precision.MINUTE,
        )

    incident = an_incident()
    one, other = event(), event()
    other.save()
    insert_rows([one, event()])

    assert in_the_database(one) == in_the_database(other)
    assert not one._state.adding
    assert TimelineEvent.objects.count() == 3


def test_a_new_row_is_what_its_table_makes() -> None:
    incident = an_incident()
    values = {"incident": incident, "text": "Errors", "created_at": NOW, "changed_at": NOW}
    one, other = new_row(TimelineEvent, **values), TimelineEvent(**values)
    next_one = new_row(TimelineEvent, incident=incident)

    assert {**vars(one), "_state": None} == {**vars(other), "_state": None}
    assert one.incident is incident
    assert one._state.adding
    assert next_one.text == ""


def test_numbers_and_lists_are_prepared() -> None:
    measure = ImpactMeasure(incident=an_incident(), name="orders", value=Decimal("1.50"))
    line = Change(document_type="tag", document_id=1, at=NOW, summary="", parts=[{"a": None}])
    insert_rows([measure])
    insert_rows([line])

    assert ImpactMeasure.objects.get(pk=measure.pk).value == Decimal("1.5")
    assert Change.objects.get(pk=line.pk).parts == [{"a": None}]
    assert Change.objects.get(pk=line.pk).at == NOW


def test_rows_may_be_linked_before_either_is_written() -> None:
    owner = a_user("editor")
    incident = Incident(title="Slow", severity=Severity.SEV3, owner=owner)
    event = TimelineEvent(incident=incident, text="It began")
    insert_rows([incident])
    insert_rows([event])

    assert TimelineEvent.objects.get().incident.owner == owner


def test_no_key_is_given_twice() -> None:
    gone = Tag.objects.create(name="gone")
    taken = gone.pk
    gone.delete()
    rows = [Tag(name="first"), Tag(name="second")]
    insert_rows(rows)
    last = Tag.objects.create(name="third")

    assert taken < rows[0].pk < rows[1].pk < last.pk
    assert [tag.name for tag in Tag.objects.order_by("pk")] == ["first", "second", "third"]


def test_the_tables_constraints_hold() -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        insert_rows([Tag(name="")])
    insert_rows([])
    assert not Tag.objects.exists()
