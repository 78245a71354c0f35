"""The shared vocabulary: its list, its entries, a new one."""

from typing import Any

import pytest
from django.test import Client

from incidents.models import Change, Factor, User
from tests.factories import (
    a_contributing_factor,
    a_factor,
    a_restricted_incident,
    a_user,
    an_incident,
)

pytestmark = pytest.mark.django_db

TOKEN = "7f0a8a52-0b8f-4b7c-9f6b-5d3f4c1f6b3e"


@pytest.fixture
def writer(client: Client) -> User:
    user = a_user()
    client.force_login(user)
    return user


def text(client: Client, url: str) -> str:
    answer = client.get(url)
    assert answer.status_code == 200
    return answer.content.decode()


def test_it_works(client: Client, writer: User) -> None:
    factor = a_factor(name="Pool too small", description="Fewer than its clients")
    a_contributing_factor(an_incident(), factor=factor)
    a_contributing_factor(an_incident(), factor=factor)

    listed = text(client, "/factors/")

    assert "Pool too small" in listed
    assert "at work in 2 incidents" in listed


def test_it_is_filtered_by_category_and_text(client: Client, writer: User) -> None:
    a_factor(name="Pool too small", category="capacity")
    a_factor(name="No alert", category="detection", description="Nobody was told")

    by_category = text(client, "/factors/?category=detection")
    by_text = text(client, "/factors/?q=nobody")

    for listed in (by_category, by_text):
        assert "No alert" in listed
        assert "Pool too small" not in listed
    assert "No factor fits" in text(client, "/factors/?q=%25")


def test_the_page_tells_how_it_contributed(client: Client, writer: User) -> None:
    factor = a_factor(slug="pool")
    use = a_contributing_factor(an_incident(title="Orders lost"), factor=factor, how="By waiting")

    told = text(client, "/factors/pool/")

    assert "Orders lost" in told
    assert "By waiting" in told
    assert use.incident.reference in told


def test_restricted_records_are_neither_told_nor_counted(client: Client, writer: User) -> None:
    factor = a_factor(slug="pool")
    a_contributing_factor(an_incident(), factor=factor)
    a_contributing_factor(a_restricted_incident(title="Secret"), factor=factor, how="Hushed")
    secret = a_factor(name="Bribery", slug="bribery")
    a_contributing_factor(a_restricted_incident(), factor=secret)

    listed, told = text(client, "/factors/"), text(client, "/factors/pool/")

    assert "at work in 1 incident" in listed
    assert "Bribery" not in listed
    assert "Secret" not in told
    assert "Hushed" not in told
    assert client.get("/factors/bribery/").status_code == 404
    assert client.get("/factors/bribery/edit/").status_code == 404


def test_a_new_one_gets_its_address_from_its_name(client: Client, writer: User) -> None:
    form = {"token": TOKEN, "name": "Pool too small", "category": "capacity"}

    answer = client.post("/factors/new/", form)

    assert answer["Location"] == "/factors/pool-too-small/"
    assert Change.objects.get().by == writer
    assert client.post("/factors/new/", form)["Location"] == "/factors/pool-too-small/"
    assert Factor.objects.count() == 1


@pytest.mark.parametrize("slug", ["new", "pool"])
def test_an_address_that_is_taken_is_refused(client: Client, writer: User, slug: str) -> None:
    a_factor(slug="pool")
    form = {"token": TOKEN, "name": "Another", "slug": slug, "category": "capacity"}

    answer = client.post("/factors/new/", form)

    assert answer.status_code == 422
    assert "slug" in answer.context["form"].errors
    assert answer.context["form"]["name"].value() == "Another"


def test_readers_may_not(client: Client) -> None:
    client.force_login(a_user("reader"))
    assert client.post("/factors/new/", {}).status_code == 403
    assert "New factor" not in text(client, "/factors/")


@pytest.mark.parametrize("url", ["/factors/", "/factors/pool/"])
def test_queries_do_not_grow_with_the_rows(
    client: Client, writer: User, url: str, django_assert_max_num_queries: Any
) -> None:
    factor = a_factor(slug="pool")
    for _ in range(30):
        a_contributing_factor(an_incident(), factor=factor)
        a_contributing_factor(an_incident())

    with django_assert_max_num_queries(7):
        text(client, url)
