"""A spreadsheet of typed cells, none of which is a formula or a link."""

import re
import zipfile
from pathlib import Path
from xml.etree import ElementTree

from incidents.exports.formats import xlsx
from incidents.exports.packs import Broken, Pack
from tests.exports.documents import a_delta, a_document, a_review, a_time, an_event
from tests.exports.formulas import FORMULAS
from tests.exports.hostile import HOSTILE

MAIN = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
# As the format has it: what XML cannot hold, and what would look like that.
ESCAPED = re.compile(r"_x([0-9A-Fa-f]{4})_")

Sheets = dict[str, list[dict[str, str | float]]]


def sheets(path: Path) -> Sheets:
    """Each row by the letters of its columns; a number is a float."""
    with zipfile.ZipFile(path) as archive:
        book = ElementTree.fromstring(archive.read("xl/workbook.xml"))
        names = [sheet.get("name") or "" for sheet in book.iter(f"{MAIN}sheet")]
        found: Sheets = {}
        for number, name in enumerate(names, 1):
            content = archive.read(f"xl/worksheets/sheet{number}.xml")
            assert b"<f>" not in content
            assert b"<hyperlink" not in content
            rows = ElementTree.fromstring(content).iter(f"{MAIN}row")
            found[name] = [dict(map(cell, row)) for row in rows]
        return found


def cell(element: ElementTree.Element) -> tuple[str, str | float]:
    column = re.sub(r"\d", "", element.get("r") or "")
    if element.get("t") == "inlineStr":
        text = "".join(part.text or "" for part in element.iter(f"{MAIN}t"))
        return column, ESCAPED.sub(lambda mark: chr(int(mark[1], 16)), text)
    value = element.find(f"{MAIN}v")
    assert value is not None
    return column, float(value.text or "")


def written(tmp_path: Path, pack: Pack) -> Sheets:
    path = tmp_path / "out.xlsx"
    xlsx.write(pack, path)
    return sheets(path)


def test_it_works(tmp_path: Path) -> None:
    times = {name: a_time() for name in ("detected", "mitigated", "resolved")}
    times["began"] = a_time("2026-03-14T12:00:00+00:00", "14 Mar 2026")
    pack = a_review(a_document(times=times, events=[an_event()]), Broken("INC-8", "it is broken"))
    found = written(tmp_path, pack)

    assert list(found) == [
        *("About", "Incidents", "Events", "Factors", "Config deltas", "Lessons", "Action items"),
        *("Figures", "Definitions"),
    ]
    # A date is a number of days: it sorts, and can be counted with.
    assert found["Incidents"][1]["G"] == 46095.5
    assert found["Incidents"][1]["B"] == "Orders time out"
    assert found["Events"][1]["A"] == "INC-7"
    assert found["Figures"][2] == {"A": "SEV1 critical", "B": 3.0}
    assert found["Figures"][3] == {"A": "SEV2 major"}
    assert found["About"][-1]["A"] == "INC-8 is not in it: it is broken"


def test_heads_stay_and_can_be_filtered(tmp_path: Path) -> None:
    path = tmp_path / "out.xlsx"
    xlsx.write(a_review(), path)
    with zipfile.ZipFile(path) as archive:
        content = archive.read("xl/worksheets/sheet2.xml").decode()

    assert 'state="frozen"' in content
    assert "<autoFilter" in content


def test_hostile_texts_survive_and_none_is_a_formula(tmp_path: Path) -> None:
    texts = [*HOSTILE, *FORMULAS]
    deltas = [a_delta(note=text) for text in texts]
    found = written(tmp_path, a_review(a_document(title="=1+1", deltas=deltas)))
    told = [str(row.get("M", "")) for row in found["Config deltas"][1:]]
    for row in found["Long texts"][1:]:
        assert (row["A"], row["C"]) == ("Config deltas", 13.0)
        told[int(row["B"]) - 2] += str(row["E"])

    # XML has no other line end than a line feed.
    wanted = [text.replace("\r", "\n") for text in texts]
    assert [text.replace("\r", "\n") for text in told] == wanted
    assert found["Incidents"][1]["B"] == "=1+1"


def test_the_same_records_give_the_same_bytes(tmp_path: Path) -> None:
    one, other = tmp_path / "one.xlsx", tmp_path / "other.xlsx"
    xlsx.write(a_review(), one)
    xlsx.write(a_review(), other)

    assert one.read_bytes() == other.read_bytes()
