"""What programs write: by the forms and operations of the pages, and no more than they may."""

from typing import Any

import pytest
from django.test import Client

from incidents.models import Change, Incident, TimelineEvent, User
from tests.api.programs import ROOT, Program
from tests.api.test_authentication import refused
from tests.factories import (
    a_restricted_incident,
    a_service,
    a_team,
    a_user,
    an_event,
    an_incident,
)

pytestmark = pytest.mark.django_db


def an_editor(**token: Any) -> Program:
    return Program(a_user("editor"), **{"scope": "write", **token})


def test_it_works() -> None:
    program = an_editor()
    a_service(name="Orders", slug="orders")
    sent = {
        "title": "Orders time out",
        "severity": "sev2",
        "began": "2026-03-14T22:30",
        "resolved": "2026-03-15",
        "time_zone": "Europe/Berlin",
        "services": ["orders"],
        "tags": ["Pools", "unicorn"],
    }

    answer = program.sends("post", "incidents/", sent)

    assert answer.status_code == 201, answer.content
    made = Incident.objects.get()
    told = answer.json()
    assert answer["Location"] == f"{ROOT}incidents/{made.reference}/"
    assert told["began"] == {
        "at": "2026-03-14T22:30+01:00",
        "starts_at": "2026-03-14T21:30:00Z",
        "precision": "minute",
        "zone": "Europe/Berlin",
    }
    assert told["resolved"]["precision"] == "day"
    assert told["services"] == [{"slug": "orders", "name": "Orders"}]
    assert told["tags"] == ["pools", "unicorn"]
    assert told["owner"]["username"] == program.owner.username
    assert (told["state"], told["version"]) == ("draft", 1)
    read = program.asks(f"incidents/{made.reference}/")
    assert (read.content, read["ETag"]) == (answer.content, answer["ETag"])
    line = Change.objects.get(document_type="incident", document_id=made.pk)
    assert line.by == program.owner


def test_a_change_names_what_it_changes_and_leaves_the_rest() -> None:
    program = an_editor()
    incident = an_incident(title="Orders", summary="Slow.", owner=program.owner)
    read = program.asks(f"incidents/{incident.reference}/")

    answer = program.sends(
        "patch", f"incidents/{incident.reference}/", {"title": "Orders time out"}, of=read
    )

    assert answer.status_code == 200, answer.content
    told = answer.json()
    assert (told["title"], told["summary"], told["version"]) == ("Orders time out", "Slow.", 2)
    assert told["owner"]["username"] == program.owner.username
    again = program.asks(f"incidents/{incident.reference}/")
    assert (again.content, again["ETag"]) == (answer.content, answer["ETag"])


def test_in_another_zone_the_clocks_stay() -> None:
    program = an_editor()
    incident = an_incident(time_zone="Europe/Berlin")
    path = f"incidents/{incident.reference}/"
    began = program.writes("patch", path, {"began": "2026-03-14 22:30"}, of=incident)["began"]
    incident.refresh_from_db()
    told = program.writes("patch", path, {"time_zone": "Asia/Kathmandu"}, of=incident)
    assert began["at"] == "2026-03-14T22:30+01:00"
    assert told["began"]["at"] == "2026-03-14T22:30+05:45"


def test_who_has_not_read_it_is_asked_for_the_version() -> None:
    program = an_editor()
    incident = an_incident()
    for headers in ({}, {"if_match": "*"}, {"if_match": " "}):
        answer = program.sends("patch", f"incidents/{incident.reference}/", {}, **headers)
        assert "If-Match" in refused(answer, 428)["detail"]


@pytest.mark.parametrize("tag", ['"1"', 'W/"1.9f86"', '"0", "1.9f86"', '"1.other"'])
def test_the_version_in_the_tag_is_what_counts(tag: str) -> None:
    program = an_editor()
    incident = an_incident()
    path = f"incidents/{incident.reference}/"
    assert program.sends("patch", path, {"title": "New"}, if_match=tag).status_code == 200


@pytest.mark.parametrize("tag", ['"2"', "1", "nonsense", '"1', '"99999999999999999999"'])
def test_who_read_another_version_is_told_of_the_present_one(tag: str) -> None:
    program = an_editor()
    incident = an_incident(title="As it was")
    path = f"incidents/{incident.reference}/"
    answer = program.sends("patch", path, {"title": "New"}, if_match=tag)
    refused(answer, 412)
    assert answer["ETag"] == program.asks(path)["ETag"]
    incident.refresh_from_db()
    assert incident.title == "As it was"


def test_who_comes_second_is_told_who_came_first() -> None:
    ada = a_user("editor", username="ada", first_name="Ada", last_name="Lovelace")
    first, second = Program(ada, scope="write"), an_editor()
    incident = an_incident()
    path = f"incidents/{incident.reference}/"
    read = second.asks(path)
    first.writes("patch", path, {"title": "The first"}, of=read)

    answer = second.sends("patch", path, {"title": "The second"}, of=read)

    detail = refused(answer, 412)["detail"]
    assert "version 2: Ada Lovelace changed it at 20" in detail
    assert second.reads(path)["title"] == "The first"


