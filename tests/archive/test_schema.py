"""The published schema is the one by which files are written."""

import json

import jsonschema

from incidents.archive.kinds import KINDS, LISTS
from incidents.archive.schema import schema
from tests.architecture.source import ROOT

PUBLISHED = ROOT / "docs/use/archive.schema.json"
HOW = "manage.py export_records --schema > docs/use/archive.schema.json"


def test_what_is_published_is_so() -> None:
    assert json.loads(PUBLISHED.read_text()) == schema(), HOW


def test_it_is_a_schema() -> None:
    jsonschema.Draft202012Validator.check_schema(schema())


def test_every_kind_of_file_is_in_it() -> None:
    files = {kind.file for kind in KINDS} | {name for kind in KINDS for name in kind.files}

    assert schema()["$defs"].keys() == {"archive.yaml", *files, *LISTS}


def test_what_is_not_known_is_refused() -> None:
    checks = jsonschema.Draft202012Validator({**schema(), "$ref": "#/$defs/incident.md"})
    values = {"id": 1, "title": "x", "kind": "own", "state": "draft", "severity": "sev1"}
    values |= {"detection": "staff", "time_zone": "UTC", "visibility": "everyone"}
    values["created_at"] = "2026-03-14T12:00:00Z"

    assert checks.is_valid(values)
    assert not checks.is_valid({**values, "root_cause": "x"})
    assert not checks.is_valid({**values, "kind": "other"})
    assert not checks.is_valid({**values, "timeline": [{"id": 1}]})
