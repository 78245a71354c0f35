"""A person at a page: what they type and press is counted, and each step is looked at."""

import os
import time
from base64 import b64decode
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from playwright.sync_api import Locator, Page, expect

from tests.browser.looking import faults

KEYS_A_MINUTE = 200
"""Forty words of five characters, as typing is measured."""
PICTURES = os.environ.get("WALK_PICTURES", "")
"""Where each step leaves a picture in either theme; nowhere where it is empty."""
FOR_DOCS = os.environ.get("WALK_PICTURES_FOR_DOCS", "")
"""Where steps that name a picture leave it, small enough for a document."""
LARGEST = 60_000
"""Bytes of such a picture."""
IN_SIGHT = """element => {
  const box = element.getBoundingClientRect();
  const middle = [box.x + box.width / 2, box.y + box.height / 2];
  const there = document.elementFromPoint(...middle);
  return there !== null && (element.contains(there) || there.contains(element));
}"""
"""That its middle is on the screen, and that nothing lies over it."""
FOCUS = """() => {
  const at = document.activeElement;
  if (!at || at === document.body) return "nowhere";
  const box = at.getBoundingClientRect();
  const style = getComputedStyle(at);
  const ring = style.outlineStyle !== "none" && parseFloat(style.outlineWidth) > 0;
  const marked = ring || style.boxShadow !== "none" || at.matches("input, select, textarea");
  const inside = box.bottom > 0 && box.top < innerHeight && box.width > 0;
  return inside && (marked || at.matches("[tabindex='-1']")) ? "" : at.outerHTML.slice(0, 200);
}"""
"""What is wrong with where the keyboard is; nothing where it is seen."""
IS_NEW = "document.activeElement === document.body"
"""That nobody has pressed anything yet."""
IS_PAST_THE_HEADER = """element =>
  document.activeElement.matches(".skip-link") && element.closest("main") !== null"""
"""That the focus is on the link past the header, and what is looked for stands there."""
WAY = """element => {
  const at = document.activeElement;
  if (at === element) return "";
  const before = at.compareDocumentPosition(element) & Node.DOCUMENT_POSITION_PRECEDING;
  return before ? "Shift+Tab" : "Tab";
}"""
MOST_TABS = 400


@dataclass
class Cost:
    """Summed over all who take part in one walk."""

    name: str
    keystrokes: int = 0
    clicks: int = 0
    pages: int = 0
    steps: int = 0
    seconds: float = 0.0

    @property
    def typing_minutes(self) -> float:
        return self.keystrokes / KEYS_A_MINUTE

    @property
    def told(self) -> str:
        return (
            f"{self.name}: {self.keystrokes} keystrokes"
            f" ({self.typing_minutes:.1f} min at 40 words a minute), {self.clicks} clicks or taps,"
            f" {self.pages} pages, {self.steps} steps looked at;"
            f" {self.seconds:.1f} s of machine"
        )


