"""Following up, at both widths: the lists, several at once, by keys, and one item's whole way."""

from datetime import timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect

from incidents.models import ActionItem, ActionKind, ActionState, Lesson
from incidents.records.parts.operations import add_lesson_link
from tests.browser.conftest import DESK, PHONE, OpenAs
from tests.browser.demo import Demo, load_demo
from tests.browser.looking import faults
from tests.factories import a_lesson, an_action_item

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

both_widths = pytest.mark.parametrize("size", [DESK, PHONE], ids=["desk", "phone"])


@pytest.fixture
def demo(transactional_db: None) -> Demo:
    return load_demo()


def items_of(demo: Demo) -> list[ActionItem]:
    late = timezone.now().date() - timedelta(days=9)
    return [
        an_action_item(title="Alert on the pool", owner=demo.editor, due_date=late),
        an_action_item(title="Two pools", team=demo.team, kind=ActionKind.MITIGATE),
        an_action_item(title="Ask the vendor", kind=ActionKind.LEARN, due_date=late),
    ]


def done_long_ago(demo: Demo, lesson: Lesson | None = None) -> ActionItem:
    return an_action_item(
        title="A limit for the pool",
        state=ActionState.DONE,
        evidence="https://example.com/merged/12",
        done_at=timezone.now() - timedelta(days=30),
        done_by=demo.other,
        lesson=lesson,
    )


def choose(page: Page, title: str) -> None:
    page.locator("tr").filter(has_text=title).get_by_role("checkbox").check()


@both_widths
def test_the_tabs_narrow_the_list(size: dict[str, int], demo: Demo, open_as: OpenAs) -> None:
    items_of(demo)
    done_long_ago(demo)
    page = open_as(demo.editor, size=size)
    page.goto("/actions/")
    tabs = page.get_by_role("navigation", name="Action items")
    rows = page.locator("tbody tr")
    for tab, titles in {
        "Mine 1": ["Alert on the pool"],
        "My teams’ 1": ["Two pools"],
        "Late 2": ["Alert on the pool", "Ask the vendor"],
        "To verify 1": ["A limit for the pool"],
    }.items():
        tabs.get_by_role("link", name=tab).click()
        expect(tabs.get_by_role("link", name=tab)).to_have_attribute("aria-current", "page")
        expect(rows).to_have_count(len(titles))
        for title in titles:
            expect(rows.filter(has_text=title)).to_have_count(1)
        assert faults(page) == []
        page.set_viewport_size(size)  # type: ignore[arg-type]


@both_widths
def test_several_are_changed_at_once(size: dict[str, int], demo: Demo, open_as: OpenAs) -> None:
    items_of(demo)
    page = open_as(demo.editor, size=size)
    page.goto("/actions/late/")
    choose(page, "Ask the vendor")
    choose(page, "Alert on the pool")
    expect(page.locator("[data-rows-count]")).to_have_text("2")
    page.get_by_text("Change those selected").click()
    page.locator("#bulk-owner").select_option(label="Olga (olga)")
    page.locator("#bulk-due_date").fill("2031-05-01")
    page.get_by_role("button", name="Change", exact=True).click()

    expect(page.locator("#messages")).to_contain_text("2 action items have what you asked for")
    assert page.url.endswith("/actions/late/")
    page.goto("/actions/")
    row = page.locator("tr").filter(has_text="Ask the vendor")
    expect(row).to_contain_text("Olga")
    expect(row).to_contain_text("2031-05-01")


@both_widths
def test_what_somebody_else_changed_meanwhile_is_shown(
    size: dict[str, int], demo: Demo, open_as: OpenAs
) -> None:
    items_of(demo)
    page, hers = open_as(demo.editor, size=size), open_as(demo.other)
    page.goto("/actions/mine/")
    choose(page, "Alert on the pool")
    hers.goto("/actions/")
    choose(hers, "Alert on the pool")
    for one, owner in ((hers, "Olga (olga)"), (page, "nobody yet")):
        one.get_by_text("Change those selected").click()
        one.locator("#bulk-owner").select_option(label=owner)
        one.get_by_role("button", name="Change", exact=True).click()

    expect(page.get_by_role("heading", level=1)).to_have_text("Change action items")
    expect(page.locator("main")).to_contain_text("Somebody else changed it meanwhile")
    assert faults(page) == []
    page.set_viewport_size(size)  # type: ignore[arg-type]
    page.get_by_role("button", name="Change", exact=True).click()
    expect(page.locator("#messages")).to_contain_text("1 action item has")


def test_without_javascript_boxes_do_it(demo: Demo, open_as: OpenAs) -> None:
    items_of(demo)
    page = open_as(demo.editor, java_script_enabled=False)
    page.goto("/actions/late/")
    choose(page, "Ask the vendor")
    page.get_by_text("Change those selected").click()
    page.locator("#bulk-start").check()
    page.get_by_role("button", name="Change", exact=True).click()
    expect(page.locator("tr").filter(has_text="Ask the vendor")).to_contain_text("in progress")


