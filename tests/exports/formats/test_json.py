"""JSON that keeps to its schema, with every text as it is in the record."""

import json
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from incidents.exports.formats import json as json_format
from incidents.exports.packs import Broken
from tests.exports.documents import a_delta, a_document, a_pack, a_review, a_text, an_event
from tests.exports.hostile import HOSTILE

INCIDENT, REVIEW = (
    json.loads((json_format.FOLDER / name).read_text(encoding="utf-8"))
    for name in (json_format.INCIDENT, json_format.REVIEW)
)


def written(tmp_path: Path, **changes: Any) -> Any:
    path = tmp_path / "out.json"
    json_format.write(a_pack(a_document(**changes)), path)
    return json.loads(path.read_text(encoding="utf-8"))


def valid(told: Any, schema: Any = INCIDENT) -> None:
    checker = jsonschema.Draft202012Validator.FORMAT_CHECKER
    jsonschema.Draft202012Validator(schema, format_checker=checker).validate(told)


def test_it_works(tmp_path: Path) -> None:
    told = written(tmp_path, events=[an_event()])

    valid(told)
    assert told["incident"]["events"][0]["text"] == {"markdown": "Latency rose"}


@pytest.mark.parametrize("schema", [INCIDENT, REVIEW])
def test_the_schemas_are_some(schema: Any) -> None:
    jsonschema.Draft202012Validator.check_schema(schema)


def test_an_incident_is_described_alike_in_both() -> None:
    assert REVIEW["$defs"] | INCIDENT["$defs"] == REVIEW["$defs"]


@pytest.mark.parametrize("count", [0, 1, 3])
def test_a_review_has_its_figures_and_its_records(tmp_path: Path, count: int) -> None:
    path = tmp_path / "out.json"
    documents = [a_document() for _ in range(count)]
    json_format.write(a_review(*documents, Broken("INC-8", "it is broken")), path)
    told = json.loads(path.read_text(encoding="utf-8"))

    valid(told, REVIEW)
    assert len(told["incidents"]) == count
    assert told["not_told"] == [{"reference": "INC-8", "why": "it is broken"}]
    assert told["figures"][0]["rows"] == [["SEV1 critical", 3], ["SEV2 major", None]]


@pytest.mark.parametrize("change", [{"title": 3}, {"version": 0}, {"reference": "42"}])
def test_what_is_wrong_is_seen(tmp_path: Path, change: dict[str, Any]) -> None:
    with pytest.raises(jsonschema.ValidationError):
        valid(written(tmp_path, **change))


def test_hostile_texts_are_kept_to_the_letter(tmp_path: Path) -> None:
    told = written(
        tmp_path,
        deltas=[a_delta(note=text) for text in HOSTILE],
        events=[an_event(text=a_text(text)) for text in HOSTILE],
    )

    valid(told)
    assert [delta["note"] for delta in told["incident"]["deltas"]] == HOSTILE
    assert [event["text"]["markdown"] for event in told["incident"]["events"]] == HOSTILE
