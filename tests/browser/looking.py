"""What a page must never show, whichever page it is, and when a piece of it can be used."""

from collections.abc import Iterator
from typing import Any

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Locator, Page, expect

from tests.browser.conftest import DESK, PHONE
from tests.browser.weighing import COMING

# All of them take a second.
RULES: dict[str, Any] = {
    "type": "tag",
    "values": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"],
}
COLOURS: dict[str, Any] = {"type": "rule", "values": ["color-contrast", "link-in-text-block"]}
"""Those of the rules that colours decide: by theme, nothing but colours differs
(tests/architecture/test_css.py). So all rules are asked at both widths, and these in all four
shapes."""
SHAPES = (
    ("light", DESK, RULES),
    ("dark", DESK, COLOURS),
    ("dark", PHONE, RULES),
    ("light", PHONE, COLOURS),
)
AXE = Axe().axe_script
ASK = "(options) => axe.run(options).then(({ violations }) => violations)"


def faults(page: Page) -> list[str]:
    """What is wrong with the page that is open, by day and night, on a desk and a phone."""
    # What comes by itself would move things while they are measured.
    expect(page.locator(COMING)).to_have_count(0)
    return [
        *plain_faults(page),
        *(fault for shape in SHAPES for fault in shape_faults(page, *shape)),
    ]


def plain_faults(page: Page) -> Iterator[str]:
    if (headings := page.locator("h1").count()) != 1:
        yield f"{headings} first headings"
    if not page.title().split(" · ")[0].strip():
        yield "no title"
    if page.locator("option", has_text="---------").count():
        yield "a choice of dashes"


def shape_faults(
    page: Page, theme: str, size: dict[str, int], rules: dict[str, Any]
) -> Iterator[str]:
    # Without motion no colour is caught half-way.
    page.emulate_media(color_scheme=theme, reduced_motion="reduce")  # type: ignore[arg-type]
    page.set_viewport_size(size)  # type: ignore[arg-type]
    shape = f"{theme}, {size['width']} px"
    wide = page.evaluate("document.documentElement.scrollWidth")
    if wide > size["width"]:
        yield f"{shape}: {wide} px wide"
    # What sticks to an edge lies over what scrolls below it; with all in sight, nothing does.
    tall = page.evaluate("document.documentElement.scrollHeight")
    page.set_viewport_size({**size, "height": max(tall, size["height"])})  # type: ignore[typeddict-item]
    if not page.evaluate("'axe' in window"):
        page.evaluate(AXE)
    for rule in page.evaluate(ASK, {"runOnly": rules, "resultTypes": ["violations"]}):
        for node in rule["nodes"]:
            said = node["any"][0]["message"] if node["any"] else rule["help"]
            yield f"{shape}: {rule['impact']}: {said}: {node['html'][:200]}"


def opened(form: Locator) -> Locator:
    """Waits until htmx has taken the form up: what comes sooner goes the way without a script."""
    expect(form.locator("input:focus, select:focus, textarea:focus")).to_have_count(1)
    return form
