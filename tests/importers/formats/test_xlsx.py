"""Spreadsheets, among them some that mean harm."""

import io
import re
import tracemalloc
import zipfile
from collections.abc import Callable
from datetime import date, datetime
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from xlsxwriter import Workbook

from incidents.importers.columns import NoTable
from incidents.importers.formats.xlsx import MOST_EMPTY_ROWS, columns, read
from incidents.importers.found import FoundIncident, FoundUnread
from incidents.lib.approximate_time import write
from incidents.lib.zones import zone_named

UTC = zone_named("UTC")
HEADERS = ["Title", "Start", "End", "Impact", "Orders lost", "Checked"]
Cell = str | float | bool | date | None


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "sent.xlsx"


def workbook(*rows: list[Cell], **sheets: list[list[Cell]]) -> bytes:
    file = io.BytesIO()
    book = Workbook(file, {"in_memory": True})
    formats = {date: book.add_format({"num_format": "yyyy-mm-dd"})}
    formats[datetime] = book.add_format({"num_format": "yyyy-mm-dd hh:mm"})
    for name, lines in {"Incidents": [*rows], **sheets}.items():
        sheet = book.add_worksheet(name)
        for number, row in enumerate(lines):
            for place, cell in enumerate(row):
                if cell is not None:
                    sheet.write(number, place, cell, formats.get(type(cell)))
    book.close()
    return file.getvalue()


def with_part(content: bytes, name: str, change: Callable[[bytes], bytes]) -> bytes:
    """The workbook with one of its files changed."""
    file = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as before, zipfile.ZipFile(file, "w", 8) as after:
        assert name in before.namelist()
        for each in before.namelist():
            part = before.read(each)
            after.writestr(each, change(part) if each == name else part)
    return file.getvalue()


def with_rows(rows: bytes) -> Callable[[bytes], bytes]:
    return lambda sheet: sheet.replace(b"</sheetData>", rows + b"</sheetData>")


SHEET = "xl/worksheets/sheet1.xml"
ORDINARY = workbook(HEADERS, ["Orders time out", date(2019, 12, 24), None, "Much.", 100, True])


def why(file: Path, content: bytes) -> str:
    file.write_bytes(content)
    (unread,) = read(file)
    assert isinstance(unread, FoundUnread)
    with pytest.raises(NoTable, match=re.escape(unread.why)):
        columns(file)
    return unread.why


def test_it_works(file: Path) -> None:
    file.write_bytes(
        workbook(
            HEADERS,
            [
                "Orders time out",
                datetime.fromisoformat("2019-12-24T21:30:59"),
                "25.12.2019",
                "Much.",
                100,
                True,
            ],
            [None],
            ["Mail is late", date(2020, 1, 3), None, None, 2.5, False],
            More=[["Incident", "Root cause"], ["Clock runs backwards", "It was old."]],
            Empty=[],
        )
    )
    orders, mail, clock = read(file)
    assert isinstance(orders, FoundIncident)
    assert (orders.where, orders.title) == ("sent.xlsx, Incidents, row 2", "Orders time out")
    assert write(orders.times["began"], UTC) == "2019-12-24 21:30"
    assert write(orders.times["resolved"], UTC) == "2019-12-25"
    assert orders.texts == {"impact": "Much.", "notes": "- Checked: yes"}
    assert orders.measures[0].value == "100"
    assert isinstance(mail, FoundIncident)
    assert mail.where == "sent.xlsx, Incidents, row 4"
    assert write(mail.times["began"], UTC) == "2020-01-03"
    assert mail.measures[0].value == "2.5"
    assert isinstance(clock, FoundIncident)
    assert clock.where == "sent.xlsx, More, row 2"
    assert clock.factors[0].how == "It was old."


def test_columns_are_shown_with_their_guess_and_examples(file: Path) -> None:
    file.write_bytes(ORDINARY)
    shown = {column.header: (column.field, column.examples) for column in columns(file)}
    assert shown["Start"] == ("began", ("2019-12-24",))
    assert shown["Checked"] == ("", ("yes",))


def test_a_mapping_is_taken_instead_of_the_guess(file: Path) -> None:
    file.write_bytes(ORDINARY)
    (incident,) = read(file, mapping={"Title": "title", "Impact": "summary"})
    assert isinstance(incident, FoundIncident)
    assert incident.texts["summary"] == "Much."


def test_a_formula_is_its_value_or_where_nobody_calculated_it_itself(file: Path) -> None:
    content = workbook(HEADERS, ["Down", None, None, '=1&" order"'], ["Up", None, None, "=2"])
    file.write_bytes(
        with_part(
            with_part(
                content, SHEET, lambda sheet: sheet.replace(b"</f><v>0</v>", b"</f><v>7</v>", 1)
            ),
            SHEET,
            lambda sheet: sheet.replace(b"</f><v>0</v>", b"</f>"),
        )
    )
    down, up = read(file)
    assert isinstance(down, FoundIncident)
    assert isinstance(up, FoundIncident)
    assert (down.texts["impact"], up.texts["impact"]) == ("7", "=2")


