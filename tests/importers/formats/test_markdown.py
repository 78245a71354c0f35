"""Postmortems as people write them, by the templates that there are and without one."""

from pathlib import Path

import pytest

from incidents.importers.formats.markdown import read
from incidents.importers.found import FoundEvent, FoundIncident, FoundUnread
from incidents.lib.approximate_time import Precision

HERE = Path(__file__).with_name("markdown")


@pytest.fixture(scope="module")
def found() -> dict[str, FoundIncident]:
    read_ones = [each for each in read(HERE) if isinstance(each, FoundIncident)]
    return {each.key: each for each in read_ones}


@pytest.fixture
def sre(found: dict[str, FoundIncident]) -> FoundIncident:
    return found["file:2015-10-21-verse-search.md"]


@pytest.fixture
def pager(found: dict[str, FoundIncident]) -> FoundIncident:
    return found["file:checkout-slow.md"]


def test_it_works(sre: FoundIncident) -> None:
    assert sre.title == "Verse search is down (incident #465)"
    assert sre.severity == "sev2"
    assert sre.texts["summary"].startswith("The search for verses was down")
    assert sre.texts["impact"] == "About 1.2 billion questions were lost. No revenue was."
    assert sre.texts["got_lucky"] == "* Somebody had kept a copy of the poem."
    assert sre.times["began"].precision == Precision.DAY


def test_a_heading_that_says_something_of_its_own_stays(sre: FoundIncident) -> None:
    assert "**Detection**\n\nThe monitoring saw" in sre.texts["response"]
    assert sre.texts["background"] == "**Trigger**\n\nA new poem was found in an old car."


def test_the_timeline_is_read_in_its_zone(sre: FoundIncident, pager: FoundIncident) -> None:
    begins = sre.events[1]
    assert begins.at.at
    assert begins.at.at.isoformat() == "2015-10-21T14:54:00+00:00"
    assert begins.text == "**OUTAGE BEGINS** — the first crash"
    assert begins.source == "line 50"
    deploy = pager.events[0]
    assert deploy.at.at
    assert deploy.at.at.isoformat() == "2024-03-10T08:02:00+00:00"
    assert (deploy.actor, deploy.text) == (
        "Ann",
        "Deploy of `checkout` 4.1\n\nLink: https://ci.example.com/1",
    )


def test_a_time_that_cannot_be_read_stays_in_the_words(pager: FoundIncident) -> None:
    last = pager.events[-1]
    assert last == FoundEvent(text="about ten: Pool raised", actor="Bob", source=last.source)


def test_what_is_no_time_in_the_cell_of_a_time_is_kept(tmp_path: Path) -> None:
    table = "| Day | Time | What |\n|---|---|---|\n| 2. | 14:05 | Down |\n| | 14:06 | Up |\n"
    text = f"# X\n\nDate: 2024-03-01\n\n## Timeline\n\n{table}"
    (tmp_path / "a.md").write_text(text, encoding="utf-8")
    (found,) = read(tmp_path)
    assert isinstance(found, FoundIncident)
    first, second = found.events
    assert (first.text, second.text) == ("2. 14:05: Down", "Up")
    assert first.at.at
    assert second.at.at


def test_actions_of_a_table(sre: FoundIncident) -> None:
    playbook, handles, drill = sre.actions
    assert (playbook.kind, playbook.owner, playbook.body) == (
        "mitigate",
        "jen",
        "Bug: n/a **DONE**",
    )
    assert (handles.owner, handles.tracker_url) == ("martym", "https://bugs.example.com/5554823")
    # The address would be lost in a title.
    assert drill.title == "Drill a cascade, and write it down"
    assert "https://wiki.example.com/drill" in drill.body


def test_actions_of_lists(pager: FoundIncident) -> None:
    pool, alert, reading = pager.actions
    assert (pool.state, pool.kind, pool.owner) == ("done", "prevent", "bob")
    assert pool.evidence
    assert (alert.state, alert.title, alert.body) == (
        "open",
        "Alert on the worst tenth",
        "and not on the mean",
    )
    assert (reading.body, reading.state) == ("Later:", "")


def test_a_turned_setting_is_proposed(sre: FoundIncident) -> None:
    (delta,) = sre.deltas
    assert (delta.component, delta.key) == ("verse-index", "max_open_files")
    assert (delta.before, delta.after) == ("1024", "65536")


def test_the_front_matter_says_what_the_record_is(pager: FoundIncident) -> None:
    assert pager.title == "Checkout slow for every third customer"
    assert (pager.severity, pager.time_zone) == ("sev1", "Europe/Berlin")
    assert pager.services == ("checkout", "card-gateway")
    assert pager.tags == ("pool", "capacity")
    assert "reviewed_in: the weekly meeting" in pager.texts["notes"]


def test_factors_and_people(pager: FoundIncident) -> None:
    assert [factor.name for factor in pager.factors] == [
        "Pool smaller than its clients",
        "Alerts looked at averages",
    ]
    assert [(person.name, person.role) for person in pager.people] == [
        ("Ann Example", "commander"),
        ("Bob Example", "responder"),
    ]
    assert "The whole of the team that was on a trip" in pager.texts["notes"]


def test_what_has_no_place_is_in_the_notes_under_its_heading(sre: FoundIncident) -> None:
    notes = sre.texts["notes"]
    assert "## Supporting information\n\n* The dashboard" in notes
    assert "## Timeline\n\n2015-10-21 (*all times UTC*)" in notes
    assert "An address that no page shows" in notes


@pytest.mark.parametrize(
    ("content", "why"),
    [
        (b"", "empty"),
        (b"caf\xe9 and more", "not UTF-8"),
        (b"a\0b", "NUL"),
        (b"---\ntitle: [\n---\n", "front matter cannot be read"),
        (b"---\n- a\n- b\n---\ntext\n", "no list of names"),
        (b"x" * 2_000_001, "larger than 2,000,000 bytes"),
    ],
)
def test_what_cannot_be_read_says_why(content: bytes, why: str, tmp_path: Path) -> None:
    (tmp_path / "a.md").write_bytes(content)
    (unread,) = read(tmp_path)
    assert isinstance(unread, FoundUnread)
    assert unread.where == "a.md"
    assert why in unread.why


def test_a_page_about_the_folder_is_no_record(tmp_path: Path) -> None:
    (tmp_path / "README.md").write_text("# Our postmortems\n", encoding="utf-8")
    (unread,) = read(tmp_path)
    assert isinstance(unread, FoundUnread)
    (by_itself,) = read(tmp_path / "README.md")
    assert isinstance(by_itself, FoundIncident)


def test_utf_16_is_read(tmp_path: Path) -> None:
    (tmp_path / "a.md").write_text("# Überlauf\n\nVoll.\n", encoding="utf-16")
    (found,) = read(tmp_path)
    assert isinstance(found, FoundIncident)
    assert (found.title, found.texts) == ("Überlauf", {"summary": "Voll."})


def test_a_file_that_is_not_there_is_told(tmp_path: Path) -> None:
    (unread,) = read(tmp_path / "none.md")
    assert isinstance(unread, FoundUnread)
