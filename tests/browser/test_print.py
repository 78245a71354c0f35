"""On paper stands what a record says, and nothing that can only be pressed."""

import pytest
from playwright.sync_api import expect

from incidents.models import Knob, Runbook
from tests.browser.conftest import OpenAs
from tests.browser.demo import FROZEN, Demo, load_demo
from tests.browser.weighing import COMING

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

# A4 without its margins, in CSS pixels.
PAPER = {"width": 718, "height": 1047}
# What would have to be scrolled to be read.
CUT = """
    [...document.querySelectorAll("main *")]
      .filter((one) => one.scrollWidth > one.clientWidth + 1 && one.checkVisibility())
      .filter((one) => getComputedStyle(one).overflowX !== "visible")
      .filter((one) => !one.closest(".visually-hidden"))
      .map((one) => one.outerHTML.slice(0, 120))
"""


@pytest.fixture
def demo(transactional_db: None) -> Demo:
    return load_demo()


def test_it_works(demo: Demo, open_as: OpenAs) -> None:
    page = open_as(demo.admin, size=PAPER)
    page.emulate_media(media="print")
    page.goto(demo.story.get_absolute_url())
    expect(page.get_by_role("heading", level=1)).to_be_visible()
    expect(page.locator("#timeline")).to_be_visible()
    for what in ("a.button", "button", "summary", ".site-header", ".breadcrumbs"):
        assert page.locator(what).filter(visible=True).count() == 0, what


@pytest.mark.parametrize("path", ["/incidents/", "/actions/", "/runbooks/", "/lessons/"])
def test_a_list_fits_on_the_paper(demo: Demo, open_as: OpenAs, path: str) -> None:
    page = open_as(demo.admin, size=PAPER)
    page.emulate_media(media="print")
    page.goto(path)
    assert page.evaluate("document.documentElement.scrollWidth") <= PAPER["width"]


def paths(demo: Demo) -> dict[str, str]:
    knob = Knob.objects.earliest("pk")
    return {
        "incident": demo.story.get_absolute_url(),
        "runbook": Runbook.objects.earliest("pk").get_absolute_url(),
        "review": f"/reviews/{FROZEN.key}/",
        "action items": "/actions/",
        "knob": knob.get_absolute_url(),
    }


def test_what_is_dark_on_the_screen_is_light_on_paper(demo: Demo, open_as: OpenAs) -> None:
    page = open_as(demo.admin, size=PAPER)
    page.goto("/actions/")
    page.evaluate("localStorage.setItem('theme', 'dark')")
    for name, path in paths(demo).items():
        page.emulate_media(media="screen")
        page.goto(path)
        text = "getComputedStyle(document.querySelector('h1')).color"
        assert page.evaluate(text) == "rgb(235, 232, 226)", name
        page.emulate_media(media="print")
        assert page.evaluate(text) == "rgb(30, 28, 25)", name


def test_each_page_is_whole_on_paper(demo: Demo, open_as: OpenAs) -> None:
    page = open_as(demo.admin, size=PAPER)
    page.emulate_media(media="print")
    for name, path in paths(demo).items():
        page.goto(path)
        expect(page.locator(COMING)).to_have_count(0)
        for what in ("a.button", "button", ".site-header", ".breadcrumbs", ".facets", "#palette"):
            assert page.locator(what).filter(visible=True).count() == 0, (name, what)
        assert page.evaluate("document.documentElement.scrollWidth") <= PAPER["width"], name
        assert page.evaluate(CUT) == [], name
