"""Tables as text."""

import csv
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from incidents.importers.columns import MOST_ROWS, NoTable, guess_mapping
from incidents.importers.formats.csv import _rows, columns, read
from incidents.importers.found import Found, FoundAction, FoundIncident, FoundUnread
from incidents.lib.approximate_time import Precision, write
from incidents.lib.csv_cells import csv_cell
from incidents.lib.zones import zone_named
from tests.exports.formulas import FORMULAS
from tests.importers.documents.words import told_by, words_of

SENT = Path(__file__).with_name("csv") / "incidents.csv"
UTC = zone_named("UTC")


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "sent.csv"


def of(file: Path, text: str | bytes, **options: object) -> list[Found]:
    file.write_bytes(text.encode() if isinstance(text, str) else text)
    return list(read(file, **options))  # type: ignore[arg-type]


def the_incident(found: list[Found]) -> FoundIncident:
    (incident,) = found
    assert isinstance(incident, FoundIncident), incident
    return incident


def why(found: list[Found]) -> str:
    (unread,) = found
    assert isinstance(unread, FoundUnread)
    return unread.why


def test_it_works() -> None:
    orders, mail, clock, unread = read(SENT)
    assert isinstance(orders, FoundIncident)
    assert (orders.key, orders.title, orders.severity) == ("table:OPS-7", "Orders time out", "sev1")
    assert orders.where == "incidents.csv, row 2"
    times = {phase: write(time, UTC) for phase, time in orders.times.items()}
    assert times == {
        "began": "2019-12-24 21:30",
        "detected": "2019-12-24 21:34",
        "resolved": "2019-12-24 23:10",
    }
    assert orders.texts["summary"] == "Every order waited for a connection.\n\nThe pool was full."
    assert [factor.how for factor in orders.factors] == [
        "The pool was smaller than its clients",
        "Nobody was told when it filled",
    ]
    assert orders.actions == (
        FoundAction(
            title="Make the pool larger",
            state="done",
            evidence="Ticked in the column “Action items”",
        ),
        FoundAction(title="Alert on a full pool"),
    )
    assert [(event.text, write(event.at, UTC)) for event in orders.events] == [
        ("deploy of the new checkout", "2019-12-24 21:30"),
        ("Ann: the first page\na line without a time", "2019-12-24 21:34"),
        ("all is well", "2019-12-25 00:05"),
    ]
    assert (orders.services, orders.tags) == (("checkout", "payments"), ("database", "pool"))
    assert [(each.name, each.role) for each in orders.people] == [
        ("Ann Example", "commander"),
        ("Ben Example", "commander"),
    ]
    assert orders.source_url == "https://wiki.example.com/ops-7"
    assert orders.measures[0].value == "100"
    assert orders.texts["notes"] == (
        "- Incident ID: OPS-7\n- Customer: Acme, Inc.\n- Follow-up meeting: 03/01/2020 in room 4"
    )
    assert isinstance(mail, FoundIncident)
    assert write(mail.times["began"], UTC) == "2020-01-03"
    assert isinstance(clock, FoundIncident)
    assert isinstance(unread, FoundUnread)
    assert (unread.where, unread.why) == ("incidents.csv, row 5", "Its title is empty.")


def test_what_has_no_field_goes_into_the_notes() -> None:
    _, mail, clock, _ = read(SENT)
    assert isinstance(mail, FoundIncident)
    assert mail.severity == "sev2"
    assert "- Sev: High" in mail.texts["notes"]
    assert "- Detected: about noon" in mail.texts["notes"]
    assert "- Duration (minutes): two hours" in mail.texts["notes"]
    assert "- Postmortem URL: not written yet" in mail.texts["notes"]
    assert isinstance(clock, FoundIncident)
    assert "- Detected: 05/01/2020 09:00 (before it began)" in clock.texts["notes"]
    assert "detected" not in clock.times
    assert "## Customer\n\nline one\nline two" in clock.texts["notes"]


def test_columns_are_shown_with_their_guess_and_examples() -> None:
    shown = {column.header: column for column in columns(SENT)}
    assert shown["Sev"].field == "severity"
    assert shown["Sev"].examples == ("SEV-1", "High", "P4")
    assert shown["Customer"].field == ""


