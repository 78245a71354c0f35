"""Editing an entry of the shared vocabulary."""

import pytest
from django.test import Client

from incidents.models import Factor
from tests.factories import a_factor, a_user

pytestmark = pytest.mark.django_db


@pytest.fixture
def factor() -> Factor:
    return a_factor(name="Pool too small", slug="pool", description="One")


def form(**fields: object) -> dict[str, object]:
    return {
        "version": 1,
        "name": "Pool too small",
        "slug": "pool",
        "category": "capacity",
        "description": "Two",
        **fields,
    }


def test_it_works(client: Client, factor: Factor) -> None:
    client.force_login(a_user())

    answer = client.post("/factors/pool/edit/", form())

    assert answer.status_code == 302
    factor.refresh_from_db()
    assert factor.description == "Two"


def test_the_second_saver_sees_both_texts(client: Client, factor: Factor) -> None:
    client.force_login(a_user())
    client.post("/factors/pool/edit/", form(description="Hers"))

    answer = client.post("/factors/pool/edit/", form(description="His"))

    assert answer.status_code == 409
    (both,) = answer.context["form"].conflicts
    assert (both.saved, both.wanted) == ("Hers", "His")
    factor.refresh_from_db()
    assert factor.description == "Hers"
    # Sending it again, having seen both, is a choice.
    again = form(description="His", version=answer.context["form"]["version"].value())
    assert client.post("/factors/pool/edit/", again).status_code == 302
    factor.refresh_from_db()
    assert factor.description == "His"


def test_a_text_of_ten_megabytes_comes_back_beside_its_field(
    client: Client, factor: Factor
) -> None:
    client.force_login(a_user())
    text = "x" * 10_000_000

    answer = client.post("/factors/pool/edit/", form(description=text))

    assert answer.status_code == 422
    assert "description" in answer.context["form"].errors
    assert answer.context["form"]["description"].value() == text


def test_an_address_that_is_none_comes_back_beside_its_field(
    client: Client, factor: Factor
) -> None:
    client.force_login(a_user())

    answer = client.post("/factors/pool/edit/", form(slug="pool/small"))

    assert answer.status_code == 422
    assert "slug" in answer.context["form"].errors
    assert 'href="/factors/pool/"' in answer.content.decode()


def test_a_reader_may_not(client: Client, factor: Factor) -> None:
    client.force_login(a_user("reader"))
    assert client.post("/factors/pool/edit/", form()).status_code == 403


def test_nobody_is_asked_to_sign_in(client: Client, factor: Factor) -> None:
    answer = client.post("/factors/pool/edit/", form())
    assert answer.status_code == 302
    assert "/accounts/login/" in answer["Location"]
