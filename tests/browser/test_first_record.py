"""The writer's way: from the sign-in to a published record."""

import re

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import OpenAs
from tests.browser.demo import Demo, load_demo
from tests.browser.looking import opened
from tests.factories import PASSWORD

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def demo(transactional_db: None) -> Demo:
    return load_demo()


def sign_in(page: Page, username: str) -> None:
    page.goto("/incidents/")
    page.locator("[name=login]").fill(username)
    page.locator("[name=password]").fill(PASSWORD)
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("Incidents")


def test_it_works(demo: Demo, open_as: OpenAs) -> None:
    writer = open_as(None)
    sign_in(writer, demo.editor.username)
    record(writer, "Checkout refuses every card")
    address = writer.url
    ask_for_review(writer, demo.other.name)

    reviewer = open_as(None)
    sign_in(reviewer, demo.other.username)
    reviewer.goto(address)
    reviewer.get_by_label("approved").check()
    reviewer.get_by_role("button", name="Send my answer").click()
    expect(reviewer.locator("#review")).to_contain_text("approved")

    writer.reload()
    writer.locator("#review summary").get_by_text("Publish").click()
    writer.get_by_role("button", name="Publish").click()
    expect(writer.locator("#messages")).to_contain_text("Published.")
    expect(writer.locator(".page-head-meta")).to_contain_text("published")


def record(page: Page, title: str) -> None:
    page.keyboard.press("n")
    expect(page.get_by_role("heading", level=1)).to_have_text("New incident")
    page.get_by_label("Title").fill(title)
    page.get_by_role("button", name="Record it").click()
    expect(page.get_by_role("heading", level=1)).to_have_text(title)

    page.get_by_role("link", name="Add an event").click()
    form = opened(page.locator("#timeline form.form"))
    form.locator("[name=event]").fill("2026-03-14 14:05")
    form.locator("[name=text]").fill("The first card was refused.")
    form.get_by_role("button", name="Add an event").click()
    expect(page.locator("#timeline li")).to_contain_text("The first card was refused.")
    # The picture of its course follows.
    expect(page.locator("#course svg")).to_be_visible()


def ask_for_review(page: Page, name: str) -> None:
    page.locator("#review summary").get_by_text("Ask for a review").click()
    page.locator("#review").get_by_label(name).check()
    page.get_by_role("button", name="Send to review").click()
    expect(page.locator("#messages")).to_contain_text("Sent to review.")
    expect(page.locator(".page-head-meta")).to_contain_text("in review")


def test_what_was_recorded_is_found_by_its_words(demo: Demo, open_as: OpenAs) -> None:
    page = open_as(demo.editor)
    page.goto("/")
    # The box has the focus.
    page.keyboard.type(demo.story.title.lower())
    page.keyboard.press("Enter")
    results = page.get_by_role("region", name="Incidents")
    results.get_by_role("link", name=demo.story.title).click()
    expect(page).to_have_url(re.compile(demo.story.get_absolute_url()))


def test_the_header_suggests_while_somebody_types(demo: Demo, open_as: OpenAs) -> None:
    page = open_as(demo.editor)
    page.goto("/runbooks/")
    page.keyboard.press("/")
    page.keyboard.type(demo.story.title.lower())
    panel = page.get_by_role("group", name="Found so far")
    expect(panel).to_contain_text(demo.story.reference)
    expect(page.locator("#search-box")).to_be_focused()

    page.keyboard.press("Escape")
    expect(panel).to_have_count(0)
    expect(page.locator("#search-box")).to_be_focused()

    page.keyboard.type(" ")
    expect(panel).to_be_visible()
    page.keyboard.press("ArrowDown")
    expect(panel.get_by_role("link").first).to_be_focused()
    page.keyboard.press("ArrowUp")
    expect(page.locator("#search-box")).to_be_focused()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    # Runbooks lead: they are what somebody in a hurry needs.
    expect(page).to_have_url(re.compile("/runbooks/[a-z-]+/$"))


def test_the_question_mark_lists_the_keys(demo: Demo, open_as: OpenAs) -> None:
    page = open_as(demo.editor)
    page.goto(demo.story.get_absolute_url())
    page.keyboard.press("?")
    expect(page.get_by_role("dialog", name="Keys")).to_be_visible()

    page.keyboard.press("Escape")
    page.keyboard.press("e")
    expect(page.get_by_role("heading", level=1)).to_have_text(f"Edit {demo.story.reference}")
