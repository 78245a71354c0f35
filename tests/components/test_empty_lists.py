"""A list with nothing in it says so, and offers to begin to those who may."""

import pytest
from django.test import Client

from tests.factories import a_user

pytestmark = pytest.mark.django_db

LISTS = {
    "/incidents/": "New incident",
    "/runbooks/": "New runbook",
    "/lessons/": "New lesson",
    "/knobs/": "New knob",
    "/factors/": "New factor",
    "/actions/": "New action item",
    "/services/": "New service",
    "/teams/": "New team",
}


def listed(client: Client, path: str, role: str) -> str:
    client.force_login(a_user(role))
    page = client.get(path).content.decode()
    return page[page.index('id="main"') : page.index("</main>")]


@pytest.mark.parametrize(("path", "offer"), LISTS.items())
def test_it_works(client: Client, path: str, offer: str) -> None:
    page = listed(client, path, "admin")
    assert 'class="empty"' in page
    # At the head of the page and in the empty list.
    assert page.count(offer) == 2


@pytest.mark.parametrize(("path", "offer"), LISTS.items())
def test_who_only_reads_is_not_sent_where_it_is_refused(
    client: Client, path: str, offer: str
) -> None:
    page = listed(client, path, "reader")
    assert 'class="empty"' in page
    assert offer not in page


@pytest.mark.parametrize("path", LISTS)
def test_there_is_nothing_to_leaf_through(client: Client, path: str) -> None:
    assert 'class="pagination"' not in listed(client, path, "reader")


@pytest.mark.parametrize("path", [path for path in LISTS if path != "/teams/"])
def test_it_says_whether_there_is_nothing_yet_or_nothing_that_fits(
    client: Client, path: str
) -> None:
    client.force_login(a_user("reader"))

    def says(asked: str) -> str:
        return client.get(f"{path}{asked}").content.decode().partition('class="empty')[2]

    assert says("")
    assert f'{path}">' not in says("")
    # Another order is no filter.
    assert says("?sort=-number&page=2") == says("")
    assert f'{path}">' in says("?q=xqzwv")
