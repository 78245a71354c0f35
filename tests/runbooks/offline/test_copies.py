import json
from datetime import date
from gzip import decompress
from typing import Any

import pytest
from pytest_django import DjangoAssertNumQueries, Settings

from incidents.directory.operations import change_person, change_service, change_team
from incidents.lookup.operations import keep_findable
from incidents.models import Incident, Runbook, RunbookWords
from incidents.runbooks.offline.copies import Kept, copy_of, fingerprint, in_json
from incidents.runbooks.offline.queries import runbooks_to_copy
from incidents.runbooks.operations import change_runbook, create_runbook, verify_runbook
from tests.access.restricted import MARK, a_world, hide_an_incident
from tests.factories import (
    NOW,
    a_delta,
    a_knob,
    a_runbook,
    a_runbook_use,
    a_service,
    a_team,
    a_user,
    an_incident,
)

pytestmark = pytest.mark.django_db

SITE = "https://postmortems.example"


def a_written(**values: Any) -> Runbook:
    runbook = a_runbook(**values)
    keep_findable(runbook)
    return runbook


def test_it_works() -> None:
    runbook = a_runbook(
        title="Make room",
        slug="room",
        summary="When a disk is full",
        alerts='DiskFull\nalertname=~"Disk.*", team!="db"',
        body_html="<ol><li>Look.</li></ol>",
        owner=a_user(first_name="Ada", last_name="Byron"),
        team=a_team(name="Platform"),
        last_verified_date=date(2026, 1, 2),
    )
    runbook.services.add(
        a_service(name="Orders", slug="orders", links="Logs https://logs.example/")
    )

    copy = copy_of(runbooks_to_copy(), site=SITE, at=NOW)

    assert copy["site"] == SITE
    assert copy["made_at"] == "2026-03-14T12:00:00+00:00"
    [told] = copy["runbooks"]
    assert told["slug"] == "room"
    links = [{"label": "Logs", "address": "https://logs.example/"}]
    assert told["services"] == [{"name": "Orders", "slug": "orders", "links": links}]
    assert (told["owner"], told["team"], told["verified"]) == (
        "Ada Byron",
        "Platform",
        "2026-01-02",
    )
    assert told["html"] == told["steps"] == "<ol><li>Look.</li></ol>"
    exact, pattern = told["alerts"]
    assert exact["matchers"] == [{"label": "alertname", "operator": "=", "value": "DiskFull"}]
    assert exact["specificity"] > pattern["specificity"]
    assert pattern["matchers"][0]["pattern"] == r"Disk[^\n]*"


def test_a_line_that_the_device_cannot_try_is_there_and_says_so() -> None:
    a_runbook(alerts='alertname=~"(a+)+"')

    [line] = copy_of(runbooks_to_copy(), site=SITE, at=NOW)["runbooks"][0]["alerts"]

    assert line["text"] == 'alertname=~"(a+)+"'
    assert line["matchers"] is None


def test_retired_runbooks_are_not_in_it() -> None:
    a_runbook(state="retired")

    assert runbooks_to_copy() == []


def test_of_some_services_it_has_theirs_and_those_that_name_none() -> None:
    orders, search = a_service(slug="orders"), a_service(slug="search")
    for title, services in [("a", [orders, search]), ("b", [search]), ("c", [])]:
        a_runbook(title=title).services.set(services)

    assert [one.title for one in runbooks_to_copy(["orders"])] == ["a", "c"]
    assert [one.title for one in runbooks_to_copy(["orders", "search"])] == ["a", "b", "c"]
    assert [one.title for one in runbooks_to_copy(["nobodys"])] == ["c"]


def test_nothing_of_a_restricted_incident_is_in_it() -> None:
    world = a_world()
    before = copy_of(runbooks_to_copy(), site=SITE, at=NOW)
    hide_an_incident(world)
    # What is not published is in no copy, whoever may see it.
    Incident.objects.update(state="published", published_at=NOW)
    Incident.objects.filter(pk=world.open[Incident].pk).update(state="draft", published_at=None)

    assert Runbook.objects.filter(uses__incident=world.incident).exists()
    assert copy_of(runbooks_to_copy(), site=SITE, at=NOW) == before
    assert MARK.encode() not in in_json(before)


