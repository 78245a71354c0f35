"""Bringing back times from before a record moved to another zone."""

from datetime import datetime, timedelta

import pytest

from incidents.history.bring_back import (
    CannotBringBack,
    bring_back_field,
    bring_back_part,
    offers,
    take_back,
)
from incidents.history.comparing import compare
from incidents.history.documents import document_of
from incidents.history.queries import last_change, states_after
from incidents.history.words import Names
from incidents.lib.approximate_time import parse, write, zone_named
from incidents.models import Incident, TimelineEvent, User
from incidents.records.operations import change_incident
from incidents.records.parts.operations import remove_part
from tests.factories import NOW, a_user
from tests.history.records import a_recorded_event, a_recorded_incident, changed

pytestmark = pytest.mark.django_db
NEW_YORK = "America/New_York"


@pytest.fixture
def writer() -> User:
    return a_user()


def at(text: str) -> datetime:
    moment = parse(text, zone_named("UTC")).at
    assert moment is not None
    return moment


def event_at(incident: Incident, text: str, precision: str = "minute") -> TimelineEvent:
    return a_recorded_event(incident, event_at=at(text), event_precision=precision)


def last_id(incident: Incident) -> int:
    line = last_change(incident)
    assert line is not None
    return line.pk


def move(incident: Incident, zone: str = NEW_YORK) -> Incident:
    version, values = incident.version, {"time_zone": zone}
    return change_incident(incident, version=version, values=values, by=None, at=NOW)


def clock(event: TimelineEvent) -> str:
    return write(event.time, zone_named(Incident.objects.get(pk=event.incident_id).time_zone))


def test_it_works(writer: User) -> None:
    incident = a_recorded_incident()
    event = event_at(incident, "2026-03-14", "day")
    (before,) = states_after(incident, last_id(incident))
    changed(event, event_at=at("2026-03-14") + timedelta(days=1))
    incident = move(incident)
    event.refresh_from_db()
    assert clock(event) == "2026-03-15"

    key, version = ("timelineevent", event.pk), event.version
    bring_back_field(incident, key, "event", before=before, version=version, by=writer, at=NOW)

    event.refresh_from_db()
    assert clock(event) == "2026-03-14"


def test_an_event_that_was_removed_comes_back_as_its_clock_showed(writer: User) -> None:
    incident = a_recorded_incident()
    event = event_at(incident, "2026-03-14 22:30")
    key = ("timelineevent", event.pk)
    line = remove_part(event, version=1, by=writer, at=NOW)
    incident = move(incident)

    (before,) = states_after(incident, line.pk - 1)
    bring_back_part(incident, key, before=before, by=writer, at=NOW)

    assert clock(TimelineEvent.objects.get()) == "2026-03-14 22:30"


def test_one_that_the_present_clocks_skipped_is_refused(writer: User) -> None:
    incident = a_recorded_incident()
    event = event_at(incident, "2026-03-29 02:30")
    key = ("timelineevent", event.pk)
    line = remove_part(event, version=1, by=writer, at=NOW)
    incident = move(incident, "Europe/Berlin")

    (before,) = states_after(incident, line.pk - 1)
    with pytest.raises(CannotBringBack, match="did not happen there"):
        bring_back_part(incident, key, before=before, by=writer, at=NOW)


def test_the_zone_comes_back_only_with_the_whole_record(writer: User) -> None:
    incident = a_recorded_incident(began_at=at("2026-03-14"), began_precision="day")
    event = event_at(incident, "2026-03-14 22:30")
    line = last_id(incident)
    incident = move(incident)
    (then,) = states_after(incident, line)

    key, version = ("incident", incident.pk), incident.version
    with pytest.raises(CannotBringBack):
        bring_back_field(
            incident, key, "time_zone", before=then, version=version, by=writer, at=NOW
        )
    seen = last_id(incident)
    take_back(incident, to=then, seen=seen, by=writer, at=NOW, version_of="that version")

    incident.refresh_from_db()
    event.refresh_from_db()
    assert (incident.time_zone, incident.began_at) == ("UTC", at("2026-03-14"))
    assert event.event_at == at("2026-03-14 22:30")


def test_what_only_moved_with_the_zone_is_not_offered(writer: User) -> None:
    incident = a_recorded_incident(began_at=at("2026-03-14"), began_precision="day")
    event_at(incident, "2026-03-14 22:30")
    incident = move(incident)
    before, after = states_after(incident, last_id(incident) - 1, last_id(incident))
    names = Names([before, after], writer)

    rows = compare(document_of(incident), before, after, names)
    found = offers(incident, rows, before)

    assert len(found) == 2
    assert [offer.columns for offer in found.values()] == [frozenset(), frozenset()]
