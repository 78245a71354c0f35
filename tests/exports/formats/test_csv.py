"""Tables that a spreadsheet opens without calculating any of it."""

import csv
import io
import zipfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from incidents.exports.formats import csv as csv_format
from incidents.exports.packs import Broken, Pack
from incidents.lib.csv_cells import text_of
from tests.exports.documents import a_delta, a_document, a_review, an_event
from tests.exports.formulas import FORMULAS, is_calculated
from tests.exports.hostile import HOSTILE


@pytest.fixture(autouse=True)
def _long_cells() -> Iterator[None]:
    """It holds for the whole process."""
    before = csv.field_size_limit(1_000_000)
    yield
    csv.field_size_limit(before)


def tables(tmp_path: Path, pack: Pack) -> dict[str, list[list[str]]]:
    path = tmp_path / "out.zip"
    csv_format.write(pack, path)
    with zipfile.ZipFile(path) as archive:
        return {
            name: list(csv.reader(io.StringIO(archive.read(name).decode("utf-8-sig"), newline="")))
            for name in archive.namelist()
        }


def test_it_works(tmp_path: Path) -> None:
    found = tables(tmp_path, a_review(a_document(events=[an_event()]), Broken("INC-8", "broken")))

    assert sorted(found) == [
        "action-items.csv",
        "config-deltas.csv",
        "definitions.csv",
        "events.csv",
        "factors.csv",
        "figures.csv",
        "incidents.csv",
        "lessons.csv",
        "not-told.csv",
    ]
    assert found["incidents.csv"][1][:3] == ["INC-7", "Orders time out", "own incident"]
    assert found["events.csv"][1][1:3] == ["2026-03-14 02:10", "minute"]
    assert found["figures.csv"][1:3] == [
        ["severity", "1", "severity", "SEV1 critical"],
        ["severity", "1", "incidents", "3"],
    ]
    assert found["definitions.csv"][1][3:] == ["Few say little.", "4 without any date"]
    assert found["not-told.csv"][1] == ["INC-8", "broken"]


def test_hostile_texts_survive_and_none_is_a_formula(tmp_path: Path) -> None:
    texts = [*HOSTILE, *FORMULAS]
    deltas = [a_delta(note=text) for text in texts]
    rows = tables(tmp_path, a_review(a_document(deltas=deltas)))["config-deltas.csv"]
    notes = [row[rows[0].index("Note")] for row in rows[1:]]

    assert [text_of(note) for note in notes] == texts
    assert not any(is_calculated(cell) for row in rows for cell in row)


def test_the_same_records_give_the_same_bytes(tmp_path: Path) -> None:
    one, other = tmp_path / "one.zip", tmp_path / "other.zip"
    csv_format.write(a_review(), one)
    csv_format.write(a_review(), other)

    assert one.read_bytes() == other.read_bytes()
