"""Opening a record, changing it, and saying who may see it."""

from datetime import UTC, datetime, timedelta

import pytest
from django.db import IntegrityError, transaction

from incidents.history.operations import EditConflict
from incidents.models import Change, FoundKind, Incident, SearchEntry, User
from incidents.records.operations import change_access, change_incident, create_incident
from incidents.records.times import TimesOutOfOrder
from tests.factories import NOW, a_service, a_team, a_user

pytestmark = pytest.mark.django_db
EVENING = datetime(2019, 12, 24, 21, 0, tzinfo=UTC)


@pytest.fixture
def writer() -> User:
    return a_user()


def open_record(writer: User, **values: object) -> Incident:
    return create_incident(values={"title": "Orders stall", **values}, by=writer, at=NOW)


def test_it_works(writer: User) -> None:
    service = a_service()
    incident = open_record(writer, summary="It **stalled**.", services=[service], tags=["Redis"])

    assert incident.reference == f"INC-{incident.pk}"
    assert "<strong>stalled</strong>" in incident.summary_html
    assert [tag.name for tag in incident.tags.all()] == ["redis"]
    assert list(incident.services.all()) == [service]
    line = Change.objects.get()
    assert (line.document_type, line.document_id, line.by) == ("incident", incident.pk, writer)
    entry = SearchEntry.objects.get(kind=FoundKind.INCIDENT, record_id=incident.pk)
    assert entry.title == "Orders stall"


def test_a_change_is_found_and_remembered(writer: User) -> None:
    incident = open_record(writer)
    changed = change_incident(
        incident, version=1, values={"title": "Orders time out"}, by=writer, at=NOW
    )

    assert changed.version == 2
    assert SearchEntry.objects.get(kind=FoundKind.INCIDENT).title == "Orders time out"


def test_a_form_with_the_access_fields_does_not_change_them(writer: User) -> None:
    incident = open_record(writer)
    change_incident(incident, version=1, values={"visibility": "restricted"}, by=writer, at=NOW)
    incident.refresh_from_db()
    assert not incident.is_restricted


def test_it_cannot_end_before_it_began(writer: User) -> None:
    moments = {
        "began_at": EVENING,
        "began_precision": "minute",
        "resolved_at": EVENING - timedelta(minutes=1),
        "resolved_precision": "minute",
    }
    with pytest.raises(TimesOutOfOrder, match="before it began"):
        open_record(writer, **moments)
    assert not Incident.objects.exists()


def test_a_day_may_hold_what_began_late_on_it(writer: User) -> None:
    moments = {
        "began_at": EVENING,
        "began_precision": "minute",
        "resolved_at": EVENING.replace(hour=0),
        "resolved_precision": "day",
    }
    assert open_record(writer, **moments).pk


def test_the_database_holds_the_order_for_who_writes_past_the_operations() -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        Incident.objects.create(
            title="x",
            began_at=EVENING,
            began_precision="minute",
            resolved_at=EVENING - timedelta(minutes=1),
            resolved_precision="minute",
        )


def test_two_who_move_one_end_each_cannot_cross_them(writer: User) -> None:
    incident = open_record(
        writer,
        began_at=EVENING,
        began_precision="minute",
        resolved_at=EVENING + timedelta(hours=2),
        resolved_precision="minute",
    )
    later = {"began_at": EVENING + timedelta(hours=1)}
    change_incident(incident, version=1, values=later, by=writer, at=NOW)
    earlier = {"resolved_at": EVENING + timedelta(minutes=30)}
    with pytest.raises((TimesOutOfOrder, IntegrityError)), transaction.atomic():
        change_incident(incident, version=1, values=earlier, by=writer, at=NOW)


def test_a_restricted_record_names_its_maker_and_its_owner(writer: User) -> None:
    owner, colleague = a_user(), a_user()
    incident = open_record(writer, visibility="restricted", owner=owner)
    assert set(incident.allowed_people.all()) == {writer, owner}

    team = a_team()
    incident = change_access(
        incident,
        version=1,
        visibility="restricted",
        people=[colleague],
        teams=[team],
        by=writer,
        at=NOW,
    )
    assert set(incident.allowed_people.all()) == {writer, owner, colleague}
    assert list(incident.allowed_teams.all()) == [team]


def test_opening_a_record_forgets_the_names(writer: User) -> None:
    incident = open_record(writer, visibility="restricted")
    incident = change_access(
        incident, version=1, visibility="everyone", people=[writer], teams=[], by=writer, at=NOW
    )
    assert not incident.is_restricted
    assert not incident.allowed_people.exists()


def test_two_who_change_access_are_both_heard(writer: User) -> None:
    incident = open_record(writer, visibility="restricted")
    who = {"visibility": "restricted", "teams": [], "by": writer, "at": NOW, "version": 1}
    change_access(incident, people=[a_user()], **who)  # type: ignore[arg-type]
    with pytest.raises(EditConflict):
        change_access(incident, people=[a_user()], **who)  # type: ignore[arg-type]
