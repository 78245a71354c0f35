"""Dumps of Morgue."""

from pathlib import Path

import pytest

from incidents.importers.formats.morgue import read
from incidents.importers.found import FoundIncident, FoundUnread
from incidents.lib.approximate_time import write
from incidents.lib.zones import zone_named

DUMP = Path(__file__).with_name("morgue") / "dump.sql"
UTC = zone_named("UTC")


@pytest.fixture(scope="module")
def orders() -> FoundIncident:
    orders, _, _ = read(DUMP)
    assert isinstance(orders, FoundIncident)
    return orders


def test_it_works(orders: FoundIncident) -> None:
    assert (orders.key, orders.where) == ("morgue:12", "dump.sql, postmortem 12")
    assert (orders.title, orders.severity) == ("Orders time out", "sev2")
    assert orders.texts["summary"] == (
        "The pool was full.\n\nEvery order waited; it couldn't go on."
    )
    assert orders.texts["impact"] == "Every tenth order was lost."
    assert 'There was a "pool" that was small.' in orders.texts["notes"]
    assert "- Why were we surprised?: Nobody knew of the pool." in orders.texts["notes"]
    assert {phase: write(time, UTC) for phase, time in orders.times.items()} == {
        "began": "2019-12-24 21:30",
        "detected": "2019-12-24 21:34",
        "resolved": "2019-12-24 23:10",
    }


def test_what_belongs_to_it_comes_with_it(orders: FoundIncident) -> None:
    assert orders.services == ("checkout",)
    assert orders.tags == ("Capacity", "Sellers", "pool", "database")
    assert [each.title for each in orders.actions] == ["OPS-7", "OPS-8"]
    assert [each.how for each in orders.factors] == ["Config change"]
    assert [write(each.at, UTC) for each in orders.events] == ["2019-12-24 21:45"]
    assert "- Link: https://forum.example.com/t/7 – Where sellers asked" in orders.texts["notes"]
    assert "- Image: https://graphs.example.com/pool.png" in orders.texts["notes"]


def test_what_was_deleted_there_stays_there(orders: FoundIncident) -> None:
    assert "Taken away again" not in orders.texts["notes"]
    _, mail, deleted = read(DUMP)
    assert isinstance(mail, FoundIncident)
    assert mail.tags == ()
    assert isinstance(deleted, FoundUnread)
    assert deleted.why == "It is marked as deleted in Morgue."


def test_a_column_of_their_own_is_a_note(orders: FoundIncident) -> None:
    assert "- Morgue · mood: grim" in orders.texts["notes"]


def test_a_dump_that_ends_in_the_middle_is_refused(tmp_path: Path) -> None:
    file = tmp_path / "x.sql"
    text = DUMP.read_text(encoding="utf-8")
    file.write_text(text[: text.index("'A try'")], encoding="utf-8")
    (unread,) = read(file)
    assert isinstance(unread, FoundUnread)
    assert unread.why == (
        "It cannot be read as a dump: what stands in line 55 holds a value that cannot be read."
    )
