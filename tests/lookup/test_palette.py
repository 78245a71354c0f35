"""What Ctrl-K offers: records, pages and actions, each only to whom it is open."""

import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from incidents.lookup.engines import reading
from incidents.lookup.operations import keep_findable
from incidents.models import User
from tests.factories import a_factor, a_lesson, a_restricted_incident, a_user

pytestmark = pytest.mark.django_db


@pytest.fixture
def reader(client: Client) -> User:
    user = a_user("reader")
    client.force_login(user)
    return user


def piece(client: Client, text: str) -> str:
    answer = client.get("/search/palette/", {"q": text}, headers={"HX-Request": "true"})
    assert answer.status_code == 200
    return answer.content.decode()


def test_it_works(client: Client, reader: User) -> None:
    keep_findable(a_factor(name="Pool too small", slug="pool"))
    found = piece(client, "smal pool")
    assert 'href="/factors/pool/"' in found
    assert "<html" not in found


def test_a_reference_stands_first(client: Client, reader: User) -> None:
    lesson = a_lesson(sentence="Count the quorum.")
    found = piece(client, f"les {lesson.pk}")
    assert found.index('role="option"') < found.index(f'href="/lessons/LES-{lesson.pk}/"')
    assert found.index(f'href="/lessons/LES-{lesson.pk}/"') == found.index("href=")


def test_pages_are_found_by_name(client: Client, reader: User) -> None:
    assert 'href="/actions/late/"' in piece(client, "overdue")
    assert 'href="/incidents/new/"' not in piece(client, "new incident")
    client.force_login(a_user("editor"))
    assert 'href="/incidents/new/"' in piece(client, "new incident")


def test_nothing_typed_offers_pages(client: Client, reader: User) -> None:
    assert 'href="/runbooks/"' in piece(client, "")


def test_nothing_found_is_nothing(client: Client, reader: User) -> None:
    assert piece(client, "xqzwv").strip() == ""


def test_a_restricted_record_is_not_there(client: Client, reader: User) -> None:
    secret = a_restricted_incident(title="Xenotime leaked")
    keep_findable(secret)
    assert piece(client, "xenotime").strip() == ""
    assert piece(client, secret.reference).strip() == ""


def test_opened_by_itself_it_leads_to_the_search(client: Client, reader: User) -> None:
    answer = client.get("/search/palette/", {"q": "a pool"})
    assert answer.status_code == 302
    assert answer["Location"] == "/search/?q=a+pool"


def test_signed_out_it_leads_to_the_way_in(client: Client) -> None:
    answer = client.get("/search/palette/", {"q": "a"}, headers={"HX-Request": "true"})
    assert answer.status_code == 302


def test_thirty_records_take_as_many_queries_as_three(
    client: Client, reader: User, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    def count(text: str) -> int:
        with django_assert_max_num_queries(40) as asked:
            assert "Found" not in piece(client, text)
        return len(asked)

    for number in range(30):
        keep_findable(a_factor(name=f"Garnet {number}", slug=f"garnet-{number}"))
        if number < 3:
            keep_findable(a_factor(name=f"Opal {number}", slug=f"opal-{number}"))
    reading.read_on(wait=True)
    assert "Garnet" in piece(client, "garnet")
    assert count("garnet") == count("opal")
