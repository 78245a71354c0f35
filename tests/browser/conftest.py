"""Playwright drives the machine's own Chromium against Django's live server."""

import os
import re
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.conf import settings
from django.test import Client
from playwright.sync_api import Browser, ConsoleMessage, Page, Response
from pytest_django.live_server_helper import LiveServer

from incidents.models import User
from tests.browser.own_server import OwnServer
from tests.chromium import find_chromium

# Playwright keeps an event loop running in the test's thread, where Django refuses the database.
os.environ.setdefault("DJANGO_ALLOW_ASYNC_UNSAFE", "true")

DESK = {"width": 1280, "height": 900}
PHONE = {"width": 390, "height": 844}
# Chromium says this of every answer from 400 on, where a form was refused as well.
ANSWERED_SO = "Failed to load resource: the server responded with a status of"
# htmx tells of a request that was given up, for a newer one or as the page was left.
LEFT_ALONE = ("htmx:afterRequest", "htmx:sendAbort")
NOT_REACHED = re.compile("net::ERR_|^htmx:(?:afterRequest|sendError)")
PIECES = {"script", "stylesheet", "image", "font"}

OpenAs = Callable[..., Page]


@pytest.fixture
def server(transactional_db: None) -> Iterator[OwnServer]:
    """For tests that stop it: one of its own, where nobody is signed in."""
    server = OwnServer()
    yield server
    server.stop()


@pytest.fixture(scope="session")
def browser_type_launch_args() -> dict[str, object]:
    arguments = [
        # A page that asks the outside world for anything gets nothing.
        "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE localhost, EXCLUDE 127.0.0.1",
        # Containers give /dev/shm too little room for a renderer.
        "--disable-dev-shm-usage",
    ]
    if os.geteuid() == 0:
        # Chromium's sandbox refuses root.
        arguments.append("--no-sandbox")
    return {"executable_path": find_chromium(), "args": arguments}


@pytest.fixture(scope="session")
def base_url(live_server: LiveServer) -> str:
    """So that a test says `page.goto("/incidents/")`."""
    return live_server.url


@pytest.fixture
def broken(request: pytest.FixtureRequest) -> Iterator[list[str]]:
    """What breaks in any page that is watched; at the end of the test it has to be nothing.

    Where the server goes away, that it is not reached is what the test is about.
    """
    found: list[str] = []
    yield found
    if request.node.get_closest_marker("server_goes"):
        found = [one for one in found if not NOT_REACHED.search(one)]
    assert found == []


@pytest.fixture(autouse=True)
def nothing_breaks_in_the_page(page: Page, broken: list[str]) -> None:
    watch(page, broken)


def watch(page: Page, broken: list[str]) -> None:
    """Notes a script that fails, what the Content-Security-Policy stops, and pieces not found."""

    def hear(message: ConsoleMessage) -> None:
        if message.type == "error" and not message.text.startswith((ANSWERED_SO, *LEFT_ALONE)):
            broken.append(message.text)

    def look(response: Response) -> None:
        if response.status >= 400 and response.request.resource_type in PIECES:
            broken.append(f"{response.status} {response.url}")

    page.on("pageerror", lambda error: broken.append(str(error)))
    page.on("console", hear)
    page.on("response", look)


@pytest.fixture
def open_as(browser: Browser, live_server: LiveServer, broken: list[str]) -> Iterator[OpenAs]:
    """`open_as(user)`: a page of that person's own browser; `open_as(None)`: of nobody's."""
    contexts = []

    def open_page(user: User | None, *, size: dict[str, int] = DESK, **options: Any) -> Page:
        context = browser.new_context(base_url=live_server.url, viewport=size, **options)  # type: ignore[arg-type]
        contexts.append(context)
        # A machine with two cores may be slow with three browsers on it.
        context.set_default_timeout(15_000)
        if user is not None:
            client = Client()
            client.force_login(user)
            name = settings.SESSION_COOKIE_NAME
            cookie: Any = {"name": name, "value": client.cookies[name].value}
            context.add_cookies([{**cookie, "url": live_server.url}])
        page = context.new_page()
        watch(page, broken)
        return page

    yield open_page
    for context in contexts:
        context.close()
