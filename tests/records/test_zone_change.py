"""A record moves to another zone: every clock in it keeps what it showed."""

from datetime import UTC, datetime
from typing import Any

import pytest
from django.test import Client

from incidents.history.operations import EditConflict
from incidents.history.queries import last_change, states_after
from incidents.lib.approximate_time import ApproximateTime, parse, write, zone_named
from incidents.models import Change, ConfigDelta, Incident, Part, TimelineEvent, User
from incidents.records.operations import change_incident, create_incident
from incidents.records.parts.operations import (
    add_config_delta,
    add_timeline_event,
    change_part,
)
from incidents.records.times import TimesOutOfOrder
from incidents.records.zone_change import PART_TIMES, NotInThatZone, columns_of
from tests.factories import NOW, a_knob, a_user

pytestmark = pytest.mark.django_db
BERLIN = "Europe/Berlin"


@pytest.fixture
def writer() -> User:
    return a_user()


def typed(name: str, text: str, zone: str = "UTC") -> dict[str, Any]:
    return columns_of(name, parse(text, zone_named(zone)))


def a_record(writer: User, *, zone: str = "UTC", **texts: str) -> Incident:
    values: dict[str, Any] = {"title": "Orders stall", "time_zone": zone}
    for phase, text in texts.items():
        values |= typed(phase, text, zone)
    return create_incident(values=values, by=writer, at=NOW)


def an_event_at(incident: Incident, text: str, writer: User) -> TimelineEvent:
    values = {"text": "Latency rose", **typed("event", text, incident.time_zone)}
    return add_timeline_event(incident, values=values, by=writer, at=NOW)


def a_turn_at(incident: Incident, text: str, writer: User) -> ConfigDelta:
    values = {
        "knob": a_knob(),
        "before": "30",
        "after": "60",
        "part": "fixed",
        **typed("turned", text, incident.time_zone),
    }
    return add_config_delta(incident, values=values, by=writer, at=NOW)


def move(incident: Incident, to: str, writer: User, *, version: int = 1, **values: Any) -> Incident:
    values = {"time_zone": to, **values}
    return change_incident(incident, version=version, values=values, by=writer, at=NOW)


def clock(time: ApproximateTime, zone: str) -> str:
    return write(time, zone_named(zone))


def clocks(incident: Incident) -> dict[str, list[str]]:
    """What stands in each time of the record, as a form would show it."""
    incident = Incident.objects.get(pk=incident.pk)
    zone = incident.time_zone
    return {
        "moments": [clock(getattr(incident, phase), zone) for phase in Incident.PHASES],
        "events": [clock(event.time, zone) for event in incident.timelineevents.order_by("pk")],
        "turns": [clock(delta.time, zone) for delta in incident.configdeltas.order_by("pk")],
    }


@pytest.mark.parametrize(
    ("before", "after"),
    [("UTC", BERLIN), (BERLIN, "America/New_York"), ("Asia/Kathmandu", "Pacific/Auckland")],
)
def test_it_works(writer: User, before: str, after: str) -> None:
    incident = a_record(
        writer, zone=before, began="2026-07-14 22:30", detected="2026-07-14 23h", resolved="2026-07"
    )
    for text in ("2026-07-14 22:35", "2026-07-14 22h", "2026-07-14", "2026-07", "2026", ""):
        an_event_at(incident, text, writer)
    a_turn_at(incident, "2026-07-14 22:40", writer)
    a_turn_at(incident, "2026-07-15", writer)
    seen = clocks(incident)

    moved = move(incident, after, writer)

    assert moved.time_zone == after
    assert clocks(incident) == seen
    assert seen["events"] == [
        "2026-07-14 22:35",
        "2026-07-14 22h",
        "2026-07-14",
        "2026-07",
        "2026",
        "",
    ]
    assert seen["moments"] == ["2026-07-14 22:30", "2026-07-14 23h", "", "2026-07"]


def test_a_whole_day_stays_that_day_and_as_long_as_it_was_there(writer: User) -> None:
    incident = a_record(writer, began="2026-03-29")
    event = an_event_at(incident, "2026-03-29", writer)

    moved = move(incident, BERLIN, writer)

    event.refresh_from_db()
    assert moved.began_at == event.event_at == datetime(2026, 3, 28, 23, 0, tzinfo=UTC)
    assert (moved.began_precision, event.event_precision) == ("day", "day")


