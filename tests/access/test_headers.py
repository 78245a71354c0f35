"""What every answer tells browsers, at every address of the site."""

import base64
import os
import re
import subprocess
import sys
from hashlib import sha256
from pathlib import Path

import pytest
from django.contrib.staticfiles.finders import find
from django.http import HttpResponse
from django.test import Client, override_settings

from tests.access.restricted import World
from tests.access.walk import visits
from tests.architecture.source import ROOT

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("_quiet"), pytest.mark.timeout(400)]

HELD = {
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Cross-Origin-Embedder-Policy": "require-corp",
    "Referrer-Policy": "same-origin",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
}
NOTHING_BUT_OURS = frozenset({"'none'", "'self'"})
# A file beside a record is told to be nothing but itself; it cannot be framed either way.
OF_A_FILE = "sandbox"


def lacking(answer: HttpResponse) -> list[str]:
    wrong = [name for name, value in HELD.items() if answer.get(name) != value]
    if not re.search(r"(^|, )camera=\(\)", answer.get("Permissions-Policy", "")):
        wrong.append("Permissions-Policy")
    if "no-store" not in answer.get("Cache-Control", "") and "private" not in answer.get(
        "Cache-Control", ""
    ):
        wrong.append(f"Cache-Control: {answer.get('Cache-Control')}")
    told = answer.get("Content-Type", "")
    if told.startswith("text/") and "charset" not in told:
        wrong.append(f"Content-Type: {told}")
    return wrong + loose(answer.get("Content-Security-Policy", ""))


def loose(policy: str) -> list[str]:
    """What a policy lets in that it should not."""
    told = {words[0]: words[1:] for part in policy.split(";") if (words := part.split())}
    if told.get("default-src") != ["'none'"]:
        return [f"policy: {policy!r}"]
    wrong = [
        f"{name} {source}"
        for name, sources in told.items()
        for source in sources
        if source not in NOTHING_BUT_OURS
    ]
    if OF_A_FILE not in told:
        wanted = {"base-uri": ["'none'"], "frame-ancestors": ["'none'"], "form-action": ["'self'"]}
        wrong += [name for name, sources in wanted.items() if told.get(name) != sources]
    return wrong


@pytest.mark.parametrize("who", ["nobody", "reader", "owner"])
def test_every_address_says_it(world: World, who: str) -> None:
    client = Client(raise_request_exception=False)
    if who != "nobody":
        client.force_login(getattr(world, who))
    wrong: dict[str, list[str]] = {}
    seen: set[tuple[str, bool]] = set()
    for visit in visits(world):
        # Of many records one, and one that is restricted.
        kind = (visit.address, visit.twin is not None)
        if kind in seen:
            continue
        seen.add(kind)
        if found := lacking(client.get(visit.path)):
            wrong[visit.path] = found

    assert wrong == {}
    assert len(seen) > 100


@pytest.mark.parametrize(
    ("path", "host", "status"),
    [
        ("/nothing/here/", "testserver", 404),
        ("/api/v1/nothing/", "testserver", 404),
        # Sent on to where it ends with a slash.
        ("/incidents", "testserver", 301),
        ("/", "evil.example", 400),
        ("/api/v1/incidents/", "evil.example", 400),
    ],
)
def test_so_do_answers_that_no_view_gives(path: str, host: str, status: int) -> None:
    answer = Client(raise_request_exception=False).get(path, headers={"host": host})

    assert answer.status_code == status
    assert lacking(answer) == []


def test_a_form_without_the_token_of_its_page_is_refused_with_them(world: World) -> None:
    client = Client(enforce_csrf_checks=True)
    client.force_login(world.owner)
    answer = client.post("/incidents/new/", {})

    assert answer.status_code == 403
    assert lacking(answer) == []


@pytest.mark.parametrize(
    "path",
    [
        "/.git/HEAD",
        "/.env",
        "/var/secret-key",
        "/static/../postmortems/settings.py",
        "/static/%2e%2e/manage.py",
        "/static//etc/passwd",
        "/requirements.txt",
    ],
)
def test_nothing_of_the_folders_can_be_fetched(path: str) -> None:
    assert Client().get(path).status_code == 404


@override_settings(SECURE_HSTS_SECONDS=31_536_000)
def test_over_https_browsers_are_told_to_stay_there() -> None:
    told = Client().get("/accounts/login/", secure=True)["Strict-Transport-Security"]

    assert told == "max-age=31536000"


def test_no_other_site_may_read_an_answer(world: World) -> None:
    client = Client()
    client.force_login(world.owner)
    for path in ("/", "/api/v1/incidents/", "/static/css/tokens.css"):
        for method in (client.get, client.options):
            answer = method(path, headers={"origin": "https://evil.example"})
            assert not [name for name in answer.headers if name.startswith("Access-Control-")]


@pytest.mark.parametrize("path", ["/", "/incidents/", "/runbooks/offline/", "/api/v1/docs/"])
def test_scripts_stand_beside_their_hashes(world: World, path: str) -> None:
    client = Client()
    client.force_login(world.owner)
    tags = re.findall(r"<script[^>]*>", client.get(path).content.decode())

    assert tags
    for tag in tags:
        source = re.search(r'src="/static/([^"]+)"', tag)
        assert source
        found = find(source[1])
        assert found
        digest = base64.b64encode(sha256(Path(found).read_bytes()).digest()).decode()
        assert f'integrity="sha256-{digest}"' in tag


TELL = (
    "from django.conf import settings as s; print(s.SESSION_COOKIE_NAME, s.CSRF_COOKIE_NAME,"
    " s.SESSION_COOKIE_SECURE, s.CSRF_COOKIE_SECURE, s.SESSION_COOKIE_HTTPONLY,"
    " s.CSRF_COOKIE_HTTPONLY, s.SESSION_COOKIE_SAMESITE, s.CSRF_COOKIE_SAMESITE,"
    " s.SESSION_COOKIE_PATH, s.SESSION_COOKIE_DOMAIN, s.SECURE_HSTS_SECONDS)"
)


@pytest.mark.parametrize(
    ("address", "told"),
    [
        (
            "https://pm.example",
            "__Host-sessionid __Host-csrftoken True True True True Lax Lax / None 31536000",
        ),
        ("http://pm.example", "sessionid csrftoken False False True True Lax Lax / None 0"),
    ],
)
def test_cookies_are_held_to_this_host_and_to_https(address: str, told: str) -> None:
    environment = {**os.environ, "SITE_URL": address, "DJANGO_SETTINGS_MODULE": "tests.settings"}
    command = [sys.executable, "-c", TELL]
    done = subprocess.run(command, env=environment, cwd=ROOT, capture_output=True, check=True)

    assert done.stdout.decode().strip() == told
