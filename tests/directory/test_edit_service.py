"""Adding and editing a service."""

import pytest
from django.test import Client

from incidents.models import Change, Service
from tests.factories import a_form, a_service, a_team, a_user

pytestmark = pytest.mark.django_db


def form(**fields: object) -> dict[str, object]:
    return {"version": 1, "name": "Orders", "slug": "orders", "state": "running", **fields}


def test_it_works(client: Client) -> None:
    me, team = a_user(), a_team()
    client.force_login(me)

    answer = client.post("/services/new/", a_form(name="Order API", team=team.pk))

    assert answer["Location"] == "/services/order-api/"
    assert (Service.objects.get().team, Change.objects.get().by) == (team, me)


def test_a_service_is_changed(client: Client) -> None:
    a_service(name="Orders", slug="orders")
    client.force_login(a_user())
    assert client.get("/services/orders/edit/").status_code == 200

    answer = client.post("/services/orders/edit/", form(state="retired", slug="old-orders"))

    assert answer["Location"] == "/services/old-orders/"
    assert Service.objects.get().state == "retired"


def test_the_second_saver_sees_both_texts(client: Client) -> None:
    a_service(name="Orders", slug="orders")
    client.force_login(a_user())
    client.post("/services/orders/edit/", form(description="Hers"))

    answer = client.post("/services/orders/edit/", form(description="His"))

    assert answer.status_code == 409
    assert answer.context["form"].conflicts[0].saved == "Hers"


@pytest.mark.parametrize("slug", ["orders", "new", "a b"])
def test_an_address_that_cannot_be_is_refused(client: Client, slug: str) -> None:
    a_service(slug="orders")
    client.force_login(a_user())

    answer = client.post("/services/new/", a_form(name="Kept name", slug=slug))

    assert answer.status_code == 422
    assert "slug" in answer.context["form"].errors
    assert "Kept name" in answer.content.decode()


def test_a_reader_may_not(client: Client) -> None:
    a_service(slug="orders")
    client.force_login(a_user("reader"))
    assert client.post("/services/new/", a_form(name="Orders")).status_code == 403
    assert client.post("/services/orders/edit/", form()).status_code == 403
