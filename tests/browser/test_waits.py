"""A wait says that it is one, to eyes and to ears, and not where it is none."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, Route, expect

from incidents.models import User
from tests.browser.conftest import OpenAs
from tests.factories import a_factor, a_user

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

BAR = "getComputedStyle(document.body, '::before')"
# Resolves when it can be seen; it is not there at all for a blink.
SHOWN = """
    Promise.all(
      document.getAnimations()
        .filter((one) => one.animationName === "waiting-shown")
        .map((one) => one.finished)
    ).then((all) => all.length)
"""

# No page is asked while the browser is on its way to another one: it tells by itself.
HEAR = """
    () => {
      const announcer = document.getElementById("announcer");
      const tell = async () => {
        const bars = document.getAnimations()
          .filter((one) => one.animationName === "waiting-shown");
        await Promise.all(bars.map((one) => one.finished));
        const button = document.querySelector(".form-actions button");
        console.log(`${announcer.textContent} ${bars.length} ${button.disabled}`);
      };
      new MutationObserver(tell).observe(announcer, { childList: true });
    }
"""


# As it is, for the page that somebody is leaving.
HEAR_LEAVING = """
    () => {
      const main = document.getElementById("main");
      const tell = async () => {
        const bars = document.getAnimations()
          .filter((one) => one.animationName === "waiting-shown");
        await Promise.all(bars.map((one) => one.finished));
        console.log(`leaving: ${main.getAttribute("aria-busy")} ${bars.length}`);
      };
      new MutationObserver(tell).observe(main, { attributeFilter: ["aria-busy"] });
    }
"""


@pytest.fixture
def editor(transactional_db: None) -> User:
    a_factor(name="Pool too small", slug="pool")
    return a_user("editor")


def held(page: Page, path: str) -> list[Route]:
    """What is asked from now on is not answered before its route is continued."""
    waiting: list[Route] = []

    def keep(route: Route) -> None:
        waiting.append(route)

    page.route(path, keep)
    return waiting


def test_what_is_fetched_says_so(editor: User, open_as: OpenAs) -> None:
    page = open_as(editor)
    page.goto("/runbooks/")
    waiting = held(page, "**/search/suggestions/**")
    page.get_by_role("textbox", name="Search everything").press_sequentially("pool")
    expect(page.locator("#suggestions")).to_have_attribute("aria-busy", "true")
    assert page.evaluate(SHOWN) == 1
    assert page.evaluate(f"{BAR}.opacity") == "1"
    waiting[-1].continue_()
    expect(page.locator("#suggestions")).not_to_have_attribute("aria-busy", "true")
    assert page.evaluate(f"{BAR}.content") == "none"


def test_what_is_saved_says_so(editor: User, open_as: OpenAs) -> None:
    page = open_as(editor)
    page.goto("/factors/pool/edit/")
    waiting = held(page, "**/factors/pool/edit/")
    page.get_by_label("Name").fill("Pool far too small")
    page.evaluate(HEAR)
    with page.expect_console_message(lambda told: told.text == "Saving… 1 true"):
        page.get_by_role("button", name="Save").click(no_wait_after=True)
    waiting[-1].continue_()
    page.wait_for_url("**/factors/pool/")


def by_a_link(page: Page) -> None:
    page.get_by_role("navigation", name="Sections").get_by_role("link", name="Lessons").click(
        no_wait_after=True
    )


def by_a_question(page: Page) -> None:
    page.get_by_role("textbox", name="Search everything").fill("pool")
    page.get_by_role("textbox", name="Search everything").press("Enter", no_wait_after=True)


def by_a_key(page: Page) -> None:
    page.keyboard.press("g")
    page.keyboard.press("l")


@pytest.mark.parametrize(
    ("leave", "path"),
    [(by_a_link, "**/lessons/"), (by_a_key, "**/lessons/"), (by_a_question, "**/search/?*")],
)
def test_the_way_to_another_page_says_so(
    leave: Callable[[Page], None], path: str, editor: User, open_as: OpenAs
) -> None:
    page = open_as(editor)
    page.goto("/runbooks/")
    waiting = held(page, path)
    page.evaluate(HEAR_LEAVING)
    with page.expect_console_message(lambda told: told.text == "leaving: true 1"):
        leave(page)
    waiting[-1].continue_()
    page.wait_for_url(path)
    # Also when it comes back as it was left.
    page.go_back()
    expect(page.locator("#main")).not_to_have_attribute("aria-busy", "true")


@pytest.mark.parametrize(
    ("path", "busy"),
    [
        ("/lessons/", True),
        ("/exports/3/file/", False),
        ("/attachments/3/", False),
        ("/runbooks/offline/file/", False),
    ],
)
def test_who_saves_a_file_stays(path: str, busy: bool, editor: User, open_as: OpenAs) -> None:
    page = open_as(editor)
    page.goto("/runbooks/")
    # As after a file that was saved, the page is still there.
    page.route(f"**{path}", lambda route: route.fulfill(status=204))
    with page.expect_response(f"**{path}"):
        page.evaluate("path => location.assign(path)", path)
    shown = expect(page.locator("#main"))
    if busy:
        shown.to_have_attribute("aria-busy", "true")
    else:
        shown.not_to_have_attribute("aria-busy", "true")


def test_what_is_looked_up_while_typing_says_so(editor: User, open_as: OpenAs) -> None:
    page = open_as(editor)
    page.goto("/")
    waiting = held(page, "**/lookup/answers/")
    page.locator("#lookup-text").press_sequentially("pool")
    expect(page.locator("#answers")).to_have_attribute("aria-busy", "true")
    assert page.evaluate(SHOWN) == 1
    waiting[-1].continue_()
    expect(page.locator("#answers")).not_to_have_attribute("aria-busy", "true")


def test_the_palette_says_so(editor: User, open_as: OpenAs) -> None:
    page = open_as(editor)
    page.goto("/runbooks/")
    waiting = held(page, "**/palette/**")
    page.keyboard.press("Control+k")
    expect(page.locator("#palette")).to_have_attribute("aria-busy", "true")
    waiting[-1].continue_()
    expect(page.locator("#palette")).not_to_have_attribute("aria-busy", "true")


def test_a_blink_shows_nothing_and_rest_is_kept(editor: User, open_as: OpenAs) -> None:
    page = open_as(editor, reduced_motion="reduce")
    page.goto("/runbooks/")
    page.evaluate("document.getElementById('main').setAttribute('aria-busy', 'true')")
    animation = page.evaluate(f"[{BAR}.animationName, {BAR}.animationDelay]")
    assert animation == ["waiting-shown", "0.3s"]
