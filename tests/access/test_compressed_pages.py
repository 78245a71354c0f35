"""Pages go compressed over the air; what is read out of them does not."""

from gzip import decompress

import pytest
from django.test import Client

from tests.factories import a_user

pytestmark = pytest.mark.django_db

TAKES_IT = {"Accept-Encoding": "gzip, deflate, br"}


@pytest.fixture(autouse=True)
def signed_in(client: Client) -> None:
    client.force_login(a_user("reader"))


def test_it_works(client: Client) -> None:
    answer = client.get("/search/", headers=TAKES_IT)
    assert answer["Content-Encoding"] == "gzip"
    assert "Accept-Encoding" in answer["Vary"]
    page = decompress(answer.content)
    assert b"<h1>Search</h1>" in page
    assert len(answer.content) < len(page) / 2


def test_who_cannot_read_it_gets_it_plain(client: Client) -> None:
    answer = client.get("/search/")
    assert "Content-Encoding" not in answer
    assert b"<h1>Search</h1>" in answer.content


def test_its_length_says_nothing_of_what_stands_in_it(client: Client) -> None:
    """Somebody who has a page repeat guesses would else see the right one by its being shorter."""
    lengths = {len(client.get("/search/", headers=TAKES_IT).content) for _ in range(20)}
    assert len(lengths) > 5


def test_what_is_no_page_is_left_alone(client: Client) -> None:
    for path in ("/api/v1/incidents/", "/healthz/"):
        answer = client.get(path, headers=TAKES_IT)
        assert answer.status_code == 200
        assert "Content-Encoding" not in answer, path
