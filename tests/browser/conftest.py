"""Playwright drives the machine's own Chromium against Django's live server."""

import os

import pytest

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
