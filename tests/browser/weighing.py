"""What a page weighs on its way, how much of it moves by itself, and where it comes from."""

from collections.abc import Iterable
from functools import cache
from pathlib import Path
from typing import NamedTuple
from urllib.parse import SplitResult, unquote, urlsplit

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
    window.movements = new PerformanceObserver((list) => note(list.getEntries()));
    const note = (entries) => {
      for (const entry of entries) {
        if (entry.hadRecentInput) continue;
        const nodes = entry.sources.map((one) => one.node?.outerHTML ?? "what is gone");
        const what = nodes.map((one) => one.slice(0, 120));
        window.moved.push({ by: entry.value, what: what.join(" and ") });
      }
    };
    window.noteRest = () => note(window.movements.takeRecords());
    window.movements.observe({ type: "layout-shift", buffered: true });
"""
READ = """
    async () => {
      const frame = () => new Promise((done) => requestAnimationFrame(done));
      await document.fonts.ready;
      await frame();
      await frame();
      window.noteRest();
      return {
        page: performance.getEntriesByType("navigation")[0].encodedBodySize,
        pieces: performance.getEntriesByType("resource").map((one) => one.name),
        moved: window.moved,
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


def watch_movements(page: Page) -> None:
    """Before the page is opened."""
    page.add_init_script(WATCH)


def weighed(page: Page) -> list[str]:
    """What is wrong with the way in which the open page came, once it has come to rest."""
    expect(page.locator(COMING)).to_have_count(0)
    found = page.evaluate(READ)
    home = urlsplit(page.url).netloc
    pieces = {urlsplit(address)._replace(query="", fragment="") for address in found["pieces"]}
    strange = sorted(one.geturl() for one in pieces if one.netloc != home and one.scheme != "data")
    faults = [f"comes from elsewhere: {address}" for address in strange]
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
