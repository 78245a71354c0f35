"""What a site that serves does not have: ways to look inside, and to be confused."""

import os
import re
import subprocess
import sys

import pytest
from django.conf import settings
from django.test import Client

from incidents.access.tokens import new_secret
from incidents.models import Incident
from tests.access.restricted import World
from tests.access.walk import addresses
from tests.architecture.source import ROOT
from tests.deploy.units import DEPLOY, read_environment
from tests.factories import a_token, a_user

pytestmark = pytest.mark.django_db

TELL = (
    "from django.conf import settings as s; print(s.DEBUG, s.TEMPLATES[0]['OPTIONS'].get('debug'))"
)


def test_nothing_shows_its_insides_unless_it_is_told_to() -> None:
    environment = {name: value for name, value in os.environ.items() if name != "DEBUG"}
    environment["DJANGO_SETTINGS_MODULE"] = "tests.settings"
    command = [sys.executable, "-c", TELL]
    done = subprocess.run(command, env=environment, cwd=ROOT, capture_output=True, check=True)
    files = sorted(DEPLOY.glob("*/*.env"))

    assert done.stdout.decode().split() == ["False", "None"]
    assert len(files) > 2
    assert not [path for path in files if "DEBUG" in read_environment(path)]


@pytest.mark.parametrize(
    "path", ["/", "/incidents/", "/me/", "/accounts/login/", "/api/v1/incidents/", "/healthz/"]
)
def test_a_request_is_not_given_back_as_it_came(path: str) -> None:
    client = Client()
    client.force_login(a_user())

    answer = client.generic("TRACE", path, headers={"X-Secret": "hunter2"})

    assert answer.status_code == 405
    assert b"hunter2" not in answer.content


OF_TESTS = re.compile(
    r"^(?:axe|coverage|django-stubs|hypothesis|mypy|playwright|pytest|ruff|schemathesis)",
    re.MULTILINE,
)


def test_nothing_that_tests_is_installed_where_it_runs() -> None:
    let_in = (DEPLOY / "container/Containerfile.dockerignore").read_text().split()

    assert not OF_TESTS.findall((ROOT / "requirements.txt").read_text())
    # Else nothing would be found of anything.
    assert len(OF_TESTS.findall((ROOT / "requirements-dev.txt").read_text())) > 5
    assert let_in[0] == "*"
    assert "!tests" not in let_in
    assert not [app for app in settings.INSTALLED_APPS if "debug" in app or "admin" in app]


def test_every_page_has_a_way_to_sign_out(world: World) -> None:
    client = Client(raise_request_exception=False)
    client.force_login(world.owner)
    nobody = Client(raise_request_exception=False)
    pages = [each.path() for each in addresses() if not each.wants]
    # Those for whom one has to be signed in.
    pages = [path for path in pages if nobody.get(path).status_code == 302]
    shown = {path: client.get(path) for path in pages}
    whole = {
        path: answer.content.decode()
        for path, answer in shown.items()
        if answer.status_code == 200
        and answer.get("Content-Type", "").startswith("text/html")
        and not answer.streaming
        and b"<body" in answer.content
    }
    without = [path for path, text in whole.items() if "/accounts/logout/" not in text]

    assert len(whole) > 25
    # To be kept, and opened where nobody is signed in.
    assert without == ["/runbooks/offline/file/"]


def test_a_token_in_the_address_or_in_a_form_is_none() -> None:
    owner, secret = a_user(), new_secret()
    a_token(owner, secret=secret)
    asks = Client()

    for name in ("access_token", "token", "authorization", "Authorization"):
        assert asks.get("/api/v1/incidents/", {name: f"Bearer {secret}"}).status_code == 401
        assert asks.get("/api/v1/incidents/", {name: secret}).status_code == 401
    shown = asks.get("/api/v1/incidents/", headers={"Authorization": f"Bearer {secret}"})
    assert shown.status_code == 200


def test_what_stands_in_the_address_is_not_what_was_sent() -> None:
    client = Client()
    client.force_login(a_user())

    answer = client.post("/incidents/new/?title=From+the+address&kind=own", {"kind": "own"})

    assert answer.status_code == 422
    assert not Incident.objects.exists()


def test_cryptography_is_nobodys_own() -> None:
    """What looks like it comes from Python's library, from PyJWT or from cryptography alone."""
    wanted = re.compile(
        r"^\s*(?:from|import) ((?:Crypto|nacl|rsa|ecdsa|pyaes|M2Crypto)\w*)",
        re.MULTILINE,
    )
    found = [
        path.name
        for folder in ("incidents", "postmortems")
        for path in (ROOT / folder).rglob("*.py")
        if wanted.search(path.read_text()) or "def encrypt" in path.read_text()
    ]

    assert found == []
