"""The pictures in the documents: real pages of a fresh site with the six stories.

    .venv/bin/python -m docs.pictures.make [NAME …]

Starts a site of its own in a temporary folder, drives the machine's Chromium, does what table.py
says, and writes the pictures beside this file: those that are named, or all. `history` and
`conflicts` need what `records` writes.
"""

import os
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from io import BytesIO
from pathlib import Path

from PIL import Image
from playwright.sync_api import Browser, Page, sync_playwright

from docs.pictures.table import PICTURES, Picture
from tests.chromium import find_chromium
from tests.docs.steps import steps, take

HERE = Path(__file__).parent
ROOT = HERE.parents[1]
WIDTH = 1280
LARGEST = 60_000
"""Bytes: whoever reads a page should not wait for its picture."""
COLOURS = (128, 64, 32)
PATIENCE = 600
"""Seconds until the first start has to answer."""
TO_THE_TOP = "element => scrollTo(0, element.getBoundingClientRect().top + scrollY - 72)"


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


def photograph(picture: Picture, page: Page, other: Page) -> bytes:
    page.set_viewport_size({"width": WIDTH, "height": picture.height})
    for who, what in ((page, picture.steps), (other, picture.elsewhere), (page, picture.then)):
        for step in steps(what):
            take(who, step)
    if picture.at:
        page.locator(picture.at).evaluate(TO_THE_TOP)
    return page.screenshot(animations="disabled")


def made_small(picture: Picture, png: bytes) -> bytes:
    """With as few colours as it takes."""
    for colours in COLOURS:
        file = BytesIO()
        flat = Image.open(BytesIO(png)).convert("RGB")
        flat.quantize(colours, dither=Image.Dither.NONE).save(file, "PNG", optimize=True)
        if len(file.getvalue()) <= LARGEST:
            return file.getvalue()
    raise CannotMakePictures(f"{picture.name} has {len(file.getvalue()):,} bytes.")


def pages(browser: Browser, address: str, password: str) -> tuple[Page, Page]:
    """Two of the same person, as in two windows."""
    context = browser.new_context(color_scheme="light", base_url=address)
    context.set_default_timeout(120_000)
    page = context.new_page()
    sign_in(page, password)
    return page, context.new_page()


def main(wanted: list[str]) -> None:
    chromium = find_chromium()
    if chromium is None:
        raise CannotMakePictures("There is no Chromium on this machine (CHROMIUM, PATH).")
    # Chromium's sandbox refuses root.
    arguments = ["--no-sandbox"] if os.geteuid() == 0 else []
    with a_site() as (address, password), sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=arguments)
        page, other = pages(browser, address, password)
        for picture in PICTURES:
            if not wanted or picture.name in wanted:
                small = made_small(picture, photograph(picture, page, other))
                (HERE / f"{picture.name}.png").write_bytes(small)
        browser.close()


if __name__ == "__main__":
    main(sys.argv[1:])
