"""Nothing that anybody writes runs in the browser of who reads it.

Two walls stand before that: what pages show is cleaned or escaped, and the policy of the site lets
no script run that is not its own. Each is tried without the other; and without both the same texts
have to run, else nothing here proves anything.
"""

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import quote

import pytest
from django.core.management import call_command
from django.template import engines
from playwright.sync_api import Browser, Page
from pytest_django.live_server_helper import LiveServer

from incidents.lib import markdown
from incidents.lib.quick_markdown import quick_html
from incidents.models import Runbook
from tests.browser.demo import FROZEN, Demo, load_demo
from tests.browser.test_every_page import ALL, MORE, paths_of
from tests.factories import a_user, an_incident
from tests.hostile.payloads import Payload, a_few, payloads
from tests.hostile.planting import Planting
from tests.hostile.reading import executed_in_frames, executed_on, reader_of

# How many of the texts; nothing says a few. All of them are `make hostile`.
WANTED = int(os.environ.get("HOSTILE") or 0)
pytestmark = [
    pytest.mark.browser,
    pytest.mark.django_db(transaction=True),
    pytest.mark.timeout(6 * 3600 if WANTED else 400),
]

EVERY = payloads()
SOME = a_few(EVERY, WANTED or 160)
# What breaks nothing but itself, so that what stands behind it on a page is still there.
TAME = [
    each
    for each in EVERY
    if each.family == "begins by itself" and each.text.startswith(("<img", "<svg on", "<svg/on"))
]
FEW = {
    *("lookup:home", "lookup:alerts", "lookup:quality", "records:incidents", "records:incident"),
    *("records:edit_incident", "history:history", "history:compare", "history:version"),
    *("runbooks:runbook", "runbooks:coverage", "knowledge:lesson", "knowledge:knob"),
    *("knowledge:factor", "action_items:action_items", "action_items:action_item"),
    *("directory:service", "directory:people", "notifications:inbox", "review:review"),
    *("guard:run", "jobs:jobs", "imports:import", "imports:row", "exports:exports"),
}
FOUND = ["/lookup/?q=hit+onerror+img", "/search/?q=hit+onerror", "/search/suggestions/?q=hit"]


@pytest.fixture
def demo(transactional_db: None) -> Demo:
    return load_demo()


def pages(demo: Demo) -> list[str]:
    """Of all texts, every page; of a few, one of each thing."""
    walked = [
        path
        for address in ALL
        for path in list(paths_of(address, demo))[: None if WANTED else 1]
        if WANTED or address.name in FEW
    ]
    more = [path for paths in MORE.values() for path in paths] if WANTED else []
    return list(dict.fromkeys([*walked, *FOUND, *more]))


def files(folder: Path) -> list[str]:
    """What leaves the site as HTML, opened from a disk."""
    offline, review = folder / "runbooks.html", folder / "review.html"
    call_command("offline_copy", str(offline), verbosity=0)
    call_command("export_review", FROZEN.key, format="html", output=review, verbosity=0)
    slug = Runbook.objects.earliest("pk").slug
    places = ["", f"#/runbooks/{slug}/", f"#/lookup/?q={quote('hit onerror')}"]
    return [*(offline.as_uri() + place for place in places), review.as_uri()]


def executed_on_all(page: Page, addresses: list[str]) -> dict[str, list[int]]:
    found = {address: executed_on(page, address) for address in addresses}
    return {address: sorted(numbers) for address, numbers in found.items() if numbers}


def told(what: str, count: int, of: str) -> None:
    sys.stdout.write(f"  {what:<64} {count:>7,} of {of}\n")


def as_written(some: list[Payload]) -> Iterator[tuple[Payload, str]]:
    """Not cleaned: as somebody wrote it, and as the parser of Markdown leaves it."""
    for each in some:
        yield each, each.text
        yield each, markdown._parse(markdown._tidy(each.text))


def as_shown(some: list[Payload]) -> Iterator[tuple[Payload, str]]:
    for each in some:
        yield each, quick_html(each.text)


@pytest.fixture
def address(transactional_db: None) -> str:
    return an_incident().get_absolute_url()


def test_texts_run_in_no_document_that_has_one_wall(
    browser: Browser, live_server: LiveServer, address: str
) -> None:
    reader, all_texts = a_user("admin"), f"{len(SOME):,} texts"
    with reader_of(browser, live_server.url, reader, policy=False) as page:
        live = executed_in_frames(page, address, as_written(SOME))
        told("neither cleaned nor forbidden by the policy: run", len(live), all_texts)
        cleaned = executed_in_frames(page, address, as_shown(SOME))
        told("cleaned, without the policy: run", len(cleaned), all_texts)
        again = executed_in_frames(page, address, as_shown(SOME), twice=True)
        told("… read and written twice more by a script: run", len(again), all_texts)
    with reader_of(browser, live_server.url, reader, policy=True) as page:
        forbidden = executed_in_frames(page, address, as_written(SOME))
        told("not cleaned, under the policy: run", len(forbidden), all_texts)

    assert cleaned == again == forbidden == set()
    assert len(live) > len(SOME) / 4


def test_texts_run_on_no_page_and_in_no_file(
    browser: Browser, live_server: LiveServer, demo: Demo, tmp_path: Path
) -> None:
    planting = Planting(SOME, quick_html)
    ran: dict[str, list[int]] = {}
    with reader_of(browser, live_server.url, demo.admin, policy=False) as page:
        while not ran and planting.planted < len(SOME):
            planted = planting.plant()
            addresses = [*pages(demo), *files(tmp_path)]
            ran = executed_on_all(page, addresses)
            of = f"{len(addresses)} pages and files ({planted:,} texts planted)"
            told("escaped and cleaned, without the policy: run", len(ran), of)

    assert ran == {}


def test_without_both_walls_they_run_and_with_the_policy_alone_they_do_not(
    browser: Browser, live_server: LiveServer, demo: Demo
) -> None:
    Planting(TAME, lambda text: text).plant()
    addresses = pages(demo)
    with unescaped(), reader_of(browser, live_server.url, demo.admin, policy=False) as page:
        open_ = executed_on_all(page, addresses)
    with unescaped(), reader_of(browser, live_server.url, demo.admin, policy=True) as page:
        forbidden = executed_on_all(page, addresses)
    told("planted, without both: run", len(open_), f"{len(addresses)} pages")
    told("planted, under the policy alone: run", len(forbidden), f"{len(addresses)} pages")

    assert forbidden == {}
    assert len(open_) > len(addresses) * 3 / 4, sorted(set(addresses) - set(open_))


@contextmanager
def unescaped() -> Iterator[None]:
    engine = engines["django"].engine
    engine.autoescape = False
    try:
        yield
    finally:
        engine.autoescape = True