@pytest.mark.parametrize(
    ("sent", "field"),
    [
        ({"title": ""}, "title"),
        ({"title": None}, "title"),
        ({"title": 5}, "title"),
        ({"title": "x" * 500}, "title"),
        ({"severity": "sev9"}, "severity"),
        ({"severity": ["sev1"]}, "severity"),
        ({"began": "yesterday"}, "began"),
        ({"began": {"at": "2026"}}, "began"),
        ({"began": "2026-03-14", "resolved": "2026-03-13"}, "resolved"),
        ({"time_zone": "Mars/Olympus"}, "time_zone"),
        ({"owner": "nobody-here"}, "owner"),
        ({"owner": 1}, "owner"),
        ({"services": ["none"]}, "services"),
        ({"services": "orders"}, "services"),
        ({"services": [["orders"]]}, "services"),
        ({"services": None}, "services"),
        ({"tags": ["a,b"]}, "tags"),
        ({"tags": [5]}, "tags"),
        ({"restricted": "yes"}, "restricted"),
        ({"state": "published"}, "state"),
        ({"bogus": 1}, "bogus"),
    ],
)
def test_what_cannot_be_is_refused_by_its_field(sent: dict[str, Any], field: str) -> None:
    answer = an_editor().sends("post", "incidents/", {"title": "Orders", **sent})
    told = refused(answer, 422)
    assert list(told["errors"]) == [field]
    assert Incident.objects.count() == 0


@pytest.mark.parametrize(
    "body",
    [
        "{",
        "[]",
        "null",
        '"text"',
        '{"title": NaN}',
        '{"title": "a", "title": "b"}',
        '{"title": "a\\u0000b"}',
        '{"title": "\\ud800"}',
        '{"title": ' + "9" * 5000 + "}",
        "[" * 20_000,
        '{"title": ' + "[" * 20 + "]" * 20 + "}",
        b"\xff\xfe",
    ],
)
def test_what_is_no_json_is_refused(body: str | bytes) -> None:
    program = an_editor()
    answer = program.client.generic(
        "POST", f"{ROOT}incidents/", body, content_type="application/json"
    )
    refused(answer, 400)


def test_only_json_is_taken() -> None:
    program = an_editor()
    refused(program.client.post(f"{ROOT}incidents/", {"title": "Orders"}), 415)


def test_what_is_too_large_is_refused(settings: Any) -> None:
    settings.DATA_UPLOAD_MAX_MEMORY_SIZE = 100
    refused(an_editor().sends("post", "incidents/", {"title": "x" * 200}), 413)


@pytest.mark.parametrize(
    ("role", "scope", "says"),
    [
        ("editor", "read", "“write”"),
        ("admin", "read", "“write”"),
        ("reader", "write", "reader"),
        ("reader", "admin", "reader"),
    ],
)
def test_scope_and_role_have_both_to_suffice(role: str, scope: str, says: str) -> None:
    program = Program(a_user(role), scope=scope)
    incident = an_incident()
    for method, path in (
        ("post", "incidents/"),
        ("patch", f"incidents/{incident.reference}/"),
        ("post", f"incidents/{incident.reference}/events/"),
        ("post", f"incidents/{incident.reference}/publish/"),
        ("post", "incidents/INC-99/publish/"),
    ):
        assert says in refused(program.sends(method, path, {}), 403)["detail"]
    assert Change.objects.count() == 0


def test_a_session_writes_with_its_own_token_alone() -> None:
    client = Client(enforce_csrf_checks=True)
    client.force_login(a_user())
    sent = {"data": '{"title": "Orders"}', "content_type": "application/json"}
    refused(client.post(f"{ROOT}incidents/", **sent), 403)
    client.get("/incidents/new/")
    csrf = {"X-CSRFToken": client.cookies["csrftoken"].value}
    assert client.post(f"{ROOT}incidents/", headers=csrf, **sent).status_code == 201


@pytest.mark.parametrize("method", ["patch", "delete", "post"])
def test_what_is_not_open_is_not_there(method: str) -> None:
    hidden = a_restricted_incident()
    event = an_event(hidden)
    program = an_editor()
    pairs = [
        (hidden.reference, "INC-99999"),
        (f"{hidden.reference}/events", "INC-99999/events"),
        (f"{hidden.reference}/events/{event.pk}", "INC-99999/events/99999"),
        (f"{hidden.reference}/publish", "INC-99999/publish"),
        (f"{hidden.reference}/access", "INC-99999/access"),
        (f"{hidden.reference}/events/{event.pk}/move", "INC-99999/events/99999/move"),
    ]
    for mine, none in pairs:
        answers = [
            program.sends(method, f"incidents/{path}/", {}, if_match='"1"') for path in (mine, none)
        ]
        assert answers[0].content == answers[1].content
        assert answers[0].status_code == answers[1].status_code
        assert answers[0].status_code in {404, 405}


