"""On paper stands what a record says, and nothing that can only be pressed."""

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import OpenAs
from tests.browser.demo import Demo, load_demo

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

# A4 without its margins, in CSS pixels.
PAPER = {"width": 718, "height": 1047}


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
