import json
from datetime import date
from gzip import decompress

import pytest

from incidents.models import Runbook
from incidents.runbooks.offline.copies import Kept, copy_of, fingerprint, in_json
from incidents.runbooks.offline.queries import runbooks_to_copy
from tests.access.restricted import MARK, a_world, hide_an_incident
from tests.factories import NOW, a_knob, a_runbook, a_service, a_team, a_user

pytestmark = pytest.mark.django_db

SITE = "https://postmortems.example"


def mark() -> str:
    return fingerprint(runbooks_to_copy(), site=SITE)


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

    assert Runbook.objects.filter(uses__incident=world.incident).exists()
    assert copy_of(runbooks_to_copy(), site=SITE, at=NOW) == before
    assert MARK.encode() not in in_json(before)


def test_every_change_of_what_is_in_it_gives_another_fingerprint() -> None:
    runbook = a_runbook(title="Make room", owner=a_user(), team=a_team())
    service, knob = a_service(), a_knob()
    seen = [mark()]
    for change in (
        lambda: Runbook.objects.update(title="Make more room"),
        lambda: Runbook.objects.update(body_html="<p>Look.</p>"),
        lambda: Runbook.objects.update(alerts="DiskFull"),
        lambda: Runbook.objects.update(last_verified_date=date(2026, 1, 2)),
        lambda: runbook.services.add(service),
        lambda: type(service).objects.update(name="Another"),
        lambda: type(service).objects.update(links="https://logs.example/"),
        lambda: runbook.knobs.add(knob),
        lambda: type(runbook.owner).objects.update(first_name="Another"),
        lambda: type(runbook.team).objects.update(name="Another"),
        a_runbook,
    ):
        change()
        seen.append(mark())

    assert len(set(seen)) == len(seen)
    assert mark() == seen[-1]


def test_the_same_copy_is_made_once() -> None:
    kept = Kept()
    a_runbook(title="Make room")
    rows = runbooks_to_copy()

    first = kept.copy("one", rows, site=SITE, at=NOW)

    assert kept.copy("one", [], site=SITE, at=NOW) is first
    assert json.loads(decompress(first))["runbooks"][0]["title"] == "Make room"
    for number in range(Kept.MOST):
        kept.copy(str(number), [], site=SITE, at=NOW)
    assert len(kept.made) == Kept.MOST
    assert "one" not in kept.made


@pytest.mark.parametrize("count", [3, 30])
def test_the_queries_do_not_grow_with_the_rows(
    count: int, django_assert_num_queries: object
) -> None:
    for _ in range(count):
        runbook = a_runbook(owner=a_user(), team=a_team(), alerts="DiskFull")
        runbook.services.add(a_service())
        runbook.knobs.add(a_knob())

    with django_assert_num_queries(3):
        rows = runbooks_to_copy()
        fingerprint(rows, site=SITE)
        copy_of(rows, site=SITE, at=NOW)
