"""The palette by keys alone: opened from anywhere, it finds, does, and gives the focus back."""

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Locator, Page, expect

from incidents.lookup.operations import keep_findable
from incidents.models import User
from tests.browser.conftest import DESK, PHONE, OpenAs
from tests.browser.looking import RULES
from tests.factories import a_factor, a_user, an_incident

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

KEYS = "Control+k"


@pytest.fixture
def editor(transactional_db: None) -> User:
    keep_findable(a_factor(name="Pool too small", slug="pool"))
    return a_user("editor")


def box(page: Page) -> Locator:
    return page.get_by_role("combobox", name="A record, a page or an action")


def opened(page: Page) -> Page:
    page.keyboard.press(KEYS)
    expect(page.locator("#palette")).to_be_visible()
    expect(page.locator("#palette [aria-selected=true]")).to_have_count(1)
    return page


def typed(page: Page, text: str, first: str) -> None:
    """Types, and waits until what was found stands first."""
    page.keyboard.type(text)
    expect(page.locator("#palette [aria-selected=true]")).to_contain_text(first)


def test_it_works(editor: User, open_as: OpenAs) -> None:
    page = open_as(editor)
    page.goto("/runbooks/")
    opened(page)
    expect(box(page)).to_be_focused()
    typed(page, "small pool", "Pool too small")
    page.keyboard.press("Enter")
    page.wait_for_url("**/factors/pool/")


def test_a_reference_opens_its_record(editor: User, open_as: OpenAs) -> None:
    incident = an_incident(title="Search answers slowly", owner=editor)
    page = open_as(editor)
    page.goto("/")
    opened(page)
    typed(page, incident.reference.lower(), "Search answers slowly")
    page.keyboard.press("Enter")
    page.wait_for_url(f"**{incident.get_absolute_url()}")


def test_the_arrows_go_round_and_are_said(editor: User, open_as: OpenAs) -> None:
    page = open_as(editor)
    page.goto("/runbooks/")
    opened(page)
    options = page.locator("#palette [role=option]")
    expect(page.locator("#palette-said")).to_have_text(f"{options.count()} results")
    page.keyboard.press("ArrowUp")
    expect(options.last).to_have_attribute("aria-selected", "true")
    page.keyboard.press("ArrowDown")
    expect(options.first).to_have_attribute("aria-selected", "true")
    named = box(page).get_attribute("aria-activedescendant")
    assert named == options.first.get_attribute("id")


def test_it_does_what_the_page_can_do(editor: User, open_as: OpenAs) -> None:
    page = open_as(editor)
    page.goto("/factors/pool/")
    opened(page)
    typed(page, "edit", "Edit")
    page.keyboard.press("Enter")
    page.wait_for_url("**/factors/pool/edit/")


def test_escape_gives_the_focus_back(editor: User, open_as: OpenAs) -> None:
    page = open_as(editor)
    page.goto("/factors/pool/edit/")
    name = page.get_by_label("Name")
    name.fill("Pool far too small")
    opened(page)
    page.keyboard.type("something")
    page.keyboard.press("Escape")
    expect(page.locator("#palette")).to_be_hidden()
    expect(name).to_be_focused()
    expect(name).to_have_value("Pool far too small")


def test_nothing_found_says_what_to_do(editor: User, open_as: OpenAs) -> None:
    page = open_as(editor)
    page.goto("/")
    opened(page)
    page.keyboard.type("xqzwv")
    expect(page.locator("#palette-none")).to_contain_text("Enter searches in all texts")
    page.keyboard.press("Enter")
    page.wait_for_url("**/search/?q=xqzwv")


def test_no_answer_is_said(editor: User, open_as: OpenAs) -> None:
    page = open_as(editor)
    page.goto("/runbooks/")
    opened(page)
    page.route("**/search/palette/**", lambda route: route.fulfill(status=503))
    page.keyboard.type("pool")
    expect(page.locator("#palette-none")).to_contain_text("the server answered 503")


def test_enter_waits_for_what_was_typed(editor: User, open_as: OpenAs) -> None:
    page = open_as(editor)
    page.goto("/runbooks/")
    opened(page)
    page.keyboard.type("small pool")
    page.keyboard.press("Enter")
    page.wait_for_url("**/factors/pool/")


def test_the_button_opens_it_and_shortcuts_of_one_letter_rest(
    editor: User, open_as: OpenAs
) -> None:
    page = open_as(editor, size=PHONE)
    page.goto("/runbooks/")
    page.get_by_role("button", name="Find and do").click()
    expect(box(page)).to_be_focused()
    page.keyboard.type("?n")
    expect(box(page)).to_have_value("?n")
    expect(page.locator("#keys")).to_be_hidden()


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("size", [DESK, PHONE], ids=["desk", "phone"])
def test_it_fits_and_is_open_to_all(
    editor: User, open_as: OpenAs, theme: str, size: dict[str, int]
) -> None:
    page = open_as(editor, size=size, color_scheme=theme, reduced_motion="reduce")
    page.goto("/factors/pool/")
    opened(page)
    typed(page, "pool", "Pool too small")
    assert page.evaluate("document.documentElement.scrollWidth") <= size["width"]
    found = Axe().run(page, options={"runOnly": RULES})
    assert [rule["id"] for rule in found.response["violations"]] == []


def test_without_a_script_there_is_the_search(editor: User, open_as: OpenAs) -> None:
    page = open_as(editor, java_script_enabled=False)
    page.goto("/runbooks/")
    expect(page.get_by_role("button", name="Find and do")).to_have_count(0)
    page.get_by_role("textbox", name="Search everything").fill("small pool")
    page.keyboard.press("Enter")
    page.wait_for_url("**/search/?q=small+pool")
