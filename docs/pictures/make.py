"""The pictures in the documents: real pages of a fresh site with the six stories.

    .venv/bin/python -m docs.pictures.make

Starts a site of its own in a temporary folder, drives the machine's Chromium, and writes the
pictures beside this file.
"""

import os
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from playwright.sync_api import Page, sync_playwright

from tests.chromium import find_chromium

HERE = Path(__file__).parent
ROOT = HERE.parents[1]
PAGES = {
    "incident.png": "/incidents/INC-3/",
    "config-deltas.png": "/incidents/INC-2/#deltas",
    "lookup.png": "/lookup/?q=could+not+obtain+a+connection+from+the+pool",
}
LARGEST = 200_000
"""Bytes: whoever reads the README should not wait for it."""
PATIENCE = 120
"""Seconds until the first start has to answer."""


class CannotMakePictures(Exception):
    """There is no Chromium, the site did not start, or a picture came out too large."""


@contextmanager
def a_site() -> Iterator[tuple[str, str]]:
    """The address of a site that has just been started, and the password of its demo account."""
    port = free_port()
    command = [sys.executable, "manage.py", "run_site", "--port", str(port)]
    with tempfile.TemporaryDirectory(prefix="postmortems-pictures-") as var:
        environment = {**os.environ, "VAR_DIR": var, "DATABASE_URL": ""}
        # The command becomes the server itself, so this process is the one to end.
        with subprocess.Popen(
            command, cwd=ROOT, env=environment, stdout=subprocess.DEVNULL
        ) as site:
            try:
                wait_for(port, site)
                yield f"http://127.0.0.1:{port}", (Path(var) / "demo-sign-in").read_text().strip()
            finally:
                site.terminate()


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def wait_for(port: int, site: subprocess.Popen[bytes]) -> None:
    deadline = time.monotonic() + PATIENCE
    while site.poll() is None and time.monotonic() < deadline:
        try:
            socket.create_connection(("127.0.0.1", port), timeout=5).close()
        except OSError:
            time.sleep(0.2)
        else:
            return
    raise CannotMakePictures("The site did not start.")


def sign_in(page: Page, password: str) -> None:
    page.goto("/accounts/login/")
    page.fill("[name=login]", "demo")
    page.fill("[name=password]", password)
    page.press("[name=password]", "Enter")
    page.wait_for_url(lambda url: "login" not in url)
    # The first page greets; the pictures come after that.
    page.goto("/incidents/")


def main() -> None:
    chromium = find_chromium()
    if chromium is None:
        raise CannotMakePictures("There is no Chromium on this machine (CHROMIUM, PATH).")
    # Chromium's sandbox refuses root.
    arguments = ["--no-sandbox"] if os.geteuid() == 0 else []
    with a_site() as (address, password), sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=arguments)
        page = browser.new_page(
            viewport={"width": 1280, "height": 800}, color_scheme="light", base_url=address
        )
        sign_in(page, password)
        for name, place in PAGES.items():
            page.goto(place)
            picture = page.screenshot(path=HERE / name)
            if len(picture) > LARGEST:
                raise CannotMakePictures(f"{name} has {len(picture):,} bytes.")
        browser.close()


if __name__ == "__main__":
    main()
