"""The accounts' pages wear the same face: their elements are overridden, not their texts."""

import pytest
from django.test import Client

from tests.factories import PASSWORD, a_user

pytestmark = pytest.mark.django_db


def test_it_works(client: Client) -> None:
    page = client.get("/accounts/login/").content.decode()
    assert "User name or e-mail address" in page
    assert 'class="button button-primary button-wide" type="submit"' in page
    # Nobody is signed in: no sections, no search.
    assert "search-box" not in page


def test_nothing_is_said_about_having_signed_in(client: Client) -> None:
    user = a_user()
    sent = {"login": user.username, "password": PASSWORD}
    answer = client.post("/accounts/login/?next=/incidents/", sent, follow=True)
    assert 'id="search-box"' in answer.content.decode()
    assert list(answer.context["messages"]) == []


def test_a_password_is_never_kept_as_a_draft(client: Client) -> None:
    page = client.get("/accounts/login/").content.decode()
    assert "unsaved" not in page


def test_ones_own_pages_stand_in_the_shell(client: Client) -> None:
    client.force_login(a_user())
    page = client.get("/accounts/password/change/").content.decode()
    assert 'id="search-box"' in page
    assert 'class="button button-primary" type="submit"' in page
    assert 'class="field-label" for="id_oldpassword"' in page


def test_signing_out_is_asked_and_takes_kept_texts_along(client: Client) -> None:
    client.force_login(a_user())
    assert "data-signs-out" in client.get("/accounts/logout/").content.decode()
