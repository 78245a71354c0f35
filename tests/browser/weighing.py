"""What a page weighs on its way, how much of it moves by itself, and where it comes from."""

import re
from collections.abc import Iterable
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple
from urllib.parse import SplitResult, unquote, urlsplit

import pytest
from django.conf import settings
from django.contrib.staticfiles import finders
from playwright.sync_api import Page, expect
from whitenoise.compress import Compressor

HEAVIEST = 100_000
"""Bytes of a page without its pictures, all of it asked for anew."""
STILL = 0.001
"""Of all shifts of a page together: what reports round to 0.00."""
PICTURES = (".svg", ".png", ".jpg", ".jpeg", ".gif", ".webp", ".ico")
# From before the first paint on; a shift that follows what a person did is none.
WATCH = """
    window.moved = [];
    window.scriptsHaveRun = false;
    addEventListener("DOMContentLoaded", () => { window.scriptsHaveRun = true; });
    window.movements = new PerformanceObserver((list) => note(list.getEntries()));
    const place = ({ x, y, width, height }) => [x, y, width, height].map(Math.round).join(" ");
    const note = (entries) => {
      for (const entry of entries) {
        if (entry.hadRecentInput) continue;
        const what = entry.sources.map(({ node, previousRect, currentRect }) => {
          const name = node?.outerHTML?.slice(0, 120) ?? node?.textContent ?? "what is gone";
          return `${name} from ${place(previousRect)} to ${place(currentRect)}`;
        });
        window.moved.push({ by: entry.value, what: what.join(" and ") });
      }
    };
    window.noteRest = () => note(window.movements.takeRecords());
    window.movements.observe({ type: "layout-shift", buffered: true });
"""
SCRIPT = re.compile(r"<script\b(?P<attributes>[^>]*\sdefer\b[^>]*)>")
SOURCE = re.compile(r'\bsrc="(?P<address>[^"]+)"')
# The second frame begins when the first has been painted.
PAINTED = """
    async () => {
      const frame = () => new Promise((done) => requestAnimationFrame(done));
      await frame();
      await frame();
      return window.scriptsHaveRun;
    }
"""
READ = """
    async () => {
      const frame = () => new Promise((done) => requestAnimationFrame(done));
      const FOLLOWS = Node.DOCUMENT_POSITION_FOLLOWING;
      const main = document.querySelector("main");
      // Its beginning ends the wait: of what is in it, nothing would be waited for.
      const expected = document.querySelector("link[rel='expect'][blocking='render']");
      const below = document.querySelector(expected?.getAttribute("href") ?? "nothing");
      await document.fonts.ready;
      await frame();
      await frame();
      await globalThis.offline?.lookedAfter;
      await frame();
      await frame();
      window.noteRest();
      return {
        page: performance.getEntriesByType("navigation")[0].encodedBodySize,
        pieces: performance.getEntriesByType("resource").map((one) => one.name),
        moved: window.moved,
        isWhole: Boolean(below && main.compareDocumentPosition(below) === FOLLOWS),
      };
    }
"""


# What comes by itself is part of the page.
COMING = ".htmx-request, .htmx-swapping, .htmx-settling"


class Weight(NamedTuple):
    """Bytes on the wire: of the page itself, and of the style sheets and scripts that it names."""

    page: int
    pieces: int

    @property
    def total(self) -> int:
        return self.page + self.pieces


def first_deferred(html: str) -> str:
    """The address of the script that the others wait for; empty where the page defers none."""
    for script in SCRIPT.finditer(html):
        if source := SOURCE.search(script["attributes"]):
            return source["address"]
    return ""


class Watched:
    """A page whose scripts run when it has been painted, so that all that they move is seen.

    Deferred scripts run in their order: the first of them is held back, and the others wait for it.
    On a fast machine they run before the first paint, on a slow one after it.
    """

    def __init__(self, page: Page) -> None:
        self.page = page
        page.add_init_script(WATCH)
        self.wire = page.context.new_cdp_session(page)
        self.wire.on("Fetch.requestPaused", self.hear)
        self.wire.send("Network.enable")
        self.is_painted = True
        self.held: list[str] = []

    def open(self, path: str, html: str) -> None:
        """`html` is what the server answers there."""
        first = first_deferred(html)
        self.forget_pieces()
        self.hold(first or "no script")
        self.page.goto(path, wait_until="commit")
        scripts_have_run = self.page.evaluate(PAINTED)
        self.let_go()
        self.page.wait_for_load_state()
        if first and scripts_have_run:
            pytest.fail(f"The scripts of {path} were not held back.")

    def forget_pieces(self) -> None:
        """What is still in memory would not be asked for; the cache of the disk stays."""
        for is_disabled in (True, False):
            self.wire.send("Network.setCacheDisabled", {"cacheDisabled": is_disabled})

    def hold(self, address: str) -> None:
        self.is_painted = False
        pattern = {"urlPattern": f"*{address}", "resourceType": "Script"}
        self.wire.send("Fetch.enable", {"patterns": [pattern]})

    def hear(self, asked: dict[str, Any]) -> None:
        self.held.append(asked["requestId"])
        if self.is_painted:
            self.let_go()

    def let_go(self) -> None:
        self.is_painted = True
        while self.held:
            self.wire.send("Fetch.continueRequest", {"requestId": self.held.pop()})


def weighed(page: Page) -> list[str]:
    """What is wrong with the way in which the open page came, once it has come to rest."""
    expect(page.locator(COMING)).to_have_count(0)
    found = page.evaluate(READ)
    home = urlsplit(page.url).netloc
    pieces = {urlsplit(address)._replace(query="", fragment="") for address in found["pieces"]}
    strange = sorted(one.geturl() for one in pieces if one.netloc != home and one.scheme != "data")
    faults = [f"comes from elsewhere: {address}" for address in strange]
    if not found["isWhole"]:
        faults.append("is painted in pieces")
    weight = weight_of(found["page"], pieces)
    if weight.total > HEAVIEST:
        faults.append(f"weighs {weight.page:,} + {weight.pieces:,} bytes")
    size = page.viewport_size or {"width": 0}
    if sum(one["by"] for one in found["moved"]) >= STILL:
        moves = [f"moves by {one['by']:.4f}: {one['what']}" for one in found["moved"]]
        faults += [f"{size['width']} px: {move}" for move in moves]
    return faults


def weight_of(page: int, pieces: Iterable[SplitResult]) -> Weight:
    files = [one.path for one in pieces if one.path.startswith(settings.STATIC_URL)]
    return Weight(page, sum(compressed(path) for path in files))


@cache
def compressed(path: str) -> int:
    """Bytes of a file of ours as WhiteNoise sends it, which keeps the smaller of the two."""
    if path.endswith(PICTURES):
        return 0
    found = finders.find(unquote(path.removeprefix(settings.STATIC_URL)))
    plain = Path(str(found)).read_bytes()
    return min(len(plain), len(Compressor.compress_gzip(plain)))
