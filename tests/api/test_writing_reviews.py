"""Reviews, their decisions, and the guards of lessons, as programs write them."""

from datetime import date
from typing import Any

import pytest

from incidents.models import ActionItem, Review, ReviewDecision
from tests.api.programs import ROOT, Program
from tests.api.test_authentication import refused
from tests.api.test_writing import an_editor
from tests.factories import a_lesson, a_restricted_incident, a_review, a_team, a_user

pytestmark = pytest.mark.django_db

GUARD = {
    "expression": "unicorn.timeout >= 60",
    "message": "Too short.",
    "severity": "error",
    "failing_example": {"unicorn": {"timeout": 30}},
    "passing_example": {"unicorn": {"timeout": 60.5}},
    "state": "active",
}


def test_a_review_is_frozen_once() -> None:
    program, team = an_editor(), a_team(slug="shop")
    answer = program.sends("post", "reviews/", {"period": "2024Q3", "team": "shop"})
    assert answer.status_code == 201, answer.content
    review = Review.objects.get()
    assert answer["Location"] == f"{ROOT}reviews/{review.pk}/"
    assert answer.json()["team"] == {"slug": "shop", "name": team.name}
    assert answer.content == program.asks(f"reviews/{review.pk}/").content
    again = program.sends("post", "reviews/", {"period": "2024Q3", "team": "shop"})
    assert "already" in refused(again, 409)["detail"]


@pytest.mark.parametrize(
    ("sent", "status", "field"),
    [
        ({}, 422, "period"),
        ({"period": "soon"}, 422, "period"),
        ({"period": "2024", "team": "none"}, 422, "team"),
        ({"period": "2198"}, 409, None),
    ],
)
def test_what_cannot_be_frozen(sent: dict[str, Any], status: int, field: str | None) -> None:
    told = refused(an_editor().sends("post", "reviews/", sent), status)
    assert field is None or list(told["errors"]) == [field]
    assert not Review.objects.exists()


def test_little_reach_freezes_nothing() -> None:
    program = an_editor(reach="own")
    review = a_review()
    refused(program.sends("post", "reviews/", {"period": "2024"}), 403)
    refused(program.sends("patch", f"reviews/{review.pk}/", {}, of=review), 403)
    refused(program.sends("post", f"reviews/{review.pk}/decisions/", {"text": "x"}), 403)


def test_notes_and_decisions_are_written() -> None:
    program = an_editor()
    program.writes("post", "reviews/", {"period": "2024"})
    review = Review.objects.get()
    at = f"reviews/{review.pk}/"
    assert program.writes("patch", at, {"notes": "We met."}, of=review)["notes"] == "We met."
    made = program.sends("post", f"{at}decisions/", {"text": "Pools are alerted on."})
    assert made.status_code == 201, made.content
    decision = made.json()
    row = f"{at}decisions/{decision['id']}/"
    assert made["Location"] == ROOT + row
    assert program.reads(at)["decisions"] == [decision]
    changed = program.sends("patch", row, {"text": "All pools are."}, of=made)
    assert changed.json()["text"] == "All pools are."
    item = program.writes("post", f"{row}act/", {"kind": "detect"})
    assert item["title"] == "All pools are."
    assert program.reads(row)["action_item"] == item["reference"]
    refused(program.sends("post", f"{row}act/", {"kind": "detect"}), 422)
    assert ActionItem.objects.count() == 1
    refused(program.sends("delete", row, of=changed), 412)
    assert program.sends("delete", row, of=program.asks(row)).status_code == 204
    assert not ReviewDecision.objects.exists()


def test_a_decision_of_another_review_is_not_there() -> None:
    program = an_editor()
    review, other = a_review(), a_review(start_date=date(2020, 1, 1), end_date=date(2021, 1, 1))
    decision = program.writes("post", f"reviews/{review.pk}/decisions/", {"text": "x"})
    elsewhere = f"reviews/{other.pk}/decisions/{decision['id']}/"
    refused(program.asks(elsewhere), 404)
    refused(program.sends("patch", elsewhere, {}, if_match='"1"'), 404)
    refused(program.sends("post", f"{elsewhere}act/", {"kind": "detect"}), 404)


def test_a_lesson_is_given_a_guard() -> None:
    program, lesson = an_editor(), a_lesson()
    at = f"lessons/{lesson.reference}/guard/"
    refused(program.asks(at), 404)
    made = program.sends("post", at, GUARD)
    assert made.status_code == 201, made.content
    assert {name: made.json()[name] for name in GUARD} == GUARD
    assert program.reads(f"lessons/{lesson.reference}/")["guard"] == made.json()
    assert "already" in refused(program.sends("post", at, GUARD), 422)["detail"]
    wrong = program.sends("patch", at, {"passing_example": {"unicorn": {"timeout": 1}}}, of=made)
    assert list(refused(wrong, 422)["errors"]) == ["passing_example"]
    assert program.writes("patch", at, {"severity": "warning"}, of=made)["version"] == 2


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("expression", "unicorn.timeout >="),
        ("failing_example", "unicorn.timeout = 30"),
        ("failing_example", {"unicorn": 5}),
        ("failing_example", {"unicorn": {"timeout": None}}),
        ("failing_example", {"unicorn": {"timeout": 30, "x": {"y": {"z": []}}}, "b": 1}),
    ],
)
def test_a_guard_that_cannot_be_is_refused(field: str, value: Any) -> None:
    program, lesson = an_editor(), a_lesson()
    answer = program.sends("post", f"lessons/{lesson.reference}/guard/", {**GUARD, field: value})
    assert list(refused(answer, 422)["errors"]) == [field]


def test_a_hidden_lesson_has_no_guard() -> None:
    program, lesson = an_editor(), a_lesson(learned_from=a_restricted_incident())
    for method in ("get", "post", "patch"):
        sent = None if method == "get" else GUARD
        answer = program.sends(method, f"lessons/{lesson.reference}/guard/", sent, if_match='"1"')
        refused(answer, 404)


def test_who_may_see_an_incident_is_told_to_who_may() -> None:
    ada = a_user("editor", username="ada")
    program, other = Program(ada, scope="write"), an_editor()
    incident = a_restricted_incident(ada)
    at = f"incidents/{incident.reference}/access/"
    told = program.reads(at)
    assert (told["visibility"], told["people"][0]["username"]) == ("restricted", "ada")
    refused(other.asks(at), 404)
    sent = {"people": ["ada", other.owner.username]}
    program.writes("patch", at, sent, of=program.asks(at))
    assert len(other.reads(at)["people"]) == 2
