"""Issues of Jira."""

from pathlib import Path

import pytest

from incidents.importers.formats.jira import read
from incidents.importers.found import FoundIncident, FoundUnread
from incidents.importers.jira_texts import markdown_of
from incidents.lib.approximate_time import write
from incidents.lib.zones import zone_named

HERE = Path(__file__).with_name("jira")
UTC = zone_named("UTC")


@pytest.fixture(scope="module")
def orders() -> FoundIncident:
    incident, _, _ = read(HERE / "search.json")
    assert isinstance(incident, FoundIncident)
    return incident


def test_it_works(orders: FoundIncident) -> None:
    assert (orders.key, orders.title) == ("jira:OPS-7", "Orders time out")
    assert orders.where == "search.json, record 1, issue 1"
    assert orders.source_url == "https://jira.example.com/browse/OPS-7"
    assert orders.severity == "sev2"
    assert (orders.services, orders.tags) == (("checkout",), ("pool", "sev-2"))
    assert orders.people[0].email == "ann@example.com"
    assert "Every order **waited** for `a connection`" in orders.texts["summary"]
    assert orders.texts["made_harder"].startswith("1. Nobody looked\n1. Nobody was told")
    assert "select h1. from pool" in orders.texts["made_harder"]


def test_fields_of_their_own_are_what_they_are_called(orders: FoundIncident) -> None:
    assert orders.factors[0].how == "The pool was smaller than its clients."
    assert orders.texts["impact"] == "Every tenth order was lost."
    assert write(orders.times["began"], UTC) == "2019-12-24 21:30"
    assert "- Teams told: Payments, Support" in orders.texts["notes"]
    assert "- customfield_10099 · deep · deeper: A word" in orders.texts["notes"]
    assert "i00007" not in orders.texts["notes"]


def test_subtasks_are_what_is_to_be_done(orders: FoundIncident) -> None:
    done, waiting = orders.actions
    assert (done.title, done.state, done.evidence) == (
        "Make the pool larger",
        "done",
        "OPS-8 is Done in Jira",
    )
    assert done.tracker_url == "https://jira.example.com/browse/OPS-8"
    assert (waiting.title, waiting.state) == ("Alert on a full pool", "")


def test_comments_before_it_was_resolved_belong_to_its_course(orders: FoundIncident) -> None:
    (said,) = [event for event in orders.events if event.source == "a comment"]
    assert (said.text, said.actor) == ("I have **restarted** the worker.", "Ben Example")
    assert "Cy Example · 2019-12-27T23:00:00.000+0100\n\nThank you" in orders.texts["notes"]


def test_documents_of_newer_ones_are_read() -> None:
    _, mail, unread = read(HERE / "search.json")
    assert isinstance(mail, FoundIncident)
    assert mail.texts["impact"].startswith("The queue **stood still** for @Ann")
    assert "[the graph](https://graphs.example.com/2)" in mail.texts["impact"]
    assert [(each.title, each.state) for each in mail.actions] == [
        ("Restart the worker", "done"),
        ("Watch the queue", "open"),
    ]
    assert "- one thing\n  - a smaller thing" in mail.texts["notes"]
    assert "|outgoing letters|" in mail.texts["notes"]
    assert isinstance(unread, FoundUnread)
    assert unread.why == "It has no title."


@pytest.mark.parametrize(
    ("marks", "markdown"),
    [
        ("h2. Impact\nbq. So it was", "## Impact\n> So it was"),
        ("* one\n** two\n# three\n## four", "- one\n  - two\n1. three\n   1. four"),
        ("||Name||Value||\n|a|b|", "|Name|Value|\n|---|---|\n|a|b|"),
        ("a *bold* word, 2*3*4, {{code}}", "a **bold** word, 2*3*4, `code`"),
        ("[a page|https://example.com/1] and [~ann]", "[a page](https://example.com/1) and [~ann]"),
        ("{noformat}\n* h1. *x*\n{noformat}", "```\n* h1. *x*\n```"),
        ("{code} never closed *x*", "{code} never closed **x**"),
        ("# Summary\n\n## Impact\n\n* much", "# Summary\n\n## Impact\n\n* much"),
        ("```\n# not a list\n```", "```\n# not a list\n```"),
        ({"a": 1}, '{"a": 1}'),
        (None, ""),
    ],
)
def test_marks_become_markdown(marks: object, markdown: str) -> None:
    assert markdown_of(marks) == markdown
