"""What Response answers, writes and keeps."""

from datetime import date
from pathlib import Path

import pytest

from incidents.importers.formats.response import read
from incidents.importers.found import FoundIncident, FoundUnread
from incidents.lib.approximate_time import write
from incidents.lib.zones import zone_named

HERE = Path(__file__).with_name("response")
UTC = zone_named("UTC")


def test_it_works() -> None:
    orders, _ = read(HERE / "dumpdata.json")
    assert isinstance(orders, FoundIncident)
    assert (orders.key, orders.title, orders.severity) == ("response:12", "Orders time out", "sev4")
    assert orders.texts["summary"] == "Every order waited for a connection."
    assert orders.texts["impact"] == "Every tenth order was lost."
    assert "- Severity: minor" in orders.texts["notes"]
    assert {phase: write(time, UTC) for phase, time in orders.times.items()} == {
        "began": "2019-12-24 21:30",
        "detected": "2019-12-24 21:34",
        "resolved": "2019-12-24 23:10",
    }
    assert [(each.name, each.role) for each in orders.people] == [
        ("Ann Example", "reporter"),
        ("ben", "commander"),
    ]
    done, waiting = orders.actions
    assert (done.kind, done.state, done.due) == ("prevent", "done", date(2019, 12, 31))
    assert done.evidence == "Marked as done in Response 2019-12-27T10:00:00Z"
    assert (waiting.kind, waiting.state, waiting.owner) == ("detect", "open", "ben")
    pinned, changed = orders.events
    assert (pinned.text, pinned.actor) == ("I kill the queries", "ben")
    assert pinned.source == "a message pinned in Slack"
    assert changed.text == "Severity updated from major to minor"


def test_what_its_interface_answers_is_read() -> None:
    (orders,) = read(HERE / "incidents.json")
    assert isinstance(orders, FoundIncident)
    assert (orders.key, orders.severity) == ("response:12", "sev1")
    assert orders.actions[0].owner == "ben"
    assert "- Report only: yes" in orders.texts["notes"]
    assert "- Slack channel: inc-12" in orders.texts["notes"]


def test_a_dump_is_put_together_from_its_tables() -> None:
    orders, _ = read(HERE / "dump.sql")
    assert isinstance(orders, FoundIncident)
    assert write(orders.times["began"], UTC) == "2019-12-24 21:30"
    assert [event.text for event in orders.events] == ["I kill the queries"]
    assert (orders.actions[0].title, orders.actions[0].state) == ("Make the pool larger", "done")
    assert [each.role for each in orders.people] == ["reporter", "commander"]


@pytest.mark.parametrize("name", ["dumpdata.json", "dump.sql"])
def test_what_is_private_there_is_shown_to_nobody(name: str) -> None:
    _, secret = read(HERE / name)
    assert isinstance(secret, FoundUnread)
    assert secret.why.startswith("It is private in Response")
