"""The way in: what is switched on by settings, and what guessing passwords comes to."""

import os
import runpy
import subprocess
import sys
from types import SimpleNamespace
from typing import Any

import pytest
from django.core.cache import cache
from django.core.cache.backends.db import DatabaseCache
from django.db import connection
from django.http import HttpResponse
from django.test import Client, RequestFactory
from pytest_django import Settings

from incidents.directory.adapters import SocialAccountAdapter
from incidents.history.checking import check
from incidents.models import Change, Role, User
from postmortems import settings as site
from tests.architecture.source import ROOT
from tests.factories import PASSWORD, a_user

pytestmark = pytest.mark.django_db

WRONG = "not the password at all"
LIMIT = 5


def settings_with(monkeypatch: pytest.MonkeyPatch, **environment: str) -> dict[str, Any]:
    """The site's settings as they are read from this environment."""
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    return runpy.run_path(str(ROOT / "postmortems/settings.py"))


def sign_in(client: Client, password: str, name: str = "grace") -> HttpResponse:
    return client.post("/accounts/login/", {"login": name, "password": password})  # type: ignore[return-value]


@pytest.fixture
def limited(settings: Settings) -> None:
    settings.ACCOUNT_RATE_LIMITS = site.ACCOUNT_RATE_LIMITS


def test_it_works(client: Client, limited: None) -> None:
    a_user(username="grace")

    assert sign_in(client, PASSWORD).status_code == 302
    assert client.get("/me/").status_code == 200


def test_an_address_is_as_good_as_a_name(client: Client) -> None:
    a_user(username="grace", email="grace@example.com")

    assert sign_in(client, PASSWORD, name="Grace@Example.com").status_code == 302


def test_after_five_wrong_passwords_even_the_right_one_waits(limited: None) -> None:
    a_user(username="grace")
    for _ in range(LIMIT):
        assert "Too many failed" not in sign_in(Client(), WRONG).content.decode()

    for password in (WRONG, PASSWORD):
        answer = sign_in(Client(), password)
        assert answer.status_code in {200, 429}
        assert "Too many failed" in answer.content.decode()


def test_the_others_can_sign_in_meanwhile(limited: None) -> None:
    a_user(username="grace")
    a_user(username="ada")
    for _ in range(LIMIT + 1):
        sign_in(Client(), WRONG)

    assert sign_in(Client(), PASSWORD, name="ada").status_code == 302


def test_names_that_nobody_has_are_counted_too(limited: None) -> None:
    for _ in range(LIMIT):
        sign_in(Client(), WRONG, name="nobody")

    assert "Too many failed" in sign_in(Client(), WRONG, name="nobody").content.decode()


def test_all_processes_count_in_one_place(limited: None) -> None:
    """In memory, every worker would grant its own five guesses, and a restart five more."""
    assert isinstance(cache._connections["default"], DatabaseCache)  # type: ignore[attr-defined]

    sign_in(Client(), WRONG, name="nobody")

    with connection.cursor() as cursor:
        cursor.execute("SELECT COUNT(*) FROM site_cache WHERE cache_key LIKE '%login_failed%'")
        assert cursor.fetchone()[0] >= 1


def test_who_is_closed_out_does_not_come_in(client: Client) -> None:
    a_user(username="grace", is_active=False)

    sign_in(client, PASSWORD)

    assert client.get("/me/").status_code == 302


def test_nobody_opens_an_account_by_themselves(client: Client) -> None:
    assert site.SIGNUP_OPEN is False
    words = {"username": "eve", "email": "eve@example.com", "password1": PASSWORD}

    answer = client.post("/accounts/signup/", {**words, "password2": PASSWORD})

    assert 'name="password1"' not in answer.content.decode()
    assert not User.objects.exists()


def test_the_site_can_be_opened(
    client: Client, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings.SIGNUP_OPEN = settings_with(monkeypatch, SIGNUP_OPEN="yes")["SIGNUP_OPEN"]
    words = {"username": "eve", "email": "eve@example.com", "password1": PASSWORD}

    answer = client.post("/accounts/signup/", {**words, "password2": PASSWORD})

    assert answer.status_code == 302
    # What a role may do is given by an administrator.
    eve = User.objects.get(username="eve")
    assert eve.role == Role.READER
    line = Change.objects.get()
    assert (line.document_id, line.by, line.summary) == (eve.pk, eve, "Opened the account")
    assert list(check()) == []


def test_the_address_of_a_page_is_nobodys_name(client: Client, settings: Settings) -> None:
    settings.SIGNUP_OPEN = True
    words = {"username": "New", "email": "eve@example.com", "password1": PASSWORD}

    client.post("/accounts/signup/", {**words, "password2": PASSWORD})

    assert not User.objects.exists()


def test_a_provider_has_its_button(
    client: Client, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert "Company door" not in client.get("/accounts/login/").content.decode()
    read = settings_with(
        monkeypatch,
        OIDC_SERVER_URL="https://id.example.com",
        OIDC_NAME="Company door",
        OIDC_CLIENT_ID="postmortems",
        OIDC_CLIENT_SECRET="secret",
    )
    settings.SOCIALACCOUNT_PROVIDERS = read["SOCIALACCOUNT_PROVIDERS"]

    text = client.get("/accounts/login/").content.decode()

    assert "Company door" in text
    assert "/accounts/oidc/oidc/login/" in text
    assert 'name="password"' in text


def test_a_provider_can_be_the_only_way(
    client: Client, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    read = settings_with(monkeypatch, OIDC_SERVER_URL="https://id.example.com", OIDC_ONLY="yes")
    settings.SOCIALACCOUNT_PROVIDERS = read["SOCIALACCOUNT_PROVIDERS"]
    settings.SOCIALACCOUNT_ONLY = read["SOCIALACCOUNT_ONLY"]

    text = client.get("/accounts/login/").content.decode()

    assert "Single sign-on" in text
    assert 'name="password"' not in text


@pytest.mark.parametrize(
    ("domains", "address", "let_in"),
    [
        ([], "eve@elsewhere.org", True),
        (["example.com"], "grace@Example.com", True),
        (["example.com"], "eve@elsewhere.org", False),
        (["example.com"], "eve@notexample.com", False),
        (["example.com"], "", False),
    ],
)
def test_the_provider_lets_in_whom_the_site_knows(
    settings: Settings, domains: list[str], address: str, let_in: bool
) -> None:
    settings.OIDC_DOMAINS = domains
    login = SimpleNamespace(user=User(email=address))

    request = RequestFactory().get("/")
    assert SocialAccountAdapter().is_open_for_signup(request, login) is let_in  # type: ignore[arg-type]


@pytest.mark.parametrize(("mfa", "there"), [("yes", True), ("", False)])
def test_second_factors_are_switched_on(mfa: str, there: bool) -> None:
    # Addresses are laid out once for each process.
    script = (
        "import django; django.setup()\n"
        "from django.urls import resolve, Resolver404\n"
        "try: resolve('/accounts/2fa/totp/activate/'); print('there')\n"
        "except Resolver404: print('not there')"
    )
    environment = {**os.environ, "MFA": mfa, "DJANGO_SETTINGS_MODULE": "tests.settings"}

    done = subprocess.run(
        [sys.executable, "-c", script],
        cwd=ROOT,
        env=environment,
        capture_output=True,
        text=True,
        check=True,
        timeout=60,
    )

    assert done.stdout.strip() == ("there" if there else "not there")
