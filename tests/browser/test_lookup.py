"""From a paste to the runbook, on a phone and by keys."""

import json
import re

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.conf import settings
from django.test import Client
from playwright.sync_api import Page, expect

from incidents.lookup.operations import keep_findable
from incidents.models import Lookup, Verdict
from tests.factories import a_delta, a_runbook, a_user, an_incident

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

PHONE = {"width": 390, "height": 844}
BOX = "#lookup-text"
STEPS = "<ol><li>Look at the disk.</li><li><pre><code>df -h</code></pre></li></ol>"


@pytest.fixture
def page(page: Page, live_server: object) -> Page:
    client = Client()
    client.force_login(a_user())
    cookie = client.cookies[settings.SESSION_COOKIE_NAME].value
    page.context.add_cookies(
        [{"name": settings.SESSION_COOKIE_NAME, "value": cookie, "url": str(live_server)}]
    )
    incident = an_incident(title="DiskFull in March")
    a_delta(incident, before="5", after="10")
    exact = a_runbook(title="Make room", slug="room", alerts="DiskFull", body_html=STEPS)
    other = a_runbook(title="DiskFull: what it means", slug="meaning")
    keep_findable(incident, exact, other)
    return page


def paste(page: Page, text: str) -> None:
    page.evaluate("text => navigator.clipboard.writeText(text)", text)
    page.locator(BOX).focus()
    page.keyboard.press("ControlOrMeta+v")


def a_payload(alerts: int = 1) -> str:
    alert = {"status": "firing", "labels": {"alertname": "DiskFull", "severity": "page"}}
    return json.dumps({"version": "4", "alerts": [alert] * alerts}, indent=2)


def fits(page: Page) -> bool:
    """Nothing stands out sideways."""
    return bool(
        page.evaluate(
            "document.documentElement.scrollWidth <= document.documentElement.clientWidth"
        )
    )


def test_from_a_paste_to_the_runbook_in_one_tap_on_a_phone(page: Page) -> None:
    page.set_viewport_size(PHONE)  # type: ignore[arg-type]  # a dict is what it takes
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    page.goto("/")
    expect(page.locator(BOX)).to_be_focused()

    paste(page, a_payload())

    best = page.locator(".answer-best")
    expect(best).to_contain_text("exact alert match")
    expect(best).to_contain_text("Look at the disk.")
    expect(page.locator("#beside")).to_contain_text("in March")
    expect(page.locator(BOX)).to_be_focused()
    assert fits(page)
    best.get_by_role("link", name="Open this runbook").click()
    expect(page).to_have_url(re.compile("/runbooks/room/$"))


def test_one_tap_says_that_it_helped(page: Page) -> None:
    page.set_viewport_size(PHONE)  # type: ignore[arg-type]  # a dict is what it takes
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    page.goto("/")
    paste(page, a_payload())
    page.locator(".answer-best").get_by_role("link", name="Open this runbook").click()
    expect(page.locator(".did-it-help")).to_contain_text("Did it help with DiskFull?")
    assert fits(page)

    page.get_by_role("button", name="It helped").click()

    expect(page.locator(".did-it-help")).to_contain_text("You said: it helped.")
    expect(page).to_have_url(re.compile("/runbooks/room/$"))
    page.goto("/lookup/quality/")
    expect(page.locator("section", has_text="Where it stood")).to_contain_text("100 %")
    expect(page.locator("tr", has_text="Make room")).to_contain_text("1")
    assert Lookup.objects.get().openings.get().place == 1
    assert Verdict.objects.get().said == "helped"
    # It counts for whoever asks next.
    page.goto("/lookup/?alertname=DiskFull")
    expect(page.locator(".answer-best")).to_contain_text("helped 1 time")


def test_typing_is_one_lookup(page: Page) -> None:
    page.goto("/")
    box = page.locator(BOX)
    for text in ("Disk", "Full"):
        with page.expect_response("**/lookup/answers/"):
            box.press_sequentially(text)
        expect(page.locator(".answer-best")).to_be_visible()
    box.press("Enter")
    expect(page).to_have_url(re.compile(r"/lookup/\?q=DiskFull$"))
    page.goto("/lookup/mine/")
    expect(page.get_by_role("listitem").filter(has_text="DiskFull")).to_have_count(1)
    assert Lookup.objects.get().text == "DiskFull"


def test_without_javascript_a_tap_is_taken(page: Page) -> None:
    context = page.context.browser.new_context(  # type: ignore[union-attr]
        java_script_enabled=False, storage_state=page.context.storage_state()
    )
    plain = context.new_page()
    page.goto("/lookup/?alertname=DiskFull")
    plain.goto(page.url)
    plain.locator(".answer-best").get_by_role("link", name="Open this runbook").click()
    plain.get_by_role("button", name="It is outdated").click()
    expect(plain.locator(".did-it-help")).to_contain_text("You said: it is outdated.")
    context.close()


def test_a_paste_too_long_for_an_address_is_looked_up_all_the_same(page: Page) -> None:
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    page.goto("/")
    paste(page, a_payload(alerts=2_000))
    expect(page.locator(".answer-best")).to_contain_text("Make room")
    page.get_by_role("button", name="Look up").click()
    expect(page).to_have_url(re.compile("/lookup/$"))
    expect(page.locator(".answer-best")).to_contain_text("exact alert match")


def test_by_keys_alone(page: Page) -> None:
    page.goto("/")
    page.keyboard.type("DiskFull")
    expect(page.locator(".answer-best")).to_contain_text("Make room")
    page.keyboard.press("ArrowDown")
    expect(page.get_by_role("link", name="Make room")).to_be_focused()
    page.keyboard.press("ArrowUp")
    expect(page.locator(BOX)).to_be_focused()

    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile(r"/lookup/\?q=DiskFull$"))
    page.keyboard.press("o")
    expect(page).to_have_url(re.compile("/runbooks/room/$"))


def test_an_emptied_box_brings_back_what_waits(page: Page) -> None:
    page.goto("/")
    page.locator(BOX).fill("DiskFull")
    expect(page.locator(".home-grid")).to_be_hidden()
    page.locator(BOX).fill("")
    expect(page.locator(".home-grid")).to_be_visible()


def test_when_the_server_does_not_answer_it_says_so_and_keeps_the_text(
    page: Page, broken: list[str]
) -> None:
    page.goto("/")
    page.route("**/lookup/answers/", lambda route: route.abort())
    page.locator(BOX).fill("DiskFull")
    expect(page.locator("#messages")).to_contain_text("That could not be looked up")
    expect(page.locator(BOX)).to_have_value("DiskFull")
    # What htmx says of it itself.
    broken.clear()


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_the_page_is_for_everybody(page: Page, theme: str) -> None:
    page.emulate_media(color_scheme=theme)  # type: ignore[arg-type]
    page.set_viewport_size(PHONE)  # type: ignore[arg-type]
    page.goto("/lookup/?alertname=DiskFull&severity=page")
    found = Axe().run(page).response["violations"]
    assert [one["id"] for one in found if one["impact"] in {"serious", "critical"}] == []
    assert fits(page)


def test_without_javascript_the_button_looks_up(page: Page) -> None:
    context = page.context.browser.new_context(  # type: ignore[union-attr]
        java_script_enabled=False, storage_state=page.context.storage_state()
    )
    plain = context.new_page()
    page.goto("/")
    plain.goto(page.url)
    plain.locator(BOX).fill("DiskFull")
    plain.get_by_role("button", name="Look up").click()
    expect(plain.locator(".answer-best")).to_contain_text("Make room")
    expect(plain.locator("#beside")).to_contain_text("in March")
    context.close()
