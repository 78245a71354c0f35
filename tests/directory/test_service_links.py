"""Where to look when a service breaks: kept with the service, shown with its runbooks."""

import pytest
from django.test import Client

from incidents.directory.operations import WrongLinks, create_service
from incidents.models import Change, Service
from tests.factories import NOW, a_runbook, a_service, a_user

pytestmark = pytest.mark.django_db

LINKS = "Error rate https://grafana.example/d/1?a=1&b=2\nhttps://logs.example/orders"


def form(**fields: object) -> dict[str, object]:
    return {"version": 1, "name": "Orders", "slug": "orders", "state": "running", **fields}


def test_it_works(client: Client) -> None:
    service = a_service(name="Orders", slug="orders")
    a_runbook(slug="room").services.add(service)
    client.force_login(a_user())

    client.post("/services/orders/edit/", form(links=LINKS))

    for page in ("/services/orders/", "/runbooks/room/"):
        told = client.get(page).content.decode()
        assert 'href="https://grafana.example/d/1?a=1&amp;b=2"' in told
        assert "<bdi>Error rate</bdi>" in told
        assert "<bdi>logs.example</bdi>" in told
    assert Change.objects.get().parts[0]["fields"]["links"] == ["", LINKS]


def test_an_address_that_is_not_safe_is_refused(client: Client) -> None:
    a_service(name="Orders", slug="orders")
    client.force_login(a_user())
    answer = client.post("/services/orders/edit/", form(links="Logs javascript:alert(1)"))
    assert answer.status_code == 422
    told = answer.content.decode()
    assert "Line 1: “javascript:alert(1)” is no address that begins with" in told
    assert "Logs javascript:alert(1)</textarea>" in told


def test_by_no_other_way_either() -> None:
    values = {"name": "Orders", "links": "Logs javascript:alert(1)"}
    with pytest.raises(WrongLinks):
        create_service(values=values, by=a_user(), at=NOW)
    assert not Service.objects.exists()


def test_what_was_written_past_all_that_is_not_shown(client: Client) -> None:
    a_service(slug="orders", links="Logs javascript:alert(1)")
    client.force_login(a_user())
    assert "javascript:" not in client.get("/services/orders/").content.decode()
