"""Nobody is led to another site, and no address that the site tells is of somebody's choosing."""

import re
from urllib.parse import quote, urlsplit

import pytest
from django.core import mail
from django.test import Client
from pytest_django import Settings

from tests.access.restricted import World
from tests.access.walk import visits
from tests.factories import PASSWORD, a_user
from tests.jobs.doing import do_all_jobs

pytestmark = pytest.mark.django_db

EVIL = "evil.example"
ELSEWHERE = [
    start + EVIL + end
    for start in (
        "http://", "https://", "//", "///", "////", "\\\\", "/\\", "\\/", "/\\/", "http:", "http:/",
        "https:", "https:/", "http:///", "https:\\\\", "hTTps://", " https://", "\thttps://",
        "\nhttps://", "\r\n//", "/\t/", "/\n/", "\x00//", "ht\ntp://", "javascript://",
        "data:text/html,//", "ftp://", "http://testserver@", "http://testserver:80@",
        "https://testserver.", "//testserver@", "/%09/", "/.//", "http://[::1]@", "//%00",
        "〱//", "／／", "//\u3000", "https:／／", "http://testserver\\@",
    )
    for end in ("", "/?a=/", "\\.testserver/")
]  # fmt: skip


def leads_away(location: str) -> bool:
    """As a browser reads it, that takes `\\` for `/` and leaves out tabs and line ends."""
    read = re.sub(r"[\t\r\n]", "", location).replace("\\", "/").lstrip("\x00 ")
    parts = urlsplit(read)
    return bool(parts.scheme or parts.netloc) and parts.hostname != "testserver"


def test_what_leads_away_is_seen() -> None:
    away = ["//a.example", "/\\a.example", "\\\\a.example", "/\t/a.example", "javascript:a"]

    assert all(leads_away(to) for to in away)
    assert not any(leads_away(to) for to in ("/?next=//a.example", "http://testserver/", "a//b"))


@pytest.mark.parametrize("to", ELSEWHERE, ids=repr)
def test_signing_in_leads_nowhere_else(to: str) -> None:
    a_user(username="grace")
    fields = {"login": "grace", "password": PASSWORD}
    by_form = Client().post("/accounts/login/", {**fields, "next": to})
    by_address = Client().post(f"/accounts/login/?next={quote(to)}", fields)

    assert (by_form.status_code, by_address.status_code) == (302, 302)
    assert not leads_away(by_form["Location"])
    assert not leads_away(by_address["Location"])


@pytest.mark.usefixtures("_quiet")
@pytest.mark.timeout(400)
def test_no_address_leads_elsewhere_for_the_asking(world: World) -> None:
    client = Client(raise_request_exception=False)
    client.force_login(world.owner)
    names = ("next", "back", "url", "to", "return", "redirect", "continue")
    asked, away, seen = dict.fromkeys(names, f"https://{EVIL}/"), [], set()
    for visit in visits(world):
        if visit.address in seen:
            continue
        seen.add(visit.address)
        from_there = {"referer": f"https://{EVIL}/"}
        answers = [ask(visit.path, asked, headers=from_there) for ask in (client.get, client.post)]
        led = [answer.get("Location", "/") for answer in answers]
        away += [f"{visit.path}: {location}" for location in led if leads_away(location)]

    assert away == []
    assert len(seen) > 100


HEADERS = [
    {"host": EVIL},
    {"host": f"testserver@{EVIL}"},
    {"host": f"testserver.{EVIL}"},
    {"host": f"{EVIL}:80"},
    {"host": f"testserver {EVIL}"},
    {"x-forwarded-host": EVIL},
    {"x-forwarded-server": EVIL},
    {"x-host": EVIL},
    {"x-original-host": EVIL},
    {"forwarded": f"host={EVIL};proto=http"},
    {"x-original-url": f"https://{EVIL}/"},
    {"x-forwarded-proto": "https", "x-forwarded-port": "8443", "x-forwarded-prefix": f"//{EVIL}"},
]


@pytest.mark.parametrize("headers", HEADERS, ids=str)
def test_the_link_in_a_mail_is_to_the_site(headers: dict[str, str], settings: Settings) -> None:
    settings.EMAIL_CONFIGURED = True
    settings.SITE_URL = "https://postmortems.example"
    a_user(username="grace", email="grace@example.com")
    client = Client(headers=headers)
    answer = client.post("/accounts/password/reset/", {"email": "grace@example.com"})
    do_all_jobs()

    assert EVIL not in answer.content.decode()
    # A host that is none of the site's is not answered at all.
    assert [EVIL in str(sent.body) for sent in mail.outbox] == (
        [] if "host" in headers else [False]
    )
    assert all("https://postmortems.example/accounts/" in str(sent.body) for sent in mail.outbox)