def test_what_can_be_only_once_is_guessed_once() -> None:
    assert guess_mapping(["Name", "Title", "Summary", "Description"]) == {
        "Name": "title",
        "Title": "",
        "Summary": "summary",
        "Description": "summary",
    }


def test_a_mapping_is_taken_instead_of_the_guess(file: Path) -> None:
    found = of(file, "A,B\nDown,It was.\n", mapping={"A": "title", "B": "impact"})
    incident = the_incident(found)
    assert (incident.title, incident.texts) == ("Down", {"impact": "It was."})


@pytest.mark.parametrize(
    ("mapping", "told"),
    [
        ({"C": "title"}, "The columns were told wrongly: there is no column “C”."),
        ({"A": "cause"}, "The columns were told wrongly: there is no field “cause” for it."),
        ({"A": ""}, "Which column is the title, nothing tells. There are “A”, “B”."),
    ],
)
def test_a_wrong_mapping_is_refused(file: Path, mapping: dict[str, str], told: str) -> None:
    assert why(of(file, "A,B\nDown,It was.\n", mapping=mapping)) == told


@pytest.mark.parametrize("separator", [",", ";", "\t", "|"])
def test_separators_are_seen(file: Path, separator: str) -> None:
    text = separator.join(["Title", "Impact"]) + "\n" + separator.join(["Down", "Much"]) + "\n"
    assert the_incident(of(file, text)).texts == {"impact": "Much"}


def test_a_spreadsheet_may_tell_its_separator(file: Path) -> None:
    assert the_incident(of(file, "sep=;\nTitle;Impact\nDown;a,b\n")).texts == {"impact": "a,b"}


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16"])
def test_encodings_of_spreadsheets_are_read(file: Path, encoding: str) -> None:
    assert the_incident(of(file, "Title\nStörung\n".encode(encoding))).title == "Störung"


def test_the_apostrophe_that_guards_a_formula_is_taken_away(file: Path) -> None:
    assert the_incident(of(file, "Title,Impact\n'=1+1 is shown,'tis\n")).title == "=1+1 is shown"
    assert the_incident(of(file, "Title,Impact\nDown,'tis\n")).texts["impact"] == "'tis"


def test_times_are_read_in_the_zone_unless_the_column_says_utc(file: Path) -> None:
    text = "Title,Start,End (UTC)\nDown,2020-01-01 10:00,2020-01-01 10:00\n"
    incident = the_incident(of(file, text, zone=zone_named("Europe/Berlin")))
    assert incident.times["began"].at != incident.times["resolved"].at
    assert write(incident.times["resolved"], UTC) == "2020-01-01 10:00"
    assert incident.time_zone == "Europe/Berlin"


def test_a_day_that_may_be_a_month_is_a_note(file: Path) -> None:
    incident = the_incident(of(file, "Title,Date\nDown,03/04/2020\n"))
    assert (incident.times, incident.texts) == ({}, {"notes": "- Date: 03/04/2020"})


def test_a_day_alone_claims_no_more(file: Path) -> None:
    incident = the_incident(of(file, "Title,Date\nDown,2020-04\n"))
    assert incident.times["began"].precision is Precision.MONTH


def test_a_number_is_a_key_in_its_file_and_a_row_without_one_keeps_its_key(file: Path) -> None:
    assert the_incident(of(file, "No,Title\n7,Down\n")).key == "table:sent.csv:7"
    before = the_incident(of(file, "Title,Date\nDown,2020-04\n")).key
    _, after = of(file, "Title,Date,Impact\nUp,2020-05,\nDown,2020-04,Much\n")
    assert isinstance(after, FoundIncident)
    assert after.key == before
    first, second = of(file, "Key,Title\nA-1,Down\nA-1,Down again\n")
    assert isinstance(first, FoundIncident)
    assert isinstance(second, FoundIncident)
    assert (first.key, second.key) == ("table:A-1", "table:A-1~2")


def test_headers_that_are_empty_or_twice_there_are_told_apart(file: Path) -> None:
    incident = the_incident(of(file, "Title,Note,Note,\nDown,one,two,three,four\n"))
    assert (
        incident.texts["notes"]
        == "- Note: one\n- Note (2): two\n- Column 4: three\n- Column 5: four"
    )


