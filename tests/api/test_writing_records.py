"""Action items, lessons, runbooks, factors, knobs, services and teams, as programs write them."""

from collections.abc import Callable
from typing import Any, NamedTuple

import pytest

from incidents.models import ActionItem, Change, Lesson, Runbook
from tests.api.programs import ROOT, Program
from tests.api.test_authentication import refused
from tests.api.test_writing import an_editor
from tests.factories import (
    a_factor,
    a_knob,
    a_lesson,
    a_restricted_incident,
    a_runbook,
    a_service,
    a_team,
    a_user,
    an_action_item,
    an_incident,
)

pytestmark = pytest.mark.django_db


class Case(NamedTuple):
    sent: dict[str, Any]
    then: dict[str, Any]
    wrong: dict[str, Any]
    told: dict[str, Any]
    """What the row says after both, where it is said otherwise than it was sent."""


def of_action_items() -> Case:
    incident, owner = an_incident(), a_user()
    return Case(
        {"title": "Alert", "kind": "detect", "incident": incident.reference, "no_due_date": True},
        {"owner": owner.username, "due_date": "2030-01-31"},
        {"due_date": "31.01.2030"},
        {
            "incident": {"reference": incident.reference, "title": incident.title},
            "owner": {"username": owner.username, "name": owner.name},
            "no_due_date": None,
        },
    )


def of_lessons() -> Case:
    incident, knob = an_incident(), a_knob(component="nginx", key="keep/alive")
    return Case(
        {"sentence": "Pools are as large as their clients.", "learned_from": incident.reference},
        {"knobs": ["nginx/keep/alive"], "explanation": "**All** of them."},
        {"knobs": ["nginx/none"]},
        {
            "learned_from": {"reference": incident.reference, "title": incident.title},
            "knobs": [{"id": knob.pk, "component": "nginx", "key": "keep/alive", "unit": ""}],
        },
    )


def of_runbooks() -> Case:
    service, knob, owner = a_service(), a_knob(), a_user()
    return Case(
        {"title": "Redis is full", "body": "1. Look.", "services": [service.slug]},
        {
            "alerts": ["RedisFull", 'alertname=~"Redis.*"'],
            "knobs": [f"{knob.component}/{knob.key}"],
            "owner": owner.username,
            "verify_every_days": 30,
        },
        {"alerts": ['alertname=~"("']},
        {
            "services": [{"slug": service.slug, "name": service.name}],
            "knobs": [
                {"id": knob.pk, "component": knob.component, "key": knob.key, "unit": knob.unit}
            ],
            "owner": {"username": owner.username, "name": owner.name},
        },
    )


def of_services() -> Case:
    team = a_team()
    return Case(
        {"name": "Orders", "links": [{"label": "Errors", "address": "https://g.example/d/1"}]},
        {"team": team.slug, "state": "retired"},
        {"links": [{"address": "javascript:alert(1)"}]},
        {"team": {"slug": team.slug, "name": team.name}},
    )


def of_teams() -> Case:
    member = a_user(username="ada")
    return Case(
        {"name": "Shop", "slug": "the-shop"},
        {"members": ["ada"], "description": "Sells."},
        {"members": ["nobody"]},
        {"members": [{"username": "ada", "name": member.name}]},
    )


CASES: dict[str, Callable[[], Case]] = {
    "actions": of_action_items,
    "lessons": of_lessons,
    "runbooks": of_runbooks,
    "services": of_services,
    "teams": of_teams,
    "factors": lambda: Case(
        {"name": "Pool too small", "category": "capacity"},
        {"description": "See _there_."},
        {"slug": "new"},
        {},
    ),
    "knobs": lambda: Case(
        {"component": "nginx", "key": "keepalive"},
        {"unit": "s", "description": "Idle connections."},
        {"unit": "x" * 50},
        {},
    ),
}


@pytest.mark.parametrize("name", CASES)
def test_it_is_made_and_changed(name: str) -> None:
    program = Program(a_user("admin"), scope="admin")
    case = CASES[name]()

    made = program.sends("post", f"{name}/", case.sent)

    assert made.status_code == 201, made.content
    at = made["Location"].removeprefix(ROOT)
    assert program.asks(at)["ETag"] == made["ETag"]
    assert program.asks(at).content == made.content
    changed = program.sends("patch", at, case.then, of=made)
    assert changed.status_code == 200, changed.content
    row = changed.json()
    for field, value in {**case.sent, **case.then, **case.told}.items():
        if value is not None and field != "no_due_date":
            assert row[field] == value, field
    assert row["version"] == 2
    refused(program.sends("patch", at, case.then), 428)
    refused(program.sends("patch", at, case.then, of=made), 412)
    wrong = program.sends("patch", at, case.wrong, of=changed)
    assert list(refused(wrong, 422)["errors"]) == list(case.wrong)
    assert Change.objects.filter(by=program.owner).count() == 2


@pytest.mark.parametrize("name", CASES)
def test_who_only_reads_writes_none(name: str) -> None:
    case = CASES[name]()
    for program in (Program(a_user("admin")), Program(a_user("reader"), scope="admin")):
        refused(program.sends("post", f"{name}/", case.sent), 403)
    assert not Change.objects.exists()