def test_it_goes_by_keys(demo: Demo, open_as: OpenAs) -> None:
    items_of(demo)
    page = open_as(demo.editor)
    page.goto("/actions/late/")
    links = page.locator("tbody th a")
    page.keyboard.press("j")
    expect(links.nth(0)).to_be_focused()
    page.keyboard.press("j")
    expect(links.nth(1)).to_be_focused()
    page.keyboard.press("x")
    expect(page.locator("[data-rows-count]")).to_have_text("1")
    expect(page.locator("tbody tr").nth(1).get_by_role("checkbox")).to_be_checked()
    # The box has the focus no more than the row had: the next key goes on from it.
    page.keyboard.press("k")
    expect(links.nth(0)).to_be_focused()
    page.keyboard.press("?")
    expect(page.locator("#keys")).to_contain_text("Select the row")
    page.keyboard.press("Escape")
    page.keyboard.press("j")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("Ask the vendor")


@both_widths
def test_an_item_is_done_and_verified(size: dict[str, int], demo: Demo, open_as: OpenAs) -> None:
    item = items_of(demo)[0]
    page = open_as(demo.editor, size=size)
    page.goto(item.get_absolute_url())
    page.get_by_role("button", name="Start").click()
    page.locator("[name=evidence]").fill("https://example.com/merged/7")
    page.get_by_role("button", name="Done").click()
    expect(page.locator("main")).to_contain_text("somebody else verifies it")
    expect(page.get_by_role("link", name="https://example.com/merged/7")).to_be_visible()

    second = open_as(demo.other, size=size)
    second.goto(item.get_absolute_url())
    second.get_by_role("button", name="I have looked: it is done").click()
    expect(second.locator(".page-head-meta")).to_contain_text("verified")


@both_widths
def test_an_item_is_declined_with_a_reason(
    size: dict[str, int], demo: Demo, open_as: OpenAs
) -> None:
    item = items_of(demo)[2]
    page = open_as(demo.editor, size=size)
    page.goto(item.get_absolute_url())
    page.get_by_text("It will not be done", exact=True).click()
    page.get_by_role("button", name="Won’t do").click()
    expect(page.locator("[name=reason]")).to_have_attribute("aria-invalid", "true")
    page.locator("[name=reason]").fill("The vendor is gone")
    page.get_by_role("button", name="Won’t do").click()
    expect(page.locator("main")).to_contain_text("The vendor is gone")


@both_widths
def test_what_a_violation_reopens_leads_to_it(
    size: dict[str, int], demo: Demo, open_as: OpenAs
) -> None:
    lesson = a_lesson(sentence="One pool is not enough for two.")
    item = done_long_ago(demo, lesson)
    add_lesson_link(
        demo.draft,
        values={"lesson": lesson, "relation": "violated"},
        by=demo.editor,
        at=timezone.now(),
    )
    page = open_as(demo.editor, size=size)
    page.goto(item.get_absolute_url())
    expect(page.locator("#reopening")).to_contain_text("its lesson was violated again")
    assert faults(page) == []
    page.set_viewport_size(size)  # type: ignore[arg-type]
    page.locator("#reopening").get_by_role("link").click()
    expect(page.locator("#actions")).to_contain_text("reopened by this")
    page.locator(f"#actionitem-{item.pk}").get_by_role("link").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("A limit for the pool")


@both_widths
def test_the_burn_up_is_drawn_and_told(size: dict[str, int], demo: Demo, open_as: OpenAs) -> None:
    items_of(demo)
    done_long_ago(demo)
    page = open_as(demo.editor, size=size)
    page.goto("/actions/")
    page.get_by_role("link", name="Burn-up").click()
    expect(page.locator(".burn-up svg")).to_be_visible()
    expect(page.get_by_role("img", name="Action items created and finished")).to_be_visible()
    expect(page.get_by_role("columnheader", name="Finished so far")).to_be_attached()
    assert faults(page) == []


def test_a_new_item_proposes_when_it_is_due(demo: Demo, open_as: OpenAs) -> None:
    page = open_as(demo.editor)
    demo.draft.severity = "sev1"
    demo.draft.save(update_fields=["severity"])
    page.goto(f"/actions/new/?incident={demo.draft.reference}")
    today = demo.editor.date_at(timezone.now())
    expect(page.locator("[name=due_date]")).to_have_value(str(today + timedelta(days=7)))
    expect(page.locator("main")).to_contain_text("SEV1 critical 7 days")
    assert faults(page) == []


def test_every_list_is_in_sight_on_a_phone(demo: Demo, open_as: OpenAs) -> None:
    page = open_as(demo.editor, size=PHONE)
    page.goto("/actions/")

    for tab in page.get_by_label("Action items").first.get_by_role("link").all():
        box = tab.bounding_box()
        assert box is not None
        assert box["x"] >= 0
        assert box["x"] + box["width"] <= PHONE["width"]