@pytest.mark.parametrize(
    ("content", "told"),
    [
        (b"", "It is empty."),
        (b"\n\n,,\n", "It is empty."),
        (b"Title\nGr\xf6\xdfe\n", "It is not UTF-8 text: byte 9, in line 2, cannot be read."),
        (b'Title\n"Down\n', "The row that begins in line 2 cannot be read: a quotation mark is"),
        (b'Title\n"a"b\n', "what follows a closing quotation mark"),
        (b"Title\n" + b"x" * 200_000, "a cell has more than 131,072 characters."),
        (b"Title" + b"," * 200 + b"\n", "It has more than 200 columns."),
        (b"Title\n" + b"a\n" * (MOST_ROWS + 1), "It has more than 20,000 rows."),
    ],
)
def test_what_is_no_table_is_refused(file: Path, content: bytes, told: str) -> None:
    assert told in why(of(file, content))
    if "rows" not in told:
        with pytest.raises(NoTable):
            columns(file)


@given(content=st.binary(max_size=300) | st.text(alphabet="ab,;\t\"\n\r'=\0 |", max_size=200))
def test_no_file_is_more_than_refused(
    content: bytes | str, tmp_path_factory: pytest.TempPathFactory
) -> None:
    file = tmp_path_factory.getbasetemp() / "any.csv"
    head = "Title,Start\n" if isinstance(content, str) else b"Title,Start\n"
    for each in of(file, content) + of(file, head + content):  # type: ignore[operator]
        assert isinstance(each, FoundIncident | FoundUnread)


CELLS = st.text(alphabet="abc 12-:/.,;\n*[]x", max_size=30)


@given(rows=st.lists(st.lists(CELLS, min_size=5, max_size=5), min_size=1, max_size=4))
def test_no_word_of_a_cell_is_dropped(
    rows: list[list[str]], tmp_path_factory: pytest.TempPathFactory
) -> None:
    headers = ["Title", "Start", "Timeline", "Action items", "Severity", "Labels", "Url", "Cause"]
    lines = [",".join(headers)]
    for number, row in enumerate(rows):
        marked = [f"{cell} w{number}w{place}w" for place, cell in enumerate([*row, "", "", ""])]
        lines.append(",".join(f'"{cell}"' for cell in marked))
    found = of(tmp_path_factory.getbasetemp() / "marked.csv", "\n".join(lines) + "\n")
    for number, incident in enumerate(found):
        assert isinstance(incident, FoundIncident)
        kept = told_by(incident)
        assert {f"w{number}w{place}w" for place in range(8)} <= kept


def test_no_word_of_the_fixture_is_dropped() -> None:
    table = columns(SENT)
    kept = set().union(*(told_by(each) for each in read(SENT) if isinstance(each, FoundIncident)))
    lost = {
        word
        for column in table
        for cell in column.examples
        for word in words_of(cell)
        if word not in kept and not any(char.isdigit() for char in word)
    }
    assert not lost - {"unknown", "x"}


def test_of_several_files_each_takes_what_is_said_of_its_columns(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text("A,B\nDown,Much.\n", encoding="utf-8")
    (tmp_path / "b.tsv").write_text("A\tC\nUp\tLittle.\n", encoding="utf-8")
    assert [column.header for column in columns(tmp_path)] == ["A", "B", "C"]
    down, up = read(tmp_path, mapping={"A": "title", "B": "impact", "C": "summary"})
    assert isinstance(down, FoundIncident)
    assert isinstance(up, FoundIncident)
    assert (down.texts, up.texts) == ({"impact": "Much."}, {"summary": "Little."})


def test_the_first_rows_tell_what_columns_are(file: Path) -> None:
    file.write_text("Title,Start\n" + "Down,\n" * 30 + 'Up,"\n', encoding="utf-8")
    assert [column.header for column in columns(file)] == ["Title", "Start"]


@pytest.mark.parametrize("text", [text for text in FORMULAS if "\0" not in text])
def test_what_was_guarded_for_spreadsheets_comes_back(file: Path, text: str) -> None:
    with file.open("w", encoding="utf-8", newline="") as told:
        csv.writer(told).writerows([["Title", "Impact"], ["One", csv_cell(text)]])

    _head, row = _rows(file.read_bytes().decode())

    assert row.cells == ("One", text)
