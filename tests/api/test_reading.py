"""What programs read: all of a record, as described, in pages, and no more than they may."""

from datetime import UTC, date, datetime
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from jsonschema import Draft202012Validator, FormatChecker
from pytest_django import DjangoAssertNumQueries

from incidents.api.fields import time_of
from incidents.api.resources.attachments import BYTES
from incidents.attachments.operations import NewFile, attach, remove_attachment
from incidents.lib.approximate_time import ApproximateTime, Precision
from incidents.lib.periods import read_period
from incidents.models import (
    Guard,
    ImpactMeasure,
    LessonLink,
    Participant,
    RelatedIncident,
    Review,
    ReviewDecision,
    User,
)
from incidents.review.operations import add_decision, freeze_review
from incidents.review.scope import Scope
from tests.access.restricted import a_world, hide_an_incident
from tests.access.walk import visits
from tests.api.programs import ROOT, Program, names_of
from tests.factories import (
    NOW,
    a_contributing_factor,
    a_delta,
    a_factor,
    a_knob,
    a_lesson,
    a_restricted_incident,
    a_runbook,
    a_runbook_use,
    a_service,
    a_tag,
    a_team,
    a_user,
    an_action_item,
    an_event,
    an_incident,
)

pytestmark = pytest.mark.django_db

LISTS = (
    "incidents/",
    "runbooks/",
    "lessons/",
    "factors/",
    "knobs/",
    "actions/",
    "services/",
    "teams/",
    "people/",
    "reviews/",
)


# Of a table that was brought in, and of an export that is done: their own tests hold those against
# the description.
COLUMNS, FILE = f"{ROOT}imports/{{imported}}/columns/", f"{ROOT}exports/{{export}}/file/"


def described(told: dict[str, Any], path: str) -> Draft202012Validator:
    shape = told["paths"][path]["get"]["responses"]["200"]["content"]["application/json"]
    wanted = {**shape["schema"], "components": told["components"]}
    return Draft202012Validator(wanted, format_checker=FormatChecker())


def path_in(told: dict[str, Any], path: str) -> str:
    """The path of the description that this one is: the keys in it are digits or names.

    One with fewer keys comes first: `notifications/preferences/` is no message.
    """
    steps = path.strip("/").split("/")
    for known in sorted(told["paths"], key=lambda known: known.count("{")):
        parts = known.strip("/").split("/")
        if len(parts) == len(steps) and all(
            part == step or part.startswith("{") for part, step in zip(parts, steps, strict=True)
        ):
            return str(known)
    raise KeyError(path)


def test_every_answer_is_as_it_is_described() -> None:
    world = a_world()
    hide_an_incident(world)
    freeze_a_year(world.admin)
    program = Program(world.named)
    told = program.reads("schema/")
    seen = set()

    paths = [visit.path for visit in visits(world) if visit.path.startswith(ROOT)]
    review = f"{ROOT}reviews/{Review.objects.get().pk}/"
    decision = f"{review}decisions/{ReviewDecision.objects.get().pk}/"
    for path in {*paths, review, decision}:
        answer = program.client.get(path)
        if answer.status_code == 200 and path not in {f"{ROOT}schema/", f"{ROOT}docs/"}:
            known = path_in(told, path)
            if answer["Content-Type"] == BYTES:
                assert BYTES in told["paths"][known]["get"]["responses"]["200"]["content"]
                seen.add(known)
                continue
            errors = list(described(told, known).iter_errors(answer.json()))
            assert not errors, (path, [f"{one.json_path} {one.message}" for one in errors])
            seen.add(known)

    readable = {path for path, methods in told["paths"].items() if "get" in methods}
    assert seen | {COLUMNS, FILE} == readable


def freeze_a_year(by: User) -> None:
    at = datetime(2026, 6, 1, tzinfo=UTC)
    review = freeze_review(Scope(period=read_period("2025"), user=by), by=by, at=at)
    add_decision(review, values={"text": "Pools are alerted on."}, by=by, at=at)


