"""The list of runbooks."""

from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from incidents.models import RunbookState
from tests.factories import (
    a_restricted_incident,
    a_runbook,
    a_runbook_use,
    a_service,
    a_team,
    a_user,
    an_incident,
)

pytestmark = pytest.mark.django_db


def titles(client: Client, query: str = "") -> list[str]:
    answer = client.get(f"/runbooks/{query}")
    assert answer.status_code == 200
    return [runbook.title for runbook in answer.context["page"]]


def test_it_works(client: Client) -> None:
    client.force_login(a_user("reader"))
    redis = a_runbook(title="Redis is full")
    redis.services.add(a_service(name="Cache", slug="cache"))
    a_runbook(title="Disk is full")
    a_runbook_use(an_incident(), runbook=redis, served="partly")
    a_runbook_use(an_incident(), runbook=redis, served="wrong")
    a_runbook_use(an_incident(), runbook=redis, served="would_have_helped")

    answer = client.get("/runbooks/")

    page = list(answer.context["page"])
    assert [row.title for row in page] == ["Disk is full", "Redis is full"]
    assert (page[1].helped_count, page[1].failed_count) == (1, 1)
    assert "Cache" in answer.content.decode()
    assert "New runbook" not in answer.content.decode()


def test_it_can_be_narrowed(client: Client) -> None:
    client.force_login(a_user())
    today = timezone.now().date()
    redis = a_runbook(title="Redis", alerts="RedisMemoryHigh", last_verified_date=today)
    redis.services.add(a_service(slug="cache"))
    old = today - timedelta(days=400)
    a_runbook(title="Disk", team=a_team(slug="core"), last_verified_date=old)
    a_runbook(title="Queue", state=RunbookState.RETIRED)

    assert titles(client, "?service=cache") == ["Redis"]
    assert titles(client, "?team=core") == ["Disk"]
    assert titles(client, "?state=retired") == ["Queue"]
    assert titles(client, "?q=redismemory") == ["Redis"]
    assert titles(client, "?verified=later") == ["Redis"]
    assert titles(client, "?verified=due") == ["Disk"]
    assert titles(client, "?verified=never") == ["Queue"]
    assert titles(client, "?sort=-title") == ["Redis", "Queue", "Disk"]


@pytest.mark.parametrize("query", ["?service=none", "?verified=stale", "?page=x", "?q=%00"])
def test_a_wish_that_makes_no_sense_is_answered(client: Client, query: str) -> None:
    client.force_login(a_user())
    a_runbook()

    assert client.get(f"/runbooks/{query}").status_code == 200


def test_restricted_incidents_do_not_count_for_strangers(client: Client) -> None:
    named = a_user()
    a_runbook_use(a_restricted_incident(named))

    for reader, count in ((named, 1), (a_user("admin"), 0)):
        client.force_login(reader)
        (row,) = client.get("/runbooks/").context["page"]
        assert row.helped_count == count


def test_more_rows_are_not_more_queries(
    client: Client, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    client.force_login(a_user())
    incident, team = an_incident(), a_team()
    for number in (3, 27):
        for _ in range(number):
            runbook = a_runbook(owner=a_user(), team=team)
            runbook.services.add(a_service())
            a_runbook_use(incident, runbook=runbook)
        with django_assert_max_num_queries(8):
            client.get("/runbooks/")