def test_little_reach_holds_for_writing() -> None:
    owner, other = a_user(), a_user()
    mine, theirs = an_incident(owner=owner), an_incident(owner=other)
    program = Program(owner, scope="write", reach="own")
    refused(program.sends("patch", f"incidents/{theirs.reference}/", {}, of=theirs), 404)
    path = f"incidents/{mine.reference}/"
    given = program.sends("patch", path, {"owner": other.username}, of=mine)
    assert list(refused(given, 422)["errors"]) == ["owner"]
    made = program.sends("post", "incidents/", {"title": "x", "owner": other.username})
    assert list(refused(made, 422)["errors"]) == ["owner"]
    assert program.writes("post", "incidents/", {"title": "Mine"})["title"] == "Mine"


def test_a_restricted_one_is_its_makers() -> None:
    program, other = an_editor(), an_editor()
    told = program.writes("post", "incidents/", {"title": "Leak", "restricted": True})
    path = f"incidents/{told['reference']}/"
    assert told["is_restricted"]
    refused(other.asks(path), 404)
    team = a_team(other.owner)
    row = Incident.objects.get()
    program.writes("patch", f"{path}access/", {"teams": [team.slug]}, of=row)
    assert other.reads(path)["title"] == "Leak"
    row.refresh_from_db()
    opened = program.writes("patch", f"{path}access/", {"visibility": "everyone"}, of=row)
    assert (opened["visibility"], opened["people"], opened["teams"]) == ("everyone", [], [])


def the_way(incident: Incident) -> str:
    return f"incidents/{incident.reference}"


def test_an_incident_goes_its_way() -> None:
    program = an_editor()
    reviewer = Program(a_user("reader"), scope="write")
    incident = an_incident(owner=program.owner)
    way = the_way(incident)
    assert "approved" in refused(program.sends("post", f"{way}/publish/", {}), 409)["detail"]
    asked = program.sends("post", f"{way}/review/", {"reviewers": [reviewer.owner.username]})
    assert asked.json()["state"] == "in_review"
    assert asked.status_code == 200
    refused(program.sends("post", f"{way}/answer/", {"answer": "approved"}), 409)
    reviewer.writes("post", f"{way}/answer/", {"answer": "approved"})
    assert program.writes("post", f"{way}/publish/")["state"] == "published"
    told = refused(program.sends("post", f"{way}/withdraw/", {}), 422)
    assert list(told["errors"]) == ["reason"]
    withdrawn = program.writes("post", f"{way}/withdraw/", {"reason": "Twice."})
    assert (withdrawn["state"], withdrawn["withdrawn_reason"]) == ("withdrawn", "Twice.")
    refused(program.sends("post", f"{way}/draft/", {"reason": "x"}), 422)
    assert program.writes("post", f"{way}/draft/", {})["state"] == "draft"


def test_a_token_that_reads_answers_no_review() -> None:
    reader = Program(a_user("reader"))
    incident = an_incident()
    answer = reader.sends("post", f"{the_way(incident)}/answer/", {"answer": "approved"})
    assert "“write”" in refused(answer, 403)["detail"]


def test_the_version_of_an_incident_is_not_that_of_its_parts() -> None:
    program = an_editor()
    incident = an_incident()
    read = program.asks(f"{the_way(incident)}/")
    program.writes("post", f"{the_way(incident)}/events/", {"text": "It rose."})
    assert program.asks(f"{the_way(incident)}/")["ETag"] != read["ETag"]
    program.writes("patch", f"{the_way(incident)}/", {"title": "New"}, of=read)


def test_a_user_is_never_made_here(client: Client) -> None:
    before = User.objects.count()
    refused(Program(a_user("admin"), scope="admin").sends("post", "people/", {}), 405)
    assert User.objects.count() == before + 1


def test_an_event_keeps_its_order() -> None:
    program = an_editor()
    incident = an_incident()
    path = f"{the_way(incident)}/events/"
    later = program.writes("post", path, {"time": "2026-03-14 10:00", "text": "It fell."})
    earlier = program.writes("post", path, {"time": "2026-03-14 09:00", "text": "It rose."})
    told = program.reads(f"{the_way(incident)}/")["events"]
    assert [row["id"] for row in told] == [earlier["id"], later["id"]]
    program.writes("post", f"{path}{later['id']}/move/", {"direction": "up"})
    told = program.reads(f"{the_way(incident)}/")["events"]
    assert [row["id"] for row in told] == [later["id"], earlier["id"]]
    assert TimelineEvent.objects.count() == 2