def test_it_is_one_line_of_history_with_every_time(writer: User) -> None:
    incident = a_record(writer, began="2026-03-14 22:30")
    event = an_event_at(incident, "2026-03-14 22:35", writer)
    unknown = an_event_at(incident, "", writer)
    lines = Change.objects.count()

    move(incident, BERLIN, writer)

    line = last_change(incident)
    assert line is not None
    assert Change.objects.count() == lines + 1
    assert (line.by, line.summary) == (writer, "Changed the record and its time zone")
    done = {(part["record"], part["id"]): part["fields"] for part in line.parts}
    assert done == {
        ("timelineevent", event.pk): {
            "event_at": ["2026-03-14T22:35:00+00:00", "2026-03-14T21:35:00+00:00"]
        },
        ("incident", incident.pk): {
            "time_zone": ["UTC", BERLIN],
            "began_at": ["2026-03-14T22:30:00+00:00", "2026-03-14T21:30:00+00:00"],
        },
    }
    unknown.refresh_from_db()
    assert (unknown.version, unknown.event_at) == (1, None)
    before, after = states_after(incident, line.pk - 1, line.pk)
    assert before["timelineevent", event.pk]["event_at"] == "2026-03-14T22:35:00+00:00"
    assert after["timelineevent", event.pk]["event_at"] == "2026-03-14T21:35:00+00:00"


def test_where_the_clocks_agree_no_time_is_written(writer: User) -> None:
    incident = a_record(writer, began="2026-03-14 22:30")
    event = an_event_at(incident, "2026-03-14 22:35", writer)
    move(incident, "Atlantic/Reykjavik", writer)
    event.refresh_from_db()
    assert event.version == 1
    line = last_change(incident)
    assert line is not None
    assert [list(part["fields"]) for part in line.parts] == [["time_zone"]]


@pytest.mark.parametrize(
    ("text", "said"),
    [("2026-03-29 02:30", "did not happen there"), ("2026-10-25 02h", "happened twice")],
)
def test_what_the_new_clocks_did_not_show_once_is_refused_and_nothing_written(
    writer: User, text: str, said: str
) -> None:
    incident = a_record(writer, began="2026-03-14 22:30")
    early = an_event_at(incident, "2026-03-14 22:35", writer)
    an_event_at(incident, text, writer)
    lines = Change.objects.count()

    with pytest.raises(NotInThatZone, match=said) as refusal:
        move(incident, BERLIN, writer)

    assert refusal.value.field == "time_zone"
    assert f"timeline event “Latency rose”, {text}:" in str(refusal.value)
    assert Incident.objects.get().time_zone == "UTC"
    early.refresh_from_db()
    assert (early.version, early.event_at) == (1, datetime(2026, 3, 14, 22, 35, tzinfo=UTC))
    assert Change.objects.count() == lines


def test_of_many_that_do_not_fit_three_are_told_in_full(writer: User) -> None:
    incident = a_record(writer)
    for minute in range(5):
        an_event_at(incident, f"2026-03-29 02:3{minute}", writer)
    with pytest.raises(NotInThatZone, match="And 2 more"):
        move(incident, BERLIN, writer)


def test_a_moment_that_the_new_clocks_did_not_show_is_named(writer: User) -> None:
    incident = a_record(writer, detected="2026-03-29 02:30")
    with pytest.raises(NotInThatZone) as refusal:
        move(incident, BERLIN, writer)
    assert refusal.value.field == "detected"


def test_a_moment_given_with_the_zone_is_read_in_it_already(writer: User) -> None:
    incident = a_record(writer, began="2026-03-14 22:30", resolved="2026-03-14 23:30")
    # The moment stays, and so it is the clock that shows something else.
    moved = move(incident, BERLIN, writer, **typed("began", "2026-03-14 23:30", BERLIN))
    assert moved.began_at == datetime(2026, 3, 14, 22, 30, tzinfo=UTC)
    assert clock(moved.resolved, BERLIN) == "2026-03-14 23:30"


def test_a_moment_that_somebody_else_has_added_moves_with_the_others(writer: User) -> None:
    incident = a_record(writer, began="2026-03-14 22:30")
    added = typed("resolved", "2026-03-14 23:30")
    change_incident(incident, version=1, values=added, by=a_user(), at=NOW)
    # What a form sends that was filled in before: all moments, this one unknown.
    given = typed("began", "2026-03-14 22:30", BERLIN) | typed("resolved", "")

    moved = move(incident, BERLIN, writer, version=1, **given)

    assert clock(moved.began, BERLIN) == "2026-03-14 22:30"
    assert clock(moved.resolved, BERLIN) == "2026-03-14 23:30"


