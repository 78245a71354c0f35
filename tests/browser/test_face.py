"""What every page has: keys, themes, a menu, care for what is typed; by day, by night, by phone."""

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.conf import settings
from django.test import Client
from playwright.sync_api import Browser, Page, expect

from tests.factories import a_factor, a_user

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

PAGES = ["/factors/", "/factors/pool/edit/", "/factors/pool/", "/nothing/here/"]
DESK = {"width": 1280, "height": 900}
PHONE = {"width": 390, "height": 844}


@pytest.fixture
def session(live_server: object) -> dict[str, str]:
    """The cookie of an editor, and one factor to look at."""
    client = Client()
    client.force_login(a_user())
    a_factor(name="Pool too small", slug="pool")
    return {
        "name": settings.SESSION_COOKIE_NAME,
        "value": client.cookies[settings.SESSION_COOKIE_NAME].value,
        "url": str(live_server),
    }


@pytest.fixture
def page(page: Page, session: dict[str, str]) -> Page:
    page.context.add_cookies([session])  # type: ignore[list-item]  # a dict is what it takes
    return page


def ground(page: Page) -> str:
    return str(page.evaluate("getComputedStyle(document.body).backgroundColor"))


def test_the_slash_finds_and_escape_leaves(page: Page) -> None:
    page.goto("/factors/")
    page.keyboard.press("/")
    expect(page.locator("#search-box")).to_be_focused()

    page.keyboard.type("g f?")
    expect(page.locator("#search-box")).to_have_value("g f?")
    expect(page.locator("#keys")).to_be_hidden()

    page.keyboard.press("Escape")
    expect(page.locator("#search-box")).not_to_be_focused()


def test_the_list_of_keys_turns_them_off(page: Page) -> None:
    page.goto("/factors/")
    page.keyboard.press("?")
    expect(page.locator("#keys")).to_be_visible()
    page.locator("#keys-on").uncheck()
    page.keyboard.press("Escape")
    expect(page.locator("#keys")).to_be_hidden()

    page.reload()
    page.keyboard.press("?")
    page.keyboard.press("/")
    expect(page.locator("#keys")).to_be_hidden()
    expect(page.locator("#search-box")).not_to_be_focused()


def test_keys_held_with_control_are_the_browsers(page: Page) -> None:
    page.goto("/factors/")
    page.keyboard.press("Control+/")
    expect(page.locator("#search-box")).not_to_be_focused()


def test_the_chosen_theme_is_kept(page: Page) -> None:
    page.emulate_media(color_scheme="light")
    page.goto("/factors/")
    day = ground(page)
    page.get_by_text("You and settings").locator("..").click()
    page.get_by_role("button", name="Dark").click()
    night = ground(page)
    assert night != day

    page.reload()
    assert ground(page) == night


def test_a_text_that_was_not_saved_is_offered_back(page: Page) -> None:
    page.goto("/factors/pool/edit/")
    page.locator("textarea[name=description]").fill("Half a thought")
    # Written once the typing pauses.
    page.wait_for_timeout(700)
    asked = []
    page.on("dialog", lambda dialog: (asked.append(dialog.type), dialog.accept()))
    page.goto("/factors/")
    assert asked == ["beforeunload"]

    page.goto("/factors/pool/edit/")
    page.get_by_role("button", name="Bring it back").click()
    expect(page.locator("textarea[name=description]")).to_have_value("Half a thought")


def test_a_saved_text_is_not_offered_again(page: Page) -> None:
    page.goto("/factors/pool/edit/")
    page.locator("textarea[name=description]").fill("A whole thought")
    page.wait_for_timeout(700)
    page.get_by_role("button", name="Save").click()
    expect(page).to_have_url("/factors/pool/")

    page.goto("/factors/pool/edit/")
    expect(page.locator(".draft-offer")).to_have_count(0)
    assert (
        page.evaluate("Object.keys(localStorage).filter((key) => key.startsWith('draft:'))") == []
    )


def test_signing_out_takes_kept_texts_along(page: Page) -> None:
    page.goto("/factors/pool/edit/")
    page.locator("textarea[name=description]").fill("Between us")
    page.wait_for_timeout(700)
    page.on("dialog", lambda dialog: dialog.accept())
    page.get_by_text("You and settings").locator("..").click()
    page.get_by_role("button", name="Sign out").click()
    expect(page).not_to_have_url("/factors/pool/edit/")
    assert "Between us" not in page.evaluate("JSON.stringify(localStorage)")


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("size", [DESK, PHONE], ids=["desk", "phone"])
def test_pages_fit_and_can_be_used_by_everybody(
    browser: Browser,
    base_url: str,
    session: dict[str, str],
    theme: str,
    size: dict[str, int],
) -> None:
    context = browser.new_context(base_url=base_url, viewport=size, color_scheme=theme)  # type: ignore[arg-type]
    context.add_cookies([session])  # type: ignore[list-item]
    page = context.new_page()
    complaints: list[str] = []
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.on(
        "console", lambda said: complaints.append(said.text) if "Security" in said.text else None
    )
    for address in PAGES:
        page.goto(address)
        assert page.evaluate("document.documentElement.scrollWidth") <= size["width"], address
        found = Axe().run(page, options={"runOnly": ["wcag2a", "wcag2aa", "wcag21aa", "wcag22aa"]})
        problems = [
            (v["id"], node["html"], node["any"][0]["message"] if node["any"] else "")
            for v in found.response["violations"]
            for node in v["nodes"]
        ]
        assert problems == [], address
    context.close()
    assert complaints == []


def test_the_sections_open_on_a_phone_without_a_script(
    browser: Browser, base_url: str, session: dict[str, str]
) -> None:
    context = browser.new_context(base_url=base_url, viewport=PHONE, java_script_enabled=False)  # type: ignore[arg-type]
    context.add_cookies([session])  # type: ignore[list-item]
    page = context.new_page()
    page.goto("/factors/")
    page.locator(".menu-sections > summary").click()
    page.locator(".menu-sections").get_by_role("link", name="Factors").click()
    expect(page).to_have_url(f"{base_url}/factors/")
    context.close()
