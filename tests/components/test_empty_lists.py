"""A list with nothing in it says whether there is nothing yet, or nothing that fits."""

import pytest
from django.test import Client

from tests.factories import a_user

pytestmark = pytest.mark.django_db

LISTS = ["incidents", "runbooks", "lessons", "knobs", "factors", "actions", "services"]


@pytest.mark.parametrize("name", LISTS)
def test_it_works(client: Client, name: str) -> None:
    client.force_login(a_user("reader"))

    def says(asked: str) -> str:
        return client.get(f"/{name}/{asked}").content.decode().partition('class="empty')[2]

    assert says("")
    assert "/" + name + '/">' not in says("")
    # Another order is no filter.
    assert says("?sort=-number&page=2") == says("")
    assert "/" + name + '/">' in says("?q=xqzwv")
