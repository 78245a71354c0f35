"""The eight kinds of parts: each is added, changed and removed, with its own version."""

from collections.abc import Callable
from typing import Any

import pytest

from incidents.api.resources.part_rows import SERIALIZERS
from incidents.models import Factor, Incident, Knob
from tests.api.programs import ROOT, Program
from tests.api.test_authentication import refused
from tests.api.test_writing import an_editor
from tests.factories import a_lesson, a_restricted_incident, a_runbook, a_user, an_incident

pytestmark = pytest.mark.django_db

# What is sent, what is changed of it, and what is refused under which name.
Sent = tuple[dict[str, Any], dict[str, Any], dict[str, Any]]


def of_a_lesson() -> Sent:
    lesson = a_lesson()
    first = {"lesson": lesson.reference, "relation": "violated", "note": "Again."}
    return first, {"relation": "upheld"}, {"lesson": "LES-9999"}


def of_a_runbook() -> Sent:
    runbook = a_runbook()
    return {"runbook": runbook.slug, "served": "helped"}, {"note": "Fast."}, {"runbook": "none"}


def of_another() -> Sent:
    other = an_incident()
    first = {"other": other.reference, "relation": "similar"}
    return first, {"note": "Alike."}, {"other": a_restricted_incident().reference}


CASES: dict[str, Callable[[], Sent]] = {
    "events": lambda: (
        {"time": "2026-03-14 22h", "kind": "detection", "text": "It rose.", "known_then": False},
        {"known_then": None, "actor": "Ada"},
        {"time": "soon"},
    ),
    "factors": lambda: (
        {"factor": "Pool smaller than its clients", "category": "capacity", "how": "By ten."},
        {"how": "By a hundred."},
        {"factor": "Another that is new"},
    ),
    "deltas": lambda: (
        {"component": "nginx", "key": "keepalive", "before": "5", "after": "50", "part": "fixed"},
        {"turned": "2026-03-14", "before": None, "before_known": "unknown"},
        {"component": "a/b"},
    ),
    "measures": lambda: (
        {"name": "Failed orders", "value": 12.5, "out_of": 100, "unit": "orders"},
        {"value": None, "is_approximate": True},
        {"value": "12"},
    ),
    "people": lambda: (
        {"person": a_user().username, "role": "responder", "hours": 2},
        {"hours_outside_work": 1.5},
        {"hours": -1},
    ),
    "lesson-links": of_a_lesson,
    "runbook-uses": of_a_runbook,
    "related": of_another,
}


def listed(program: Program, incident: Incident, name: str) -> list[dict[str, Any]]:
    told = program.reads(f"incidents/{incident.reference}/")
    found: list[dict[str, Any]] = told[name.replace("-", "_")]
    return found


def test_each_kind_is_here() -> None:
    assert CASES.keys() == SERIALIZERS.keys()


@pytest.mark.parametrize("name", CASES)
def test_it_is_added_changed_and_removed(name: str) -> None:
    program, incident = an_editor(), an_incident()
    first, then, wrong = CASES[name]()
    path = f"incidents/{incident.reference}/{name}/"

    made = program.sends("post", path, first)

    assert made.status_code == 201, made.content
    row = made.json()
    at = f"{path}{row['id']}/"
    assert made["Location"] == ROOT + at
    assert program.asks(at)["ETag"] == made["ETag"]
    assert listed(program, incident, name) == [row]

    changed = program.sends("patch", at, then, of=made)
    assert changed.status_code == 200, changed.content
    assert changed.json()["version"] == 2
    for field in then.keys() - {"before_known", "turned"}:
        assert changed.json()[field] == then[field]
    assert listed(program, incident, name) == [changed.json()]

    refusal = refused(program.sends("patch", at, wrong, of=changed), 422)
    # A factor that is new wants a category.
    assert list(refusal["errors"]) == (["category"] if name == "factors" else list(wrong))
    refused(program.sends("patch", at, then, of=made), 412)
    refused(program.sends("delete", at), 428)
    refused(program.sends("delete", at, of=made), 412)
    removed = program.sends("delete", at, of=changed)
    assert (removed.status_code, removed.content) == (204, b"")
    refused(program.asks(at), 404)
    refused(program.sends("delete", at, of=changed), 404)
    assert listed(program, incident, name) == []


@pytest.mark.parametrize("name", CASES)
def test_of_another_incident_it_is_not_there(name: str) -> None:
    program, incident, other = an_editor(), an_incident(), an_incident()
    first, then, _ = CASES[name]()
    row = program.writes("post", f"incidents/{incident.reference}/{name}/", first)
    elsewhere = f"incidents/{other.reference}/{name}/{row['id']}/"
    refused(program.asks(elsewhere), 404)
    refused(program.sends("patch", elsewhere, then, if_match='"1"'), 404)
    refused(program.sends("delete", elsewhere, if_match='"1"'), 404)


def test_factors_and_knobs_are_made_where_they_are_new() -> None:
    program, incident = an_editor(), an_incident()
    for name in ("factors", "deltas"):
        program.writes("post", f"incidents/{incident.reference}/{name}/", CASES[name]()[0])
    assert Factor.objects.get().name == "Pool smaller than its clients"
    assert str(Knob.objects.get().key) == "keepalive"


def test_a_secret_is_refused_and_not_repeated() -> None:
    secret = "AKIAIOSFODNN7EXAMPLE"
    program, incident = an_editor(), an_incident()
    sent = {"component": "s3", "key": "access", "before": secret, "after": "rotated"} | {
        "part": "fixed"
    }
    answer = program.sends("post", f"incidents/{incident.reference}/deltas/", sent)
    assert list(refused(answer, 422)["errors"]) == ["before"]
    assert secret not in answer.content.decode()


def test_the_same_lesson_twice_is_refused_by_its_field() -> None:
    program, incident = an_editor(), an_incident()
    first, _, _ = of_a_lesson()
    path = f"incidents/{incident.reference}/lesson-links/"
    program.writes("post", path, first)
    assert list(refused(program.sends("post", path, first), 422)["errors"]) == ["lesson"]