def test_an_incident_is_told_with_all_of_its_parts() -> None:
    ada = a_user(username="ada", first_name="Ada", last_name="Lovelace")
    incident = an_incident(
        title="Orders time out",
        owner=ada,
        summary="**All** of them.",
        time_zone="Europe/Berlin",
        began_at=datetime(2019, 12, 24, 21, 30, tzinfo=UTC),
        began_precision="minute",
    )
    incident.services.add(a_service(name="Orders", slug="orders"))
    incident.teams.add(a_team(name="Shop", slug="shop"))
    incident.tags.add(a_tag(name="pools"))
    an_event(incident, text="It rose.", known_then=None)
    knob = a_knob(component="unicorn", key="timeout")
    a_delta(incident, knob=knob, before="", before_known="unknown", after="60")
    a_contributing_factor(incident, factor=a_factor(slug="pool"), how="It filled.")
    a_runbook_use(incident, runbook=a_runbook(slug="full"))
    ImpactMeasure.objects.create(incident=incident, name="Orders")
    Participant.objects.create(incident=incident, name="The host", hours="1.50")
    lesson = a_lesson(learned_from=incident)
    earlier = a_lesson()
    LessonLink.objects.create(incident=incident, lesson=earlier, relation="violated")
    other = an_incident()
    RelatedIncident.objects.create(incident=incident, other=other)
    item = an_action_item(incident=incident, due_date=date(2020, 1, 2))

    told = Program().reads(f"incidents/{incident.reference}/")

    assert told["page"].endswith(incident.get_absolute_url())
    assert told["summary"] == "**All** of them."
    assert told["owner"] == {"username": "ada", "name": "Ada Lovelace"}
    assert told["began"] == {
        "at": "2019-12-24T22:30+01:00",
        "starts_at": "2019-12-24T21:30:00Z",
        "precision": "minute",
        "zone": "Europe/Berlin",
    }
    unknown = {"at": None, "starts_at": None, "precision": "unknown", "zone": "Europe/Berlin"}
    assert told["resolved"] == unknown
    assert told["tags"] == ["pools"]
    assert told["services"] == [{"slug": "orders", "name": "Orders"}]
    assert told["teams"] == [{"slug": "shop", "name": "Shop"}]
    (event,) = told["events"]
    assert (event["text"], event["known_then"], event["time"]) == ("It rose.", None, unknown)
    (delta,) = told["deltas"]
    assert (delta["before"], delta["before_known"]) == (None, "unknown")
    assert (delta["after"], delta["after_known"]) == ("60", "known")
    assert delta["knob"]["key"] == "timeout"
    assert [one["factor"]["slug"] for one in told["factors"]] == ["pool"]
    assert [one["runbook"]["slug"] for one in told["runbook_uses"]] == ["full"]
    assert [one["value"] for one in told["measures"]] == [None]
    assert [(one["person"], one["name"], one["hours"]) for one in told["people"]] == [
        (None, "The host", 1.5)
    ]
    assert [one["reference"] for one in told["lessons"]] == [lesson.reference]
    assert [one["lesson"]["reference"] for one in told["lesson_links"]] == [earlier.reference]
    assert [one["other"]["reference"] for one in told["related"]] == [other.reference]
    assert [one["reference"] for one in told["action_items"]] == [item.reference]


def test_what_hangs_on_an_open_incident_and_on_a_hidden_one_is_not_told() -> None:
    incident, hidden = an_incident(), a_restricted_incident()
    lesson = a_lesson(learned_from=hidden)
    an_action_item(incident=incident, lesson=lesson)
    LessonLink.objects.create(incident=incident, lesson=lesson, relation="upheld")
    RelatedIncident.objects.create(incident=incident, other=hidden)
    replaced = a_lesson(state="superseded", superseded_by=lesson)
    program = Program()
    told = program.reads(f"incidents/{incident.reference}/")
    assert (told["action_items"], told["lesson_links"], told["related"]) == ([], [], [])
    assert program.reads(f"lessons/{replaced.reference}/")["replacement"] is None
    assert program.reads("actions/")["results"] == []


@pytest.mark.parametrize(
    ("precision", "at"),
    [
        ("year", "2019"),
        ("month", "2019-12"),
        ("day", "2019-12-24"),
        ("hour", "2019-12-24T22-05:00"),
        ("minute", "2019-12-24T22:30-05:00"),
    ],
)
def test_a_time_is_as_long_as_it_is_precise(precision: str, at: str) -> None:
    moment = datetime(2019, 12, 25, 3, 30, tzinfo=UTC)
    time = ApproximateTime(moment, Precision(precision))
    assert time_of(time, "America/New_York")["at"] == at


