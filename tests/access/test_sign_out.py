"""Who signs out leaves nothing in the browser. What the browser does of it: tests/browser."""

import pytest
from django.test import Client

from tests.factories import a_user

pytestmark = pytest.mark.django_db

CLEAR = "Clear-Site-Data"


def test_it_works(client: Client) -> None:
    client.force_login(a_user())

    answer = client.post("/accounts/logout/")

    assert answer.status_code == 302
    assert answer[CLEAR] == '"cache", "storage"'
    assert client.get("/me/").status_code == 302


def test_nothing_is_cleared_otherwise(client: Client) -> None:
    client.force_login(a_user())

    for path in ("/", "/accounts/logout/", "/runbooks/"):
        answer = client.get(path)
        assert answer.status_code == 200
        assert CLEAR not in answer


def test_nobody_can_be_made_to_forget_from_another_site() -> None:
    client = Client(enforce_csrf_checks=True)
    client.force_login(a_user())

    answer = client.post("/accounts/logout/")

    assert answer.status_code == 403
    assert CLEAR not in answer
