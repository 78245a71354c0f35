"""What the header's box shows while somebody types."""

import pytest
from django.test import Client

from incidents.lookup.operations import keep_findable
from tests.factories import a_factor, a_lesson, a_user

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def signed_in(client: Client) -> None:
    client.force_login(a_user("reader"))


def piece(client: Client, text: str) -> str:
    answer = client.get("/search/suggestions/", {"q": text}, headers={"HX-Request": "true"})
    assert answer.status_code == 200
    return answer.content.decode()


def test_it_works(client: Client) -> None:
    keep_findable(a_factor(name="Pool too small", slug="pool"))
    found = piece(client, "smal pool")
    assert "/factors/pool/" in found
    assert "<html" not in found


def test_a_reference_is_offered_first(client: Client) -> None:
    lesson = a_lesson(sentence="Count the quorum.")
    found = piece(client, f"les {lesson.pk}")
    assert f"/lessons/LES-{lesson.pk}/" in found
    assert "Open" in found


def test_it_says_when_nothing_is_found(client: Client) -> None:
    assert "Nothing found so far" in piece(client, "xqzwv")


def test_an_empty_box_shows_nothing(client: Client) -> None:
    assert "suggestions-panel" not in piece(client, " ")


def test_opened_by_itself_it_leads_to_the_page(client: Client) -> None:
    answer = client.get("/search/suggestions/", {"q": "a pool"})
    assert answer.status_code == 302
    assert answer["Location"] == "/search/?q=a+pool"
