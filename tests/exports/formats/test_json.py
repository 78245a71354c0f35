"""JSON that keeps to its schema, with every text as it is in the record."""

import json
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from incidents.exports.formats import json as json_format
from tests.exports.documents import a_delta, a_document, a_pack, a_text, an_event
from tests.exports.hostile import HOSTILE

SCHEMA = json.loads(json_format.SCHEMA.read_text(encoding="utf-8"))


def written(tmp_path: Path, **changes: Any) -> Any:
    path = tmp_path / "out.json"
    json_format.write(a_pack(a_document(**changes)), path)
    return json.loads(path.read_text(encoding="utf-8"))


def valid(told: Any) -> None:
    checker = jsonschema.Draft202012Validator.FORMAT_CHECKER
    jsonschema.Draft202012Validator(SCHEMA, format_checker=checker).validate(told)


def test_it_works(tmp_path: Path) -> None:
    told = written(tmp_path, events=[an_event()])

    valid(told)
    assert told["incident"]["events"][0]["text"] == {"markdown": "Latency rose"}


def test_the_schema_is_one() -> None:
    jsonschema.Draft202012Validator.check_schema(SCHEMA)


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