def test_a_moment_that_both_changed_is_a_conflict_and_nothing_moves(writer: User) -> None:
    incident = a_record(writer, began="2026-03-14 22:30")
    event = an_event_at(incident, "2026-03-14 22:35", writer)
    later = typed("began", "2026-03-14 22:31")
    change_incident(incident, version=1, values=later, by=a_user(), at=NOW)

    with pytest.raises(EditConflict) as conflict:
        move(incident, BERLIN, writer, version=1, **typed("began", "2026-03-14 22:30", BERLIN))

    assert conflict.value.fields == {"began_at"}
    event.refresh_from_db()
    assert event.version == 1


def test_an_old_form_that_kept_the_zone_takes_nothing_back(writer: User) -> None:
    incident = a_record(writer, began="2026-03-14 22:30")
    move(incident, BERLIN, a_user())
    values = {"summary": "More", "time_zone": "UTC", **typed("began", "2026-03-14 22:30")}
    saved = change_incident(incident, version=1, values=values, by=writer, at=NOW)
    assert (saved.summary, saved.time_zone) == ("More", BERLIN)
    assert clock(saved.began, BERLIN) == "2026-03-14 22:30"


def test_who_had_an_event_open_saves_it_as_its_clock_shows(writer: User) -> None:
    incident = a_record(writer)
    event = an_event_at(incident, "2026-03-14 22:35", writer)
    move(incident, BERLIN, a_user())
    # The form came in the old zone; what it holds is read in the new one.
    values = {"actor": "Bikash", **typed("event", "2026-03-14 22:35", BERLIN)}
    saved = change_part(event, version=1, values=values, by=writer, at=NOW)
    assert (saved.actor, clock(saved.time, BERLIN)) == ("Bikash", "2026-03-14 22:35")


def test_two_moments_of_different_precision_keep_their_order(writer: User) -> None:
    incident = a_record(writer, began="2026-03-14 22:30", resolved="2026-03-14")
    moved = move(incident, "America/New_York", writer)
    assert clock(moved.resolved, "America/New_York") == "2026-03-14"


def test_the_course_is_judged_before_anything_is_written(writer: User) -> None:
    incident = a_record(writer, began="2026-03-14 22:30", resolved="2026-03-14 23:30")
    with pytest.raises(TimesOutOfOrder):
        move(incident, BERLIN, writer, **typed("began", "2026-03-14 23:45", BERLIN))
    assert Incident.objects.get().time_zone == "UTC"


def test_every_part_with_a_time_is_among_those_that_move() -> None:
    timed = {
        table
        for table in Part.__subclasses__()
        if any(field.name.endswith("_precision") for field in table._meta.concrete_fields)
    }
    assert timed == set(PART_TIMES)


def form_of(client: Client, address: str) -> dict[str, Any]:
    form = client.get(address).context["form"]
    return {
        name: value
        for name in form.fields
        if (value := form[name].value()) not in (None, False, [])
    }


def test_the_form_says_beside_the_zone_which_event_does_not_fit(
    client: Client, writer: User
) -> None:
    client.force_login(writer)
    incident = a_record(writer, began="2026-03-14 22:30")
    an_event_at(incident, "2026-03-29 02:30", writer)
    address = f"/incidents/{incident.reference}/edit/"

    answer = client.post(
        address, form_of(client, address) | {"time_zone": BERLIN, "summary": "Kept"}
    )

    assert answer.status_code == 422
    form = answer.context["form"]
    assert "Latency rose" in str(form.errors["time_zone"])
    assert form["summary"].value() == "Kept"
    assert Incident.objects.get().time_zone == "UTC"


def test_through_the_form_all_clocks_stay(client: Client, writer: User) -> None:
    client.force_login(writer)
    incident = a_record(writer, began="2026-03-14 22:30", detected="2026-03-14")
    an_event_at(incident, "2026-03-14 22:35", writer)
    a_turn_at(incident, "2026-03-14 22h", writer)
    seen = clocks(incident)
    address = f"/incidents/{incident.reference}/edit/"

    answer = client.post(address, form_of(client, address) | {"time_zone": BERLIN})

    assert answer.status_code == 302
    assert Incident.objects.get().time_zone == BERLIN
    assert clocks(incident) == seen
    assert "22:30 stays 22:30" in client.get(address).content.decode()
