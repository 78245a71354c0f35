"""A session is new with every sign-in, and ends when it should, on the server."""

import re

import pytest
from django.contrib.sessions.models import Session
from django.test import Client

from incidents.models import User
from tests.factories import PASSWORD, a_user

pytestmark = pytest.mark.django_db

NAME = "sessionid"
# Whatever people like: no capitals, no digits, letters of another alphabet, a space at its end.
NEW = "ein blaues pferd läuft слон "


@pytest.fixture
def grace() -> User:
    return a_user(username="grace", email="grace@example.com")


def signed_in(client: Client, password: str = PASSWORD) -> str:
    client.post("/accounts/login/", {"login": "grace", "password": password})
    return client.cookies[NAME].value


def is_open(key: str) -> bool:
    """Does a browser with this cookie come in?"""
    client = Client()
    client.cookies[NAME] = key
    return client.get("/me/").status_code == 200


def change_password(client: Client, present: str, new: str) -> int:
    fields = {"oldpassword": present, "password1": new, "password2": new}
    return client.post("/accounts/password/change/", fields).status_code


def test_it_works(grace: User) -> None:
    key = signed_in(Client())

    assert is_open(key)
    # 32 letters of 36, drawn by the system: 165 bits.
    assert re.fullmatch("[a-z0-9]{32}", key)


def test_a_cookie_that_was_there_before_is_not_the_one_after(grace: User) -> None:
    client = Client()
    session = client.session
    session["planted"] = "yes"
    session.save()
    planted = session.session_key
    client.cookies[NAME] = planted

    key = signed_in(client)

    assert key != planted
    assert not is_open(planted)
    assert not Session.objects.filter(pk=planted).exists()


def test_a_cookie_that_nobody_was_given_opens_nothing(grace: User) -> None:
    assert not is_open("a" * 32)


def test_each_sign_in_has_its_own(grace: User) -> None:
    assert signed_in(Client()) != signed_in(Client())


def test_after_signing_out_the_cookie_opens_nothing(grace: User) -> None:
    client = Client()
    key = signed_in(client)
    client.post("/accounts/logout/")

    assert not is_open(key)
    assert not Session.objects.filter(pk=key).exists()


def test_after_a_changed_password_the_other_sessions_are_over(grace: User) -> None:
    here, elsewhere = Client(), Client()
    signed_in(here)
    other = signed_in(elsewhere)

    assert change_password(here, PASSWORD, NEW) == 302

    assert not is_open(other)
    assert here.get("/me/").status_code == 200


def test_a_password_is_taken_as_it_was_typed(grace: User) -> None:
    client = Client()
    signed_in(client)
    change_password(client, PASSWORD, NEW)

    grace.refresh_from_db()
    assert grace.check_password(NEW)
    for other in (NEW.strip(), NEW.upper(), NEW[:-2]):
        assert not grace.check_password(other)
    assert is_open(signed_in(Client(), NEW))


@pytest.mark.parametrize(
    ("present", "new"),
    [
        ("not the present one", NEW),
        ("", NEW),
        # Too short, known to everybody, one's own name.
        (PASSWORD, "elevenchars"),
        (PASSWORD, "q1w2e3r4t5y6"),
        (PASSWORD, "grace@example.com"),
    ],
)
def test_a_password_is_not_changed_without_the_present_one_or_to_a_known_one(
    grace: User, present: str, new: str
) -> None:
    client = Client()
    signed_in(client)

    assert change_password(client, present, new) == 200
    grace.refresh_from_db()
    assert grace.check_password(PASSWORD)


def test_who_becomes_a_reader_does_not_write_by_an_old_session(grace: User) -> None:
    User.objects.filter(pk=grace.pk).update(role="editor")
    client = Client()
    signed_in(client)
    assert client.get("/incidents/new/").status_code == 200

    User.objects.filter(pk=grace.pk).update(role="reader")

    assert client.get("/incidents/new/").status_code == 403


def test_a_password_is_masked_and_can_be_pasted_and_kept_by_a_manager(client: Client) -> None:
    page = client.get("/accounts/login/").content.decode()
    field = re.search(r"<input[^>]*name=\"password\"[^>]*>", page)

    assert field
    assert 'type="password"' in field[0]
    assert 'autocomplete="current-password"' in field[0]
    assert "onpaste" not in page
