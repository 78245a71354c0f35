"""What Dispatch answers, and dumps of it."""

from datetime import date
from pathlib import Path

from incidents.importers.formats.dispatch import read
from incidents.importers.found import FoundIncident, FoundUnread
from incidents.lib.approximate_time import write
from incidents.lib.zones import zone_named

HERE = Path(__file__).with_name("dispatch")
UTC = zone_named("UTC")
RESTRICTED = (
    "It is restricted in Dispatch, and what is brought in can be seen by everybody here: record it "
    "by hand."
)


def test_it_works() -> None:
    orders, secret = read(HERE / "incidents.json")
    assert isinstance(orders, FoundIncident)
    assert orders.key == "dispatch:dispatch-default-default-12"
    assert (orders.title, orders.severity) == ("Orders time out", "sev2")
    assert orders.texts["response"] == "The pool was made larger."
    assert {phase: write(time, UTC) for phase, time in orders.times.items()} == {
        "detected": "2019-12-24 21:34",
        "mitigated": "2019-12-24 22:30",
        "resolved": "2019-12-24 23:10",
    }
    assert [(each.name, each.role, each.email) for each in orders.people] == [
        ("Ann Example", "commander", "ann@example.com"),
        ("Ben Example", "scribe", "ben@example.com"),
        ("Ben Example", "responder", "ben@example.com"),
    ]
    deployed, killed = orders.events
    assert (deployed.text, deployed.actor) == ("New checkout went out", "Cy Example")
    assert deployed.source == "Deploys · Other"
    assert killed.text == "Queries were killed\n\nUntil 2019-12-24T21:50:00.000000Z."
    done, waiting = orders.actions
    assert (done.state, done.owner, done.due) == ("done", "Ann Example", date(2019, 12, 31))
    assert done.evidence == "Resolved in Dispatch 2019-12-27T10:00:00.000000Z"
    assert done.tracker_url == "https://jira.example.com/browse/OPS-7"
    assert (waiting.state, waiting.due) == ("open", None)
    assert "details · conditions: The queue grows." in orders.texts["notes"]
    assert isinstance(secret, FoundUnread)
    assert secret.why == RESTRICTED


def test_a_dump_is_put_together_from_its_tables() -> None:
    orders, secret = read(HERE / "dump.sql")
    assert isinstance(orders, FoundIncident)
    assert (orders.key, orders.severity) == ("dispatch:dispatch-shop-12", "sev1")
    assert orders.where == "dump.sql, incident 12 of dispatch_organization_shop"
    assert orders.tags == ("Capacity", "pool")
    assert write(orders.times["detected"], UTC) == "2019-12-24 21:34"
    assert [event.text for event in orders.events] == [
        "New checkout\nwent out",
        "Queries were killed",
    ]
    assert orders.people[0].role == "commander"
    (action,) = orders.actions
    assert (action.owner, action.tracker_url) == (
        "Ann Example",
        "https://jira.example.com/browse/OPS-7",
    )
    assert "- Reports · details_raw: The queue grows." in orders.texts["notes"]
    # Nobody wrote what was done.
    assert "response" not in orders.texts
    assert isinstance(secret, FoundUnread)
    assert secret.why == RESTRICTED