@dataclass
class Walker:
    """Drives `page` as a person does: real keys, real clicks, nothing behind the page's back."""

    page: Page
    cost: Cost
    # "keys", "mouse" or "touch".
    hand: str
    looks: bool = False
    found: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.page.on("domcontentloaded", self._loaded)

    def _loaded(self, page: object) -> None:
        self.cost.pages += 1

    @contextmanager
    def timed(self) -> Iterator[None]:
        begun = time.monotonic()
        yield
        self.cost.seconds += time.monotonic() - begun

    def go(self, address: str) -> None:
        """By a link from elsewhere: an alert, a mail, a bookmark."""
        with self.timed():
            self.page.goto(address)

    def type(self, text: str) -> None:
        with self.timed():
            self.page.keyboard.type(text)
        self.cost.keystrokes += len(text)

    def press(self, *keys: str) -> None:
        with self.timed():
            for key in keys:
                self.page.keyboard.press(key)
        # With Shift or Control held it is one more key that a finger presses.
        self.cost.keystrokes += sum(len(key.split("+")) for key in keys)

    def paste(self, text: str) -> None:
        self.page.evaluate("text => navigator.clipboard.writeText(text)", text)
        self.press("ControlOrMeta+v")

    def use(self, place: Locator, *, key: str = "") -> None:
        """Presses a link, a button, a box to tick; `key` is its key where it has one."""
        if self.hand == "keys":
            if key:
                self.press(*key.split())
                return
            self.tab_to(place)
            is_ticked = place.evaluate(
                "element => element.matches('[type=checkbox], [type=radio]')"
            )
            self.press("Space" if is_ticked else "Enter")
            return
        with self.timed():
            place.tap() if self.hand == "touch" else place.click()
        self.cost.clicks += 1

    def write(self, place: Locator, text: str) -> None:
        """Into a text box, over what stands there."""
        if self.hand == "keys":
            self.tab_to(place)
        elif not place.evaluate("element => element === document.activeElement"):
            self.use(place)
        if place.input_value():
            self.press("ControlOrMeta+a")
        self.type(text)

    def choose(self, place: Locator, label: str, *, letters: str) -> None:
        """In a list: by the letters with which the entry begins, or by two clicks."""
        if self.hand == "keys":
            self.tab_to(place)
            self.type(letters)
        else:
            # The browser's own list, which no test can click.
            place.select_option(label=label)
            self.cost.clicks += 2
        assert place.evaluate("list => list.selectedOptions[0].label") == label

    def tab_to(self, place: Locator) -> None:
        """By Tab, past the header, the way that leads there; the focus is seen at each stop."""
        expect(place).to_have_count(1)
        if self.page.evaluate(IS_NEW):
            self.press("Tab")
            if place.evaluate(IS_PAST_THE_HEADER):
                self.press("Enter")
        for _ in range(MOST_TABS):
            way = place.evaluate(WAY)
            if not way:
                return
            self.press(way)
            self.focus_is_seen()
        raise AssertionError(f"Tab does not lead to {place}.")

    def focus_is_seen(self) -> None:
        if lost := self.page.evaluate(FOCUS):
            raise AssertionError(f"{self.cost.name}: the focus is not seen: {lost}")

    def step(self, name: str, *, then: Locator | None = None, picture: str = "") -> None:
        """Looks at what is open: what it asks for next is in sight, and the page is in order.

        `then` is the next thing to do, `picture` what the documents call this step. What is wrong
        is kept for the end, so that one run tells all of it.
        """
        page = self.page
        self.cost.steps += 1
        expect(page.locator(".htmx-request, .htmx-swapping, .htmx-settling")).to_have_count(0)
        if then is not None:
            expect(then).to_be_visible()
            if not then.evaluate(IN_SIGHT):
                self.found.append(f"{name}: {then} is not in sight")
        size = page.viewport_size
        self._take_pictures(name)
        if FOR_DOCS and picture:
            self._take_picture_for_docs(picture)
        if self.looks:
            at = page.evaluate("[scrollX, scrollY]")
            # What sticks to an edge lies over what is scrolled below it.
            page.evaluate("scrollTo(0, 0)")
            self.found += [f"{name}: {fault}" for fault in faults(page)]
            if size is not None:
                page.set_viewport_size(size)
            page.emulate_media(color_scheme="light", reduced_motion="no-preference")
            page.evaluate("([x, y]) => scrollTo(x, y)", at)

    def _take_pictures(self, name: str) -> None:
        if not PICTURES:
            return
        page, size = self.page, self.page.viewport_size
        folder = Path(PICTURES)
        folder.mkdir(parents=True, exist_ok=True)
        width = size["width"] if size else 0
        for theme in ("dark", "light"):
            page.emulate_media(color_scheme=theme, reduced_motion="reduce")  # type: ignore[arg-type]
            place = folder / f"{self.cost.name.replace(' ', '-')}-{self.cost.steps:02}-{name}"
            page.screenshot(path=f"{place}-{width}-{theme}.png")

    def _take_picture_for_docs(self, name: str) -> None:
        session = self.page.context.new_cdp_session(self.page)
        for quality in (70, 55, 40, 25):
            wanted = {"format": "webp", "quality": quality}
            picture = b64decode(session.send("Page.captureScreenshot", wanted)["data"])
            if len(picture) <= LARGEST:
                break
        session.detach()
        assert len(picture) <= LARGEST, f"{name} has {len(picture):,} bytes"
        (Path(FOR_DOCS) / f"{name}.webp").write_bytes(picture)


Told = Callable[[str, object], None]


def tell(told: Told, cost: Cost) -> None:
    """Printed at the end of the run (tests/conftest.py)."""
    told("counted", cost.told)
