"""One's own profile."""

import pytest
from django.test import Client

from incidents.models import Change
from tests.factories import a_user

pytestmark = pytest.mark.django_db


def form(**fields: object) -> dict[str, object]:
    return {"version": 1, "first_name": "Grace", "last_name": "", "time_zone": "UTC", **fields}


@pytest.mark.parametrize("role", ["reader", "editor", "admin"])
def test_it_works(client: Client, role: str) -> None:
    me = a_user(role)
    client.force_login(me)
    assert client.get("/me/").status_code == 200

    answer = client.post("/me/", form(time_zone="Europe/Berlin"))

    assert answer["Location"] == me.get_absolute_url()
    me.refresh_from_db()
    assert (me.first_name, me.time_zone) == ("Grace", "Europe/Berlin")
    assert Change.objects.get().by == me


def test_nobody_gives_themselves_a_role(client: Client) -> None:
    me = a_user("reader")
    client.force_login(me)

    client.post("/me/", form(role="admin", username="root", is_active="", email="a@b.c"))

    before = (me.role, me.username, me.email)
    me.refresh_from_db()
    assert (me.role, me.username, me.email) == before


@pytest.mark.parametrize("zone", ["Mars/Olympus", "", "../etc/passwd"])
def test_a_zone_that_does_not_exist_is_refused(client: Client, zone: str) -> None:
    client.force_login(a_user())

    answer = client.post("/me/", form(first_name="Kept", time_zone=zone))

    assert answer.status_code == 422
    assert "time_zone" in answer.context["form"].errors
    assert "Kept" in answer.content.decode()


def test_two_windows_do_not_overwrite_each_other(client: Client) -> None:
    client.force_login(a_user())
    client.post("/me/", form(first_name="Hers"))

    answer = client.post("/me/", form(first_name="His"))

    assert answer.status_code == 409


def test_nobody_is_asked_to_sign_in(client: Client) -> None:
    assert client.get("/me/").status_code == 302