def test_teams_are_for_administrators() -> None:
    team = a_team()
    for program, says in (
        (Program(a_user("admin"), scope="write"), "“admin”"),
        (Program(a_user("editor"), scope="admin"), "administrators"),
    ):
        answer = program.sends("post", "teams/", {"name": "Shop"})
        assert says in refused(answer, 403)["detail"]
        refused(program.sends("patch", f"teams/{team.slug}/", {}, of=team), 403)


@pytest.mark.parametrize(
    ("path", "make"),
    [("factors", a_factor), ("runbooks", a_runbook), ("services", a_service), ("teams", a_team)],
)
def test_an_address_is_given_once(path: str, make: Callable[..., Any]) -> None:
    program = Program(a_user("admin"), scope="admin")
    make(slug="taken")
    sent = {"name": "Another", "slug": "taken", "category": "capacity"}
    if path == "runbooks":
        sent = {"title": "Another", "body": "1. Look.", "slug": "taken"}
    elif path != "factors":
        del sent["category"]
    answer = program.sends("post", f"{path}/", sent)
    assert list(refused(answer, 422)["errors"]) == ["slug"]


def test_an_address_may_change() -> None:
    program, factor = an_editor(), a_factor(slug="small")
    told = program.writes("patch", "factors/small/", {"slug": "small-pool"}, of=factor)
    assert told["slug"] == "small-pool"
    refused(program.asks("factors/small/"), 404)
    assert program.reads("factors/small-pool/")["version"] == 2


def test_an_action_item_goes_its_way() -> None:
    program, other = an_editor(), an_editor()
    at = f"actions/{an_action_item().reference}"
    assert program.writes("post", f"{at}/start/")["state"] == "in_progress"
    refused(program.sends("post", f"{at}/start/"), 409)
    refused(program.sends("post", f"{at}/verify/"), 409)
    told = refused(program.sends("post", f"{at}/complete/", {}), 422)
    assert list(told["errors"]) == ["evidence"]
    done = program.writes("post", f"{at}/complete/", {"evidence": "The graph."})
    assert (done["state"], done["evidence"]) == ("done", "The graph.")
    assert "yourself" in refused(program.sends("post", f"{at}/verify/"), 409)["detail"]
    verified = other.writes("post", f"{at}/verify/")
    assert verified["verified_by"]["username"] == other.owner.username
    assert program.writes("post", f"{at}/reopen/")["state"] == "open"
    declined = program.writes("post", f"{at}/decline/", {"reason": "Too dear."})
    assert (declined["state"], declined["wont_do_reason"]) == ("wont_do", "Too dear.")


def test_the_policy_gives_a_date_where_none_is_said(settings: Any) -> None:
    settings.ACTION_DUE_DAYS = {"sev1": 7}
    program, incident = an_editor(), an_incident(severity="sev1")
    sent = {"title": "Alert", "kind": "detect", "incident": incident.reference}
    assert program.writes("post", "actions/", sent)["due_date"] is not None
    assert program.writes("post", "actions/", {**sent, "no_due_date": True})["due_date"] is None


def test_a_lesson_goes_its_way() -> None:
    program = an_editor()
    lesson, other = a_lesson(), a_lesson()
    at = f"lessons/{lesson.reference}"
    told = program.writes("post", f"{at}/supersede/", {"replacement": other.reference})
    assert (told["state"], told["replacement"]["reference"]) == ("superseded", other.reference)
    refused(program.sends("post", f"{at}/retire/"), 409)
    answer = program.sends("post", f"{at}/supersede/", {"replacement": "LES-9999"})
    assert list(refused(answer, 422)["errors"]) == ["replacement"]
    assert program.writes("post", f"{at}/reactivate/")["state"] == "active"
    assert program.writes("post", f"{at}/retire/")["state"] == "retired"


def test_a_runbook_is_verified_as_it_was_read() -> None:
    program = an_editor()
    runbook = a_runbook()
    at = f"runbooks/{runbook.slug}/"
    read = program.asks(at)
    refused(program.sends("post", f"{at}verify/"), 428)
    told = program.writes("post", f"{at}verify/", of=read)
    assert told["last_verified_by"]["username"] == program.owner.username
    refused(program.sends("post", f"{at}verify/", of=read), 412)
    Runbook.objects.update(state="retired")
    runbook.refresh_from_db()
    refused(program.sends("post", f"{at}verify/", of=runbook), 409)


def test_what_is_restricted_cannot_be_named() -> None:
    program = an_editor()
    hidden = a_restricted_incident()
    learned = a_lesson(learned_from=hidden)
    for path, sent, field in (
        ("actions/", {"title": "x", "kind": "learn", "incident": hidden.reference}, "incident"),
        ("actions/", {"title": "x", "kind": "learn", "lesson": learned.reference}, "lesson"),
        ("lessons/", {"sentence": "x", "learned_from": hidden.reference}, "learned_from"),
    ):
        told = refused(program.sends("post", path, sent), 422)
        assert list(told["errors"]) == [field]
        none = {**sent, field: f"{sent[field][:4]}99999"}
        said = refused(program.sends("post", path, none), 422)["errors"][field]
        assert [one.replace("99999", sent[field][4:]) for one in said] == told["errors"][field]
    assert ActionItem.objects.count() == 0
    assert Lesson.objects.count() == 1
