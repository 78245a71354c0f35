"""Postmortems as web pages."""

from pathlib import Path
from zipfile import ZipFile

import pytest

from incidents.importers.formats import guess
from incidents.importers.formats.html import LINES, as_markdown, read
from incidents.importers.found import FoundIncident, FoundUnread
from incidents.lib.approximate_time import write
from incidents.lib.zones import zone_named
from tests.importers.documents.words import told_by, words_of

PAGE = Path(__file__).with_name("html") / "search-outage.html"
CONFLUENCE = PAGE.with_name("Checkout-outage_10002.html")


@pytest.fixture
def found() -> FoundIncident:
    (found,) = read(PAGE)
    assert isinstance(found, FoundIncident)
    return found


def test_it_works(found: FoundIncident) -> None:
    assert (found.title, found.severity) == ("Search outage", "sev2")
    assert found.texts["summary"].startswith("Search was *down*.")
    assert [event.text for event in found.events] == [
        "Deploy of `a|b`  by hand",
        "Down\n  - nested words",
        "Up again",
    ]
    assert [(action.title, action.state) for action in found.actions] == [
        ("Count the files", "done"),
        ("Drill it", "open"),
    ]
    assert [(delta.component, delta.key) for delta in found.deltas] == [("index-node", "max_files")]


def test_a_page_of_confluence_works() -> None:
    (found,) = read(CONFLUENCE)
    assert isinstance(found, FoundIncident)

    assert found.title == "2026-03-14 Checkout outage"
    assert write(found.times["began"], zone_named("UTC")) == "2026-03-14"
    assert found.texts["summary"] == "Checkout answered with 502 for an hour."
    assert [event.text for event in found.events] == [
        "First card refused",
        "Raised pool from 5 to 10",
    ]
    assert [(action.title, action.state) for action in found.actions] == [
        ("Raise the pool", "done"),
        ("Alert on refused cards", "open"),
    ]
    notes = found.texts["notes"]
    assert notes.index("Around the text") < notes.index("Ada Example") < notes.index("Mar 20, 2026")


def test_what_only_looks_like_a_space_stays_in_the_title() -> None:
    page = '<title>a</title><h1 id="title-text">Orders : down</h1><p>x</p>'

    assert as_markdown(page)[0] == "a"


def test_names_of_settings_are_not_changed_by_marks(found: FoundIncident) -> None:
    assert "a_name_with_lines & an [address](https://example.com/graph)" in found.texts["notes"]
    assert "ls * # too many" in found.texts["notes"]


def test_what_stands_around_the_text_is_kept_at_its_end(found: FoundIncident) -> None:
    notes = found.texts["notes"]
    assert notes.index("Around the text") < notes.index("All pages of the wiki")
    assert "Last edited by a robot" in notes


@pytest.mark.parametrize(
    "words",
    ["Written with care by two people", "Words that were folded away", "What a file is", "Inode"],
)
def test_no_word_is_dropped(found: FoundIncident, words: str) -> None:
    assert set(words_of(words)) <= told_by(found)


@pytest.mark.parametrize(
    "tag", ["p", "section", "dt", "li", "td", "h1", "blockquote", "pre", "figcaption", *LINES]
)
def test_words_of_two_elements_stay_apart(tag: str) -> None:
    _, text = as_markdown(f"<div>before<{tag}>one</{tag}><{tag}>two</{tag}>after</div>")
    assert words_of(text) == ["before", "one", "two", "after"]


def test_a_script_has_no_words(found: FoundIncident) -> None:
    assert "alert" not in told_by(found)


@pytest.mark.parametrize(
    ("content", "why"),
    [
        (b"<p></p>", "no words"),
        (b"<div>" * 20_000 + b"x", "nested too deeply"),
        (b"<p>caf\xe9</p>", "not UTF-8"),
    ],
)
def test_what_cannot_be_read_says_why(content: bytes, why: str, tmp_path: Path) -> None:
    (tmp_path / "a.html").write_bytes(content)
    (unread,) = read(tmp_path)
    assert isinstance(unread, FoundUnread)
    assert why in unread.why


def test_pages_in_an_archive_are_read_and_told(tmp_path: Path) -> None:
    with ZipFile(tmp_path / "old.zip", "w") as archive:
        archive.writestr("2024/search.html", PAGE.read_text(encoding="utf-8"))
        archive.writestr("2024/graph.png", b"")
    assert guess(tmp_path / "old.zip").name == "html"
    (found,) = read(tmp_path / "old.zip")
    assert isinstance(found, FoundIncident)
    assert found.key == "file:2024/search.html"
