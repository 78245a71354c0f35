"""Issues of GitHub."""

from pathlib import Path

from incidents.importers.formats.github import read
from incidents.importers.found import FoundIncident, FoundUnread
from incidents.lib.approximate_time import write
from incidents.lib.zones import zone_named

HERE = Path(__file__).with_name("github")
UTC = zone_named("UTC")


def test_it_works() -> None:
    incident, pull, untitled, nothing = read(HERE / "issues.json")
    assert isinstance(incident, FoundIncident)
    assert incident.key == "github:example/shop#12"
    assert incident.where == "issues.json, record 1"
    assert incident.title == "Postmortem: orders time out"
    assert incident.source_url == "https://github.com/Example/shop/issues/12"
    assert incident.severity == "sev2"
    assert incident.services == ("checkout",)
    assert incident.tags == ("severity: high", "service: checkout", "incident")
    assert incident.texts["summary"] == "The shop was closed to everybody."
    assert incident.texts["impact"] == "Every tenth order was lost."
    assert "There was a pool that was small." in incident.texts["notes"]
    assert {phase: write(time, UTC) for phase, time in incident.times.items()} == {
        "detected": "2019-12-24 21:34",
        "resolved": "2020-01-02 09:00",
    }
    assert [(event.text, write(event.at, UTC)) for event in incident.events] == [
        ("a deploy", "2019-12-24 21:30"),
        ("the first page", "2019-12-24 21:34"),
    ]
    assert [(each.title, each.state) for each in incident.actions] == [
        ("Make the pool larger", "done"),
        ("Alert on a full pool", "open"),
    ]
    assert [(each.name, each.role) for each in incident.people] == [
        ("ann-example", "reporter"),
        ("ben-example", "responder"),
    ]
    (delta,) = incident.deltas
    assert (delta.key, delta.before, delta.after) == ("pool_size", "10", "40")
    whys = [each.why for each in (pull, untitled, nothing) if isinstance(each, FoundUnread)]
    assert whys == [
        "It is a pull request, and no issue.",
        "It has no title.",
        "It is no record: names with values belong there.",
    ]


def test_comments_before_it_was_closed_belong_to_its_course() -> None:
    (incident,) = read(HERE / "listed.json")
    assert isinstance(incident, FoundIncident)
    (event,) = incident.events
    assert (event.text, event.actor) == ("I have restarted the worker.", "ben-example")
    assert write(event.at, UTC) == "2020-02-02 11:30"
    assert "cy-example · 2020-02-03T08:00:00Z\n\nThank you" in incident.texts["notes"]
    assert incident.people[0].name == "Ann Example"
