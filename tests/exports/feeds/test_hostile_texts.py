"""Whatever people wrote, the file is one that its readers can read, and has only our entries."""

from datetime import UTC, date, datetime
from xml.etree import ElementTree as ET

import pytest
from icalendar import Calendar

from incidents.exports.feeds import atom, calendars

NOW = datetime(2026, 3, 14, 12, 0, tzinfo=UTC)
ATOM = "{http://www.w3.org/2005/Atom}"
HOSTILE = {
    "every control character": "".join(map(chr, range(32))) + "\x7f\x85\x9b",
    "a line end and a property": "Due\r\nATTACH:https://evil.example/\r\nEND:VEVENT\rBEGIN:VALARM",
    "other line ends": "a\u2028b\u2029c\x0bd\x0ce\x1cf",
    "marks of iCalendar": r"a;b,c:d\n\N\;\,\\ " + '"e"',
    "marks of XML": "</title></entry><entry>]]>&amp;&#0;<!--<?x?>",
    "never characters": "\ufffe\uffff\ufdd0",
    "half a character": "a\ud83d b",
    "emoji": "🧑🏽‍🚒🔥" * 60,
    "the other direction": "\u202eexe.\u202c שלום عالم\u2067",
    "very long": "x" * 100_000,
    "very long, without a letter of one byte": "漢" * 100_000,
    "nothing to see": "\u200b",
}


@pytest.fixture(params=HOSTILE.values(), ids=HOSTILE.keys())
def text(request: pytest.FixtureRequest) -> str:
    found: str = request.param
    return found


def entry(text: str) -> atom.Entry:
    return atom.Entry(
        key="tag:here,2026:INC-1",
        title=f"INC-1 {text}",
        summary=text,
        address="https://here.example/incidents/INC-1/",
        author=text,
        categories=[text],
        published_at=NOW,
        updated_at=NOW,
    )


def due(text: str) -> calendars.Due:
    return calendars.Due(
        key="action-1@here",
        day=date(2026, 3, 14),
        title=f"ACT-1 {text}",
        lines=[text, "Owner: nobody"],
        address="https://here.example/actions/ACT-1/",
        version=1,
        changed_at=NOW,
    )


def test_atom_is_read_again(text: str) -> None:
    head = atom.Head("tag:here,2026:feed/1", text, "https://here.example/", "here", NOW)

    root = ET.fromstring(atom.written(head, [entry(text), entry(text)]))

    assert len(root.findall(f"{ATOM}entry")) == 2
    assert {child.tag.removeprefix(ATOM) for child in root[-1]} - {"summary", "author"} == {
        "title",
        "link",
        "published",
        "updated",
        "id",
        "category",
    }
    title = root[-1].findtext(f"{ATOM}title") or ""
    assert title.startswith("INC-1")
    assert "\n" not in title
    assert len(title) < 400


def test_a_calendar_is_read_again(text: str) -> None:
    content = calendars.written(text, [due(text), due(text)])

    calendar = Calendar.from_ical(content)

    assert not calendar.errors
    assert [part.name for part in calendar.walk()] == ["VCALENDAR", "VEVENT", "VEVENT"]
    for event in calendar.walk("VEVENT"):
        assert not event.errors
        assert "ATTACH" not in event
        assert str(event["SUMMARY"]).startswith("ACT-1")
        assert str(event["DESCRIPTION"]).endswith("\nOwner: nobody")
    lines = content.decode().split("\r\n")
    assert max(len(line.encode()) for line in lines) <= 75
    assert not any(ord(letter) < 32 for line in lines for letter in line)


def test_what_means_something_stays_what_it_is() -> None:
    """Escaped, and not taken away."""
    text = HOSTILE["marks of iCalendar"]
    (event,) = Calendar.from_ical(calendars.written("x", [due(text)])).walk("VEVENT")
    assert str(event["SUMMARY"]) == f"ACT-1 {text}"
    text = HOSTILE["marks of XML"]
    head = atom.Head("tag:here,2026:feed/1", "x", "https://here.example/", "here", NOW)
    root = ET.fromstring(atom.written(head, [entry(text)]))
    assert root[-1].findtext(f"{ATOM}title") == f"INC-1 {text}"


def test_nothing_in_it_is_a_file_too() -> None:
    head = atom.Head("tag:here,2026:feed/1", "x", "https://here.example/", "here", NOW)
    assert ET.fromstring(atom.written(head, [])).findtext(f"{ATOM}updated") == NOW.isoformat()
    assert Calendar.from_ical(calendars.written("x", [])).walk("VEVENT") == []


def test_a_day_at_the_end_of_all_days_is_one() -> None:
    late = calendars.Due("a@here", date.max, "x", [], "https://here.example/", 1, NOW)
    (event,) = Calendar.from_ical(calendars.written("x", [late])).walk("VEVENT")
    assert event.decoded("DTSTART") == date.max