def test_a_lesson_is_told_with_its_guard() -> None:
    lesson = a_lesson()
    Guard.objects.create(lesson=lesson, expression="a.b < 1", message="No")
    lesson.knobs.add(a_knob(key="pool"))
    told = Program().reads(f"lessons/{lesson.reference}/")
    assert told["guard"]["expression"] == "a.b < 1"
    assert [knob["key"] for knob in told["knobs"]] == ["pool"]
    assert Program().reads(f"lessons/{a_lesson().reference}/")["guard"] is None


def test_a_knob_is_told_with_its_turns() -> None:
    knob = a_knob()
    shown = an_incident()
    a_delta(shown, knob=knob, before="1", after="2")
    a_delta(a_restricted_incident(), knob=knob, before="2", after="3")
    program = Program()
    assert program.reads(f"knobs/{knob.pk}/")["turned"] == 1
    (turn,) = program.reads(f"knobs/{knob.pk}/turns/")["results"]
    assert (turn["incident"]["reference"], turn["after"]) == (shown.reference, "2")


def test_files_are_told_and_fetched() -> None:
    program, data = Program(), bytes(range(256))
    incident, runbook = an_incident(), a_runbook()
    paths = {f"incidents/{incident.reference}": incident, f"runbooks/{runbook.slug}": runbook}
    for path, record in paths.items():
        kept, removed = attach(
            record, [NewFile("a b.bin", data), NewFile("old", b"x")], by=None, at=NOW
        )
        remove_attachment(removed, by=a_user(), at=NOW)
        (told,) = program.reads(f"{path}/attachments/")["results"]

        assert (told["id"], told["name"], told["size"]) == (kept.pk, "a b.bin", 256)
        content = program.asks(f"attachments/{kept.pk}/content/")
        assert content.content == data
        assert content["Content-Disposition"] == 'attachment; filename="a b.bin"'
        assert told["content"].endswith(f"/api/v1/attachments/{kept.pk}/content/")
        assert program.asks(f"attachments/{removed.pk}/content/").status_code == 404


def test_of_people_there_are_the_names() -> None:
    a_user(username="ada", email="ada@secret.example")
    told = Program().reads("people/ada/")
    assert told == {"username": "ada", "name": "ada"}
    # Whether an address is somebody's cannot be asked.
    assert Program().reads("people/", {"q": "secret.example"})["results"] == []
    assert names_of(Program().reads("people/", {"q": "ada"}), "username") == ["ada"]


def test_what_something_was_reopened_for_is_told_to_who_may_know() -> None:
    named = a_user()
    hidden = a_restricted_incident(named)
    item = an_action_item(reopened_for=hidden)
    path = f"actions/{item.reference}/"
    assert Program(named).reads(path)["reopened"] == hidden.reference
    assert Program().reads(path)["reopened"] is None


def test_a_frozen_review_is_told_with_its_figures() -> None:
    freeze_a_year(a_user("admin"))
    program = Program()
    (row,) = program.reads("reviews/")["results"]
    assert (row["period"], row["starts"], row["ends"]) == ("2025", "2025-01-01", "2025-12-31")
    told = program.reads(f"reviews/{row['id']}/")
    assert {"kind", "severity"} <= {figure["key"] for figure in told["figures"]}
    assert len(told["sha256"]) == 64


def test_withdrawn_incidents_are_asked_for() -> None:
    an_incident(state="withdrawn", withdrawn_reason="A test")
    program = Program()
    assert program.reads("incidents/")["results"] == []
    assert names_of(program.reads("incidents/", {"state": "withdrawn"}), "state") == ["withdrawn"]


def test_the_filters_are_the_pages() -> None:
    wanted = an_incident(severity="sev1")
    an_incident(severity="sev2")
    found = Program().reads("incidents/", {"severity": ["sev1", "sev3"]})
    assert names_of(found, "reference") == [wanted.reference]
    done = an_action_item(state="done", evidence="The graph")
    open_one = an_action_item()
    every = names_of(Program().reads("actions/"), "reference")
    assert every == [open_one.reference, done.reference]


