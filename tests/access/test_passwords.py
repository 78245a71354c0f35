"""Which passwords are taken, for how long, and what is kept of them."""

from datetime import UTC, datetime

import pytest
from django.conf import global_settings
from django.contrib.auth.hashers import identify_hasher, make_password
from django.test import Client
from pytest_django import Settings

from incidents.models import User
from postmortems import settings as written
from tests.factories import PASSWORD, a_user

pytestmark = pytest.mark.django_db

LEAST_ROUNDS = 600_000
"""Of PBKDF2 with SHA-256, as the OWASP advises."""
LONG = "ein blaues pferd läuft " * 6


@pytest.fixture
def grace() -> User:
    return a_user(username="grace", email="grace@example.com")


def comes_in(password: str) -> bool:
    client = Client()
    client.post("/accounts/login/", {"login": "grace", "password": password})
    return client.get("/me/").status_code == 200


def test_it_works(grace: User) -> None:
    assert comes_in(PASSWORD)
    assert not comes_in(f"{PASSWORD}!")


def test_a_long_one_is_taken_whole(grace: User) -> None:
    client = Client()
    client.force_login(grace)
    fields = {"oldpassword": PASSWORD, "password1": LONG, "password2": LONG}

    assert client.post("/accounts/password/change/", fields).status_code == 302

    assert len(LONG) > 128
    assert comes_in(LONG)
    assert not comes_in(LONG[:64])


def test_one_of_ten_years_ago_is_good_still(grace: User) -> None:
    long_ago = datetime(2016, 1, 1, tzinfo=UTC)
    User.objects.filter(pk=grace.pk).update(date_joined=long_ago, last_login=long_ago)

    assert comes_in(PASSWORD)


def test_they_are_hashed_slowly(settings: Settings) -> None:
    settings.PASSWORD_HASHERS = global_settings.PASSWORD_HASHERS
    # Else it would say nothing of the site.
    assert not hasattr(written, "PASSWORD_HASHERS")

    kept = make_password(PASSWORD)

    hasher = identify_hasher(kept)
    assert hasher.algorithm == "pbkdf2_sha256"
    assert hasher.decode(kept)["iterations"] >= LEAST_ROUNDS
    assert len(hasher.decode(kept)["salt"]) >= 22


def test_a_weaker_hash_is_replaced_when_its_person_signs_in(
    settings: Settings, grace: User
) -> None:
    assert identify_hasher(grace.password).algorithm == "md5"
    settings.PASSWORD_HASHERS = [
        "django.contrib.auth.hashers.PBKDF2PasswordHasher",
        "django.contrib.auth.hashers.MD5PasswordHasher",
    ]

    assert comes_in(PASSWORD)

    grace.refresh_from_db()
    assert identify_hasher(grace.password).algorithm == "pbkdf2_sha256"
