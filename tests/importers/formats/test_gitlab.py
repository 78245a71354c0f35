"""Issues of GitLab."""

from pathlib import Path

from incidents.importers.formats.gitlab import read
from incidents.importers.found import FoundIncident, FoundUnread
from incidents.lib.approximate_time import write
from incidents.lib.zones import zone_named

HERE = Path(__file__).with_name("gitlab")
UTC = zone_named("UTC")


def test_it_works() -> None:
    (incident,) = read(HERE / "issues.json")
    assert isinstance(incident, FoundIncident)
    assert (incident.key, incident.title) == ("gitlab:shop/web#4", "Orders time out")
    assert incident.source_url == "https://gitlab.example.com/Shop/web/-/issues/4"
    assert incident.severity == "sev1"
    assert incident.services == ("checkout",)
    assert incident.tags == ("severity::2", "service::checkout", "S3")
    assert incident.texts["went_well"] == "The page came in four minutes."
    assert "- milestone · description: No page after ten." in incident.texts["notes"]
    assert [(event.text, write(event.at, UTC)) for event in incident.events] == [
        ("The deploy began.", "2019-12-24 21:30")
    ]
    assert [(each.name, each.role) for each in incident.people] == [
        ("Ann Example", "reporter"),
        ("Ben Example", "responder"),
    ]


def test_an_exported_project_is_read_line_by_line() -> None:
    incident, untitled, unnumbered = read(HERE / "issues.ndjson")
    assert isinstance(incident, FoundIncident)
    assert (incident.key, incident.severity) == ("gitlab:70#5", "sev3")
    assert [event.text for event in incident.events] == ["I have restarted the worker."]
    assert "Thank you, it moves again." in incident.texts["notes"]
    assert isinstance(untitled, FoundUnread)
    assert isinstance(unnumbered, FoundUnread)
    assert (untitled.why, unnumbered.why) == ("It has no title.", "It has no number (iid).")