def test_pages_follow_one_another_and_nothing_is_told_twice() -> None:
    for _ in range(7):
        an_incident()
    program, seen, address = Program(), [], f"{ROOT}incidents/?limit=3"
    while address:
        page = program.client.get(address).json()
        seen.append(names_of(page, "reference"))
        # Between two pages somebody adds one.
        an_incident()
        last, address = page, page["next"]

    assert [len(names) for names in seen] == [3, 3, 1]
    assert len({name for names in seen for name in names}) == 7
    back = program.client.get(last["previous"]).json()
    assert names_of(back, "reference") == seen[1]


def test_an_answer_that_is_known_is_not_told_again() -> None:
    incident, program = an_incident(), Program()
    path = f"incidents/{incident.reference}/"
    first = program.asks(path)
    assert first["ETag"].startswith('"1.')
    assert "X-Version" not in first

    again = program.asks(path, **{"If-None-Match": first["ETag"]})
    assert (again.status_code, again.content, again["ETag"]) == (304, b"", first["ETag"])
    # A part is told, too, and has a version of its own.
    an_event(incident)
    changed = program.asks(path, **{"If-None-Match": first["ETag"]})
    assert changed.status_code == 200
    assert changed["ETag"] != first["ETag"]


@pytest.mark.parametrize("path", LISTS)
def test_lists_have_tags_too(path: str) -> None:
    program = Program()
    first = program.asks(path)
    assert program.asks(path, **{"If-None-Match": first["ETag"]}).status_code == 304
    assert program.client.head(ROOT + path).content == b""


def fill(number: int) -> None:
    for _ in range(number):
        incident = an_incident(owner=a_user())
        incident.services.add(a_service(team=a_team(a_user(), a_user())))
        incident.teams.add(a_team())
        incident.tags.add(a_tag())
        knob = a_knob()
        a_delta(incident, knob=knob)
        a_contributing_factor(incident)
        an_event(incident)
        lesson = a_lesson(learned_from=incident, superseded_by=a_lesson(), state="superseded")
        lesson.knobs.add(knob)
        Guard.objects.create(lesson=lesson, expression="true", message="No")
        runbook = a_runbook(owner=a_user(), team=a_team())
        runbook.services.add(a_service())
        a_runbook_use(incident, runbook=runbook)
        an_action_item(
            incident=incident,
            lesson=lesson,
            owner=a_user(),
            team=a_team(),
            reopened_for=an_incident(),
        )


@pytest.mark.parametrize("path", [*LISTS[:-1], "knobs/{}/turns/"])
def test_the_queries_do_not_grow_with_the_rows(
    path: str, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    program, knob, counts = Program(last_used_at=timezone.now()), a_knob(), []
    for number in (3, 27):
        fill(number)
        for _ in range(number):
            a_delta(an_incident(owner=a_user()), knob=knob)
        with django_assert_max_num_queries(15) as asked:
            found = program.reads(path.format(knob.pk), {"limit": 100})
        assert len(found["results"]) >= number
        counts.append(len(asked))
    assert counts[0] == counts[1]


def test_the_queries_for_files_do_not_grow() -> None:
    program, incident, counts = Program(last_used_at=timezone.now()), an_incident(), []
    for number in (2, 20):
        for each in range(number):
            attach(incident, [NewFile(f"{number} {each}", b"x")], by=a_user(), at=NOW)
        with CaptureQueriesContext(connection) as asked:
            program.reads(f"incidents/{incident.reference}/attachments/")
        counts.append(len(asked))
    assert counts[0] == counts[1]


def test_the_queries_of_an_incident_do_not_grow_with_its_parts(
    django_assert_max_num_queries: DjangoAssertNumQueries,
) -> None:
    program, incident, counts = Program(last_used_at=timezone.now()), an_incident(), []
    for number in (3, 27):
        for _ in range(number):
            an_event(incident)
            a_delta(incident)
            a_contributing_factor(incident)
            a_runbook_use(incident)
            Participant.objects.create(incident=incident, person=a_user())
            LessonLink.objects.create(incident=incident, lesson=a_lesson(), relation="upheld")
            an_action_item(incident=incident, owner=a_user(), lesson=a_lesson(), team=a_team())
        with django_assert_max_num_queries(25) as asked:
            program.reads(f"incidents/{incident.reference}/")
        counts.append(len(asked))
    assert counts[0] == counts[1]
