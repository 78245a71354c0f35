"""The list of services, and the page of each."""

import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from tests.factories import (
    a_restricted_incident,
    a_runbook,
    a_service,
    a_team,
    a_user,
    an_incident,
)

pytestmark = pytest.mark.django_db


def names(client: Client, query: str = "") -> list[str]:
    answer = client.get(f"/services/{query}")
    assert answer.status_code == 200
    return [service.name for service in answer.context["page"]]


def test_it_works(client: Client) -> None:
    client.force_login(a_user("reader"))
    orders = a_service(name="Orders", slug="orders", team=a_team(name="Core"))
    a_service(name="Cache")
    an_incident().services.add(orders)
    a_runbook().services.add(orders)
    a_runbook(state="retired").services.add(orders)

    answer = client.get("/services/")

    page = list(answer.context["page"])
    assert [service.name for service in page] == ["Cache", "Orders"]
    assert (page[1].incident_count, page[1].runbook_count) == (1, 1)
    assert "Core" in answer.content.decode()
    assert "New service" not in answer.content.decode()


def test_it_can_be_narrowed(client: Client) -> None:
    client.force_login(a_user())
    a_service(name="Orders", team=a_team(slug="core"))
    a_service(name="Cache", state="retired", description="Redis")

    assert names(client, "?team=core") == ["Orders"]
    assert names(client, "?state=retired") == ["Cache"]
    assert names(client, "?q=redis") == ["Cache"]
    assert names(client, "?sort=-name") == ["Orders", "Cache"]


def test_the_page_tells_what_there_is(client: Client) -> None:
    client.force_login(a_user())
    orders = a_service(name="Orders", slug="orders", description_html="<p>Takes orders.</p>")
    an_incident(title="Orders time out").services.add(orders)
    a_runbook(title="Queue is full").services.add(orders)

    text = client.get("/services/orders/").content.decode()

    for part in ("<p>Takes orders.</p>", "Orders time out", "Queue is full", "nobody"):
        assert part in text


def test_strangers_learn_nothing_of_restricted_incidents(client: Client) -> None:
    named = a_user()
    orders = a_service(slug="orders")
    secret = a_restricted_incident(named, title="The secret thing")
    secret.services.add(orders)

    client.force_login(named)
    assert "The secret thing" in client.get("/services/orders/").content.decode()
    client.force_login(a_user("admin"))
    answer = client.get("/services/orders/")

    assert "secret" not in answer.content.decode()
    assert answer.context["incident_count"] == 0
    (row,) = client.get("/services/").context["page"]
    assert row.incident_count == 0


def test_more_rows_are_not_more_queries(
    client: Client, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    client.force_login(a_user())
    for number in (3, 27):
        for _ in range(number):
            a_service(team=a_team())
        with django_assert_max_num_queries(7):
            client.get("/services/")


def test_more_incidents_are_not_more_queries(
    client: Client, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    client.force_login(a_user())
    service = a_service(slug="orders")
    for _ in range(30):
        an_incident().services.add(service)
        a_runbook().services.add(service)
    with django_assert_max_num_queries(8):
        client.get("/services/orders/")
