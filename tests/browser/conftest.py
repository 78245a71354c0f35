"""Playwright drives the machine's own Chromium against Django's live server."""

import os
from collections.abc import Iterator

import pytest
from playwright.sync_api import Page
from pytest_django.live_server_helper import LiveServer

from tests.chromium import find_chromium

# Playwright keeps an event loop running in the test's thread, where Django refuses the database.
os.environ.setdefault("DJANGO_ALLOW_ASYNC_UNSAFE", "true")


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


@pytest.fixture(autouse=True)
def nothing_breaks_in_the_page(page: Page) -> Iterator[None]:
    """A script that fails, or anything that the Content-Security-Policy stops, fails the test."""
    broken: list[str] = []
    page.on("pageerror", lambda error: broken.append(str(error)))
    page.on(
        "console",
        lambda message: (
            broken.append(message.text) if "Content Security Policy" in message.text else None
        ),
    )
    yield
    assert broken == []
