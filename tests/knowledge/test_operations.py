"""Writing knobs and lessons."""

import pytest

from incidents.knowledge import operations
from incidents.knowledge.operations import CannotChangeState
from incidents.models import Change, Knob, Lesson, LessonState, SearchEntry, User
from tests.factories import (
    NOW,
    a_contributing_factor,
    a_factor,
    a_knob,
    a_lesson,
    a_user,
    an_incident,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def writer() -> User:
    return a_user()


def test_it_works(writer: User) -> None:
    knob = operations.create_knob(
        values={"component": "unicorn", "key": "worker_processes", "description": "**How many**"},
        by=writer,
        at=NOW,
    )
    lesson = operations.create_lesson(
        values={"sentence": "Size the pool for its clients.", "knobs": [knob]}, by=writer, at=NOW
    )

    assert "<strong>" in knob.description_html
    assert list(lesson.knobs.all()) == [knob]
    made = Change.objects.get(document_type="lesson")
    assert made.parts[0]["fields"]["knobs"] == [None, [knob.pk]]
    found = SearchEntry.objects.get(kind="lesson", record_id=lesson.pk)
    assert found.names == lesson.reference


def test_a_knobs_address_has_no_line_breaks(writer: User) -> None:
    knob = operations.create_knob(
        values={"component": " my\nsql ", "key": "max\r\nconnections"}, by=writer, at=NOW
    )

    assert (knob.component, knob.key) == ("my sql", "max connections")


def test_a_knob_keeps_its_address(writer: User) -> None:
    knob = a_knob(component="unicorn", key="timeout")

    operations.change_knob(knob, version=1, values={"key": "other", "unit": "s"}, by=writer, at=NOW)

    knob = Knob.objects.get()
    assert (knob.key, knob.unit) == ("timeout", "s")


def test_records_are_found_by_a_factors_new_name(writer: User) -> None:
    factor = a_factor(name="Pool too small")
    incident = an_incident()
    a_contributing_factor(incident, factor=factor)

    operations.change_factor(factor, version=1, values={"name": "Starved pool"}, by=writer, at=NOW)

    assert "Starved pool" in SearchEntry.objects.get(kind="incident", record_id=incident.pk).body


def test_a_lesson_is_superseded_by_an_active_one(writer: User) -> None:
    old, new = a_lesson(), a_lesson()

    superseded = operations.supersede_lesson(old, replacement=new, by=writer, at=NOW)

    assert superseded.state == LessonState.SUPERSEDED
    assert superseded.superseded_by == new
    change = Change.objects.get()
    assert change.parts[0]["fields"]["superseded_by"] == [None, new.pk]


def test_no_lesson_is_superseded_in_a_circle(writer: User) -> None:
    old, new = a_lesson(), a_lesson()
    operations.supersede_lesson(old, replacement=new, by=writer, at=NOW)

    with pytest.raises(CannotChangeState, match="is superseded itself"):
        operations.supersede_lesson(new, replacement=old, by=writer, at=NOW)
    with pytest.raises(CannotChangeState, match="replace itself"):
        operations.supersede_lesson(new, replacement=new, by=writer, at=NOW)
    with pytest.raises(CannotChangeState, match="superseded already"):
        operations.retire_lesson(old, by=writer, at=NOW)


def test_a_retired_lesson_can_be_made_active_again(writer: User) -> None:
    lesson = a_lesson()
    operations.retire_lesson(lesson, by=writer, at=NOW)
    with pytest.raises(CannotChangeState, match="retired already"):
        operations.retire_lesson(lesson, by=writer, at=NOW)

    operations.reactivate_lesson(lesson, by=writer, at=NOW)

    assert Lesson.objects.get().state == LessonState.ACTIVE
    with pytest.raises(CannotChangeState, match="active already"):
        operations.reactivate_lesson(lesson, by=writer, at=NOW)


def test_a_superseded_lesson_made_active_is_replaced_by_none(writer: User) -> None:
    old, new = a_lesson(), a_lesson()
    operations.supersede_lesson(old, replacement=new, by=writer, at=NOW)

    assert operations.reactivate_lesson(old, by=writer, at=NOW).superseded_by is None