def test_what_is_kept_of_the_texts_gives_the_copy_that_reading_them_gives() -> None:
    for title in ("Make room", "The pool is empty"):
        html = "<ol><li>Look.</li></ol>"
        runbook = a_runbook(title=title, alerts="DiskFull", body="No connection.", body_html=html)
        runbook.services.add(a_service())
        runbook.knobs.add(a_knob())
    read_now = copy_of(runbooks_to_copy(), site=SITE, at=NOW)
    keep_findable(*Runbook.objects.all())

    assert RunbookWords.objects.count() == 2
    assert copy_of(runbooks_to_copy(), site=SITE, at=NOW) == read_now


def test_every_change_of_what_is_in_it_gives_another_fingerprint(settings: Settings) -> None:
    owner, team, service = a_user(), a_team(), a_service(name="Orders")
    values = {"title": "Make room", "owner": owner, "team": team}
    runbook = create_runbook(values=values, by=None, at=NOW)
    seen = [fingerprint([])]

    def change(values: dict[str, Any]) -> None:
        current = Runbook.objects.get(pk=runbook.pk)
        change_runbook(current, version=current.version, values=values, by=None, at=NOW)

    for one in (
        lambda: change({"title": "Make more room"}),
        lambda: change({"title": "Make room"}),
        lambda: change({"services": [service]}),
        lambda: change_service(service, version=1, values={"name": "Order"}, by=None, at=NOW),
        lambda: keep_findable(runbook),
        lambda: change_person(owner, version=1, values={"first_name": "Ada"}, by=owner, at=NOW),
        lambda: change_team(team, version=1, values={"name": "Another"}, by=None, at=NOW),
        lambda: verify_runbook(
            Runbook.objects.get(), version=Runbook.objects.get().version, by=owner, at=NOW
        ),
        lambda: change({"state": "retired"}),
        a_runbook,
        lambda: setattr(settings, "RUNBOOK_VERIFY_DAYS", 7),
        lambda: setattr(settings, "SITE_URL", "https://another.example"),
    ):
        one()
        seen.append(fingerprint([]))

    assert len(set(seen)) == len(seen)
    assert fingerprint([]) == seen[-1]
    assert fingerprint(["orders"]) not in seen


def test_what_is_in_no_copy_leaves_the_fingerprint() -> None:
    a_written()
    before = fingerprint([])
    a_service()
    a_team()
    a_user()

    assert fingerprint([]) == before
    assert fingerprint(["a", "b"]) == fingerprint(["b", "a", "b"])


def test_the_same_copy_is_made_once() -> None:
    kept = Kept()
    a_written(title="Make room")

    first = kept.copy("one", [], at=NOW)

    assert kept.copy("one", [], at=NOW) is first
    assert json.loads(decompress(first))["runbooks"][0]["title"] == "Make room"
    for number in range(Kept.MOST):
        kept.copy(str(number), [], at=NOW)
    assert len(kept.made) == Kept.MOST
    assert "one" not in kept.made


@pytest.mark.parametrize("count", [3, 30])
@pytest.mark.parametrize("is_kept", [True, False])
def test_the_queries_do_not_grow_with_the_rows(
    count: int, is_kept: bool, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    for _ in range(count):
        runbook = a_runbook(owner=a_user(), team=a_team(), alerts="DiskFull")
        runbook.services.add(a_service())
        runbook.knobs.add(a_knob())
        incident = an_incident(state="published", published_at=NOW)
        a_runbook_use(incident, runbook=runbook)
        a_delta(incident, part="fixed")
    if is_kept:
        keep_findable(*Runbook.objects.all())

    with django_assert_num_queries(5 if is_kept else 8):
        copy_of(runbooks_to_copy(), site=SITE, at=NOW)


def test_of_a_fingerprint_no_text_is_read(
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    a_written(body_html="<p>Look.</p>")

    with django_assert_num_queries(6) as asked:
        fingerprint([])

    assert not [one["sql"] for one in asked if "body" in one["sql"] or "title" in one["sql"]]
