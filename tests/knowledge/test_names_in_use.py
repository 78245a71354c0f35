"""Names that only restricted records use: shown to no stranger, and yet taken (decision 15)."""

from typing import Any
from uuid import uuid4

import pytest
from django.test import Client

from incidents.models import Change, Factor, Incident, Knob, User
from tests.factories import (
    NOW,
    a_contributing_factor,
    a_delta,
    a_factor,
    a_knob,
    a_restricted_incident,
    a_user,
    an_incident,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def stranger(client: Client) -> User:
    user = a_user()
    client.force_login(user)
    return user


@pytest.fixture
def secret() -> Incident:
    """With a factor and a knob that nobody else uses."""
    incident = a_restricted_incident(a_user(), title="Hushed")
    factor = a_factor(name="Bribery", slug="bribery", category="organisation")
    a_contributing_factor(incident, factor=factor, how="By envelope")
    a_delta(incident, knob=a_knob(component="vault", key="seal"), after="4711")
    return incident


def text(client: Client, url: str) -> str:
    answer = client.get(url)
    assert answer.status_code == 200
    return answer.content.decode()


def add(client: Client, incident: Incident, kind: str, **fields: Any) -> Any:
    sent = {"token": str(uuid4()), **fields}
    return client.post(f"/incidents/{incident.reference}/{kind}/new/", sent)


def use_bribery(client: Client, incident: Incident) -> Any:
    return add(client, incident, "factor", factor_name="bribery", category="", how="So it seems")


def turn_seal(client: Client, incident: Incident) -> Any:
    return add(
        client,
        incident,
        "delta",
        component="vault",
        key="seal",
        before="1",
        before_known="known",
        after="2",
        after_known="known",
        part="tried",
    )


@pytest.mark.parametrize(
    "address",
    ["/factors/", "/knobs/", "/factors/?q=bribery", "/knobs/?q=seal", "/incidents/", "new part"],
)
def test_no_list_and_no_suggestion_names_them(
    client: Client, stranger: User, secret: Incident, address: str
) -> None:
    own = an_incident(title="Mine")
    addresses = [address]
    if address == "new part":
        addresses = [f"/incidents/{own.reference}/{kind}/new/" for kind in ("factor", "delta")]
    for each in addresses:
        page = text(client, each)
        assert "Bribery" not in page
        assert "vault" not in page


@pytest.mark.parametrize("address", ["/factors/bribery/", "/knobs/vault/seal/"])
def test_their_pages_are_as_good_as_none(
    client: Client, stranger: User, secret: Incident, address: str
) -> None:
    assert client.get(address).status_code == 404
    client.force_login(secret.allowed_people.get())
    assert client.get(address).status_code == 200


@pytest.mark.parametrize(
    ("address", "form"),
    [
        ("/factors/new/", {"name": "X", "slug": "bribery", "category": "capacity"}),
        ("/knobs/new/", {"component": "vault", "key": "seal"}),
    ],
)
def test_a_name_is_taken_and_no_more_is_said(
    client: Client, stranger: User, secret: Incident, address: str, form: dict[str, str]
) -> None:
    answer = client.post(address, {"token": str(uuid4()), **form})

    assert answer.status_code == 422
    page = answer.content.decode()
    for word in ("Hushed", secret.reference, "By envelope", "4711", "restricted"):
        assert word not in page


def test_who_names_the_factor_uses_the_one_that_there_is(
    client: Client, stranger: User, secret: Incident
) -> None:
    own = an_incident(title="Mine")

    assert use_bribery(client, own).status_code == 302

    assert Factor.objects.get(name="Bribery").uses.count() == 2
    listed, page = text(client, "/factors/"), text(client, "/factors/bribery/")
    assert "at work in 1 incident<" in listed
    assert "Mine" in page
    for word in ("Hushed", secret.reference, "By envelope"):
        assert word not in page


def test_who_turns_the_knob_turns_the_one_that_there_is(
    client: Client, stranger: User, secret: Incident
) -> None:
    own = an_incident(title="Mine")

    assert turn_seal(client, own).status_code == 302

    assert Knob.objects.get(component="vault").deltas.count() == 2
    listed, page = text(client, "/knobs/"), text(client, "/knobs/vault/seal/")
    assert '<td data-label="Turns" class="number">1</td>' in listed
    for word in ("Hushed", secret.reference, "4711"):
        assert word not in page


def test_its_history_tells_of_no_use(client: Client, stranger: User, secret: Incident) -> None:
    factor = Factor.objects.get(name="Bribery")
    address = f"/history/factor/{factor.pk}/"
    Change.objects.create(
        document_type="factor", document_id=factor.pk, at=NOW, summary="Added", parts=[]
    )
    assert client.get(address).status_code == 404

    use_bribery(client, an_incident())

    page = text(client, address)
    assert "Hushed" not in page
    assert secret.reference not in page