def test_rows_beyond_what_the_sheet_claims_are_read(file: Path) -> None:
    row = b'<row r="3"><c r="A3" t="inlineStr"><is><t>Beyond</t></is></c></row>'
    file.write_bytes(with_part(ORDINARY, SHEET, with_rows(row)))
    _, beyond = read(file)
    assert isinstance(beyond, FoundIncident)
    assert beyond.title == "Beyond"


def laughing(part: bytes, put_in: tuple[bytes, bytes]) -> bytes:
    """The billion laughs: nine entities, each of them ten times the one before."""
    lines = [b'<!ENTITY %c "%s">' % (each, b"&%c;" % (each - 1) * 10) for each in b"bcdefghij"]
    head = b'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "ha">%s]>' % b"".join(lines)
    assert put_in[0] in part
    return head + re.sub(rb"<\?xml.*?\?>\s*", b"", part).replace(*put_in, 1)


@pytest.mark.parametrize(
    ("name", "put_in"),
    [
        ("xl/workbook.xml", (b"Incidents", b"&j;")),
        ("xl/sharedStrings.xml", (b"<t>Title", b"<t>&j;")),
        ("xl/styles.xml", (b"Calibri", b"&j;")),
        (SHEET, (b"<v>100</v>", b"<v>&j;</v>")),
    ],
)
def test_laughs_are_cut_short(file: Path, name: str, put_in: tuple[bytes, bytes]) -> None:
    content = with_part(ORDINARY, name, lambda part: laughing(part, put_in))
    tracemalloc.start()
    assert why(file, content) == "It cannot be read as a spreadsheet (XLSX)."
    _, highest = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert highest < 5_000_000


def test_no_other_file_is_read(file: Path) -> None:
    head = b'<!DOCTYPE x [<!ENTITY x SYSTEM "file:///etc/passwd">]><sst'
    content = with_part(
        ORDINARY,
        "xl/sharedStrings.xml",
        lambda part: part.replace(b"<sst", head, 1).replace(b"<t>Title", b"<t>&x;"),
    )
    assert why(file, content) == "It cannot be read as a spreadsheet (XLSX)."


def test_a_bomb_is_refused(file: Path) -> None:
    content = with_part(ORDINARY, SHEET, with_rows(b" " * 20_000_000))
    assert "times as large unpacked" in why(file, content)


def test_a_cell_at_the_far_end_is_refused(file: Path) -> None:
    cell = b'<row r="1048576"><c r="XFD1048576"><v>1</v></c></row>'
    tracemalloc.start()
    told = why(file, with_part(ORDINARY, SHEET, with_rows(cell)))
    _, highest = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert "are empty one after the other" in told
    assert highest < 20_000_000


def test_rows_as_wide_as_a_sheet_can_be_are_refused(file: Path) -> None:
    cell = b'<row r="3"><c r="XFD3"><v>1</v></c></row>'
    assert why(file, with_part(ORDINARY, SHEET, with_rows(cell))) == (
        "Row 3 has more than 200 columns."
    )


def test_empty_rows_without_an_end_are_refused(file: Path) -> None:
    rows = b"".join(b'<row r="%d"/>' % number for number in range(3, MOST_EMPTY_ROWS + 10))
    assert "are empty one after the other" in why(file, with_part(ORDINARY, SHEET, with_rows(rows)))


@pytest.mark.parametrize(
    ("content", "told"),
    [
        (b"", "It cannot be read as a zip archive."),
        (b"Title,Start\n", "It cannot be read as a zip archive."),
        (ORDINARY[:-50], "It cannot be read as a zip archive."),
        (workbook(), "It is empty."),
    ],
)
def test_what_is_no_spreadsheet_is_refused(file: Path, content: bytes, told: str) -> None:
    assert why(file, content) == told


NAMES = zipfile.ZipFile(io.BytesIO(ORDINARY)).namelist()


@given(data=st.data())
def test_no_damage_is_more_than_refused(
    data: st.DataObject, tmp_path_factory: pytest.TempPathFactory
) -> None:
    name = data.draw(st.sampled_from(NAMES))

    def damaged(part: bytes) -> bytes:
        start = data.draw(st.integers(0, len(part)))
        end = data.draw(st.integers(start, min(start + 40, len(part))))
        return part[:start] + data.draw(st.sampled_from(DAMAGES)) + part[end:]

    file = tmp_path_factory.getbasetemp() / "damaged.xlsx"
    file.write_bytes(with_part(ORDINARY, name, damaged))
    assert all(isinstance(each, FoundIncident | FoundUnread) for each in read(file))


DAMAGES = [b"", b"-1", b"99999999999", b"<", b"</c>", b'" r="XFD0', b"\xff", b"&#0;", b"<a/>"]
