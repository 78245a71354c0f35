"""Writing down what is to be done."""

import pytest
from django.test import Client

from incidents.models import ActionItem, Change
from tests.factories import a_form, a_restricted_incident, a_user, an_incident

pytestmark = pytest.mark.django_db


def form(**fields: object) -> dict[str, object]:
    return a_form(title="Alert on memory", kind="detect", origin="decided", **fields)


def test_it_works(client: Client) -> None:
    me, incident = a_user(), an_incident()
    client.force_login(me)

    answer = client.post(
        "/actions/new/",
        form(incident=incident.reference, owner=me.pk, due_date="2026-05-01", tracker_url="x.org"),
    )

    item = ActionItem.objects.get()
    assert answer["Location"] == f"/actions/{item.reference}/"
    assert (item.incident, item.owner, item.state) == (incident, me, "open")
    assert item.tracker_url == "https://x.org"
    assert Change.objects.get().by == me


def test_the_incident_is_filled_in(client: Client) -> None:
    client.force_login(a_user())
    assert 'value="INC-4"' in client.get("/actions/new/?incident=INC-4").content.decode()


def test_an_incident_that_one_may_not_know_of_does_not_exist(client: Client) -> None:
    secret = a_restricted_incident(a_user(), title="The secret thing")
    client.force_login(a_user("admin"))

    answer = client.post("/actions/new/", form(incident=secret.reference, body="Kept"))

    assert answer.status_code == 422
    assert "incident" in answer.context["form"].errors
    assert "Kept" in answer.content.decode()
    assert "secret" not in answer.content.decode()
    assert not ActionItem.objects.exists()


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("title", ""),
        ("kind", "guess"),
        ("due_date", "soon"),
        ("tracker_url", "javascript:alert(1)"),
        ("owner", "99"),
    ],
)
def test_bad_input_comes_back_beside_its_field(client: Client, field: str, value: str) -> None:
    client.force_login(a_user())

    answer = client.post("/actions/new/", {**form(body="Kept"), field: value})

    assert answer.status_code == 422
    assert field in answer.context["form"].errors
    assert "Kept" in answer.content.decode()


def test_a_reader_may_not(client: Client) -> None:
    client.force_login(a_user("reader"))
    assert client.post("/actions/new/", form()).status_code == 403
