"""Whole records as they were, read back from the lines of history."""

import random

import pytest

from incidents.history.comparing import in_order, moved
from incidents.history.documents import PARTS, TABLES, VISIBLE_DOCUMENTS
from incidents.history.queries import (
    last_change,
    present_state,
    recent_changes,
    states_after,
    values_at_version,
)
from incidents.models import Change, Incident, Part, TimelineEvent
from incidents.records.parts.operations import add_timeline_event
from tests.factories import NOW, a_service, a_tag, a_user, an_event, an_incident
from tests.history.records import a_recorded_event, a_recorded_incident, changed, made, removed

pytestmark = pytest.mark.django_db

LONG = "The pool was smaller than the number of its clients. " * 20


def last_id(incident: Incident) -> int:
    line = last_change(incident)
    assert line is not None
    return line.pk


def test_it_works() -> None:
    incident = a_recorded_incident(summary="One")
    first = last_id(incident)
    event = a_recorded_event(incident)
    incident = changed(incident, summary="Two")
    removed(event)

    before, then, now = states_after(incident, 0, first, last_id(incident))

    assert before == {}
    assert then.keys() == {("incident", incident.pk)}
    assert then["incident", incident.pk]["summary"] == "One"
    assert now == present_state(incident)


def test_any_sequence_of_edits_leads_to_the_present() -> None:
    draw = random.Random(7)
    services = [a_service() for _ in range(4)]
    incident = a_recorded_incident(summary=LONG)
    events: list[TimelineEvent] = []
    versions = [(last_id(incident), present_state(incident))]
    for step in range(60):
        act = draw.choice(["add", "edit", "edit", "text", "relate", "remove"])
        if act == "add":
            events.append(a_recorded_event(incident, text=f"Event {step} {LONG}"))
        elif act == "edit" and events:
            at = draw.randrange(len(events))
            cut = draw.randrange(len(LONG))
            events[at] = changed(events[at], text=LONG[:cut] + str(step) + LONG[cut:])
        elif act == "text":
            cut = draw.randrange(len(LONG))
            incident = changed(incident, summary=LONG[:cut] + LONG[draw.randrange(cut + 1) :])
        elif act == "relate":
            incident = changed(incident, services=draw.sample(services, draw.randrange(4)))
        elif act == "remove" and events:
            removed(events.pop(draw.randrange(len(events))))
        versions.append((last_id(incident), present_state(incident)))

    told = states_after(incident, *(number for number, _ in versions))

    assert told == [state for _, state in versions]


def test_a_record_older_than_its_history_is_wound_back() -> None:
    incident = an_incident(summary="Old")
    event = an_event(incident, text="There from the start")
    changed(incident, summary="New")
    removed(event)

    (before,) = states_after(incident, 0)

    assert before["incident", incident.pk]["summary"] == "Old"
    assert before["timelineevent", event.pk]["text"] == "There from the start"


def test_a_long_history_is_read_at_once(django_assert_num_queries: object) -> None:
    incident = a_recorded_incident(summary=LONG)
    for step in range(200):
        incident = changed(incident, summary=f"{step} {LONG}")
    last = last_id(incident)

    with django_assert_num_queries(1):  # type: ignore[operator]  # the fixture's own type is private
        states_after(incident, 1, last)


def test_an_edit_from_before_a_row_was_brought_back_is_not_merged() -> None:
    incident = a_recorded_incident()
    event = changed(a_recorded_event(incident), text="Two")
    removed(event)
    again = made(TimelineEvent(pk=event.pk, incident=incident, text="Two", version=4))

    assert values_at_version(again, 4) == {}
    assert values_at_version(again, 1) is None


def test_the_last_lines_are_told_on_the_records_own_page() -> None:
    writer = a_user()
    incident = a_recorded_incident(writer)
    changed(incident, writer, title="Orders are lost")

    recent = recent_changes(incident, limit=5)

    assert recent.document == ("incident", incident.pk)
    assert [line.summary for line in recent.changes] == ["Changed", "Added"]
    assert recent.changes[0].by == writer


def test_every_kind_of_part_is_known() -> None:
    parts = {table for table in Part.__subclasses__() if not table._meta.abstract}

    assert parts == set(PARTS["incident"])
    assert set(VISIBLE_DOCUMENTS) < set(TABLES)


def test_the_order_of_a_version_outlives_new_numbers() -> None:
    incident = a_recorded_incident()
    first, last = (a_recorded_event(incident, position=number) for number in (1, 2))
    before = last_id(incident)
    early = {"text": "Between", "event_at": NOW, "event_precision": "minute"}
    changed(first, event_at=NOW, event_precision="minute")
    add_timeline_event(incident, values=early, by=None, at=NOW)

    then, now = states_after(incident, before, last_id(incident))

    assert now == present_state(incident)
    assert then["timelineevent", first.pk]["position"] == 1
    order = [event.pk for event in TimelineEvent.objects.all()]
    assert [pk for _, pk in in_order("timelineevent", now)] == order
    assert (order[0], order[-1]) == (first.pk, last.pk)
    assert moved(then, now) == {}
    line = last_change(incident)
    assert line is not None
    assert {part["did"] for part in line.parts} == {"renumbered", "created"}
    # An edit that is under way fits: nobody touched the row.
    last.refresh_from_db()
    assert (last.version, values_at_version(last, 1)) == (1, {})


def test_tags_are_part_of_a_version() -> None:
    tag = a_tag()
    incident = a_recorded_incident(tags=[tag])

    (state,) = states_after(incident, Change.objects.get().pk)

    assert state["incident", incident.pk]["tags"] == [tag.pk]
