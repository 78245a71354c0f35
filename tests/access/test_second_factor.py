"""One-time codes and recovery codes, where the site offers them."""

import random
import time
from typing import Any

import pytest
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP, format_hotp_value, generate_totp_secret, hotp_value
from django.test import Client
from pytest_django import Settings

from incidents.directory.password_links import password_link
from incidents.models import User
from tests.factories import PASSWORD, a_user

pytestmark = pytest.mark.django_db

PERIOD = 30
NEW = "ein blaues pferd läuft"


@pytest.fixture
def grace(settings: Settings) -> User:
    settings.MFA_SUPPORTED_TYPES = ["totp", "recovery_codes"]
    return a_user(username="grace", email="grace@example.com")


def code_of(secret: str, *, ago: int = 0) -> str:
    return format_hotp_value(hotp_value(secret, int(time.time()) // PERIOD - ago))


class Clock:
    """Stands still, so that no period ends between two lines."""

    def __init__(self) -> None:
        self.now = 1_800_000_000.0

    def time(self) -> float:
        return self.now


@pytest.fixture(autouse=True)
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    stands = Clock()
    monkeypatch.setattr("allauth.mfa.totp.internal.auth.time", stands)
    monkeypatch.setattr("tests.access.test_second_factor.time", stands)
    return stands


def test_a_code_is_good_once(grace: User) -> None:
    secret = generate_totp_secret()
    factor = TOTP.activate(grace, secret)

    assert factor.validate_code(code_of(secret))
    assert not factor.validate_code(code_of(secret))


def test_a_code_is_good_for_its_thirty_seconds(grace: User, clock: Clock) -> None:
    secret = generate_totp_secret()
    factor = TOTP.activate(grace, secret)
    code = code_of(secret)

    clock.now += PERIOD

    assert not factor.validate_code(code)
    assert factor.validate_code(code_of(secret))


def test_a_recovery_code_is_good_once(grace: User) -> None:
    factor = RecoveryCodes.activate(grace)
    first, second, *_ = factor.generate_codes()

    assert factor.validate_code(first)
    assert not factor.validate_code(first)
    assert factor.validate_code(second)


def test_recovery_codes_are_long_enough(grace: User) -> None:
    codes = RecoveryCodes.activate(grace).generate_codes()

    # Eight digits: 26 bits.
    assert {len(code) for code in codes} == {8}
    assert len(set(codes)) == len(codes)


def test_what_codes_are_made_of_is_drawn_by_the_system() -> None:
    """Else the same would come of the same beginning."""
    drawn = []
    for _ in range(2):
        random.seed(1)
        drawn += [generate_totp_secret(), RecoveryCodes.generate_seed()]

    assert len(set(drawn)) == len(drawn)


def sign_in(password: str) -> Any:
    client = Client()
    answer = client.post("/accounts/login/", {"login": "grace", "password": password})
    return client, answer


def test_who_forgot_a_password_still_shows_the_second_factor(
    grace: User, settings: Settings
) -> None:
    TOTP.activate(grace, generate_totp_secret())
    client = Client()
    path = password_link(grace).removeprefix(settings.SITE_URL)
    form = client.get(path, follow=True).redirect_chain[-1][0]

    assert client.post(form, {"password1": NEW, "password2": NEW}).status_code == 302

    assert client.get("/me/").status_code == 302
    client, answer = sign_in(NEW)
    assert answer["Location"].startswith("/accounts/2fa/authenticate/")
    assert client.get("/me/").status_code == 302


def test_without_a_second_factor_the_same_comes_in(grace: User) -> None:
    client, _ = sign_in(PASSWORD)

    assert client.get("/me/").status_code == 200
