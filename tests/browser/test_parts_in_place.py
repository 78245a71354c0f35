"""The parts of a record, edited where they stand, and by whole pages where no script runs."""

from collections.abc import Callable
from dataclasses import dataclass

import pytest
from django.utils import timezone
from playwright.sync_api import Locator, Page, expect

from incidents.history.operations import change_record
from incidents.models import ConfigDelta, ContributingFactor, Part, TimelineEvent
from tests.browser.conftest import DESK, PHONE, OpenAs
from tests.browser.demo import Demo, load_demo
from tests.browser.looking import faults, opened

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

LOG = """\
2026-03-14 14:05 olga: latency of search above 2 s
14:07 ed: looking
14:20 ed: turned the cache on again
no time at all here
"""


@dataclass(frozen=True)
class Kind:
    """One kind of part: its section, its model, and a first and a second text for it."""

    section: str
    add: str
    model: type[Part]
    first: dict[str, str]
    field: str
    second: str


KINDS = [
    Kind(
        "timeline",
        "Add an event",
        TimelineEvent,
        {"text": "Search answers slowly", "event": "2026-03-14 14:05"},
        "text",
        "Search answers in two seconds",
    ),
    Kind(
        "factors",
        "Add a factor",
        ContributingFactor,
        {"factor_name": "There is only one of it", "how": "One index for all"},
        "how",
        "One index serves everybody",
    ),
    Kind(
        "deltas",
        "Add a delta",
        ConfigDelta,
        {"component": "search", "key": "cache", "before": "off", "after": "on", "part": "fixed"},
        "note",
        "It had been off since the last release",
    ),
]


@pytest.fixture
def demo(transactional_db: None) -> Demo:
    return load_demo()


def fill(form: Locator, values: dict[str, str]) -> None:
    for name, value in values.items():
        field = form.locator(f"[name={name}]")
        if field.evaluate("field => field.tagName") == "SELECT":
            field.select_option(value)
        else:
            field.fill(value)


def add(page: Page, kind: Kind, values: dict[str, str]) -> Locator:
    """Adds one, and answers with its row."""
    section = page.locator(f"#{kind.section}")
    section.get_by_role("link", name=kind.add).click()
    fill(opened(section.locator("form.form")), values)
    section.get_by_role("button", name=kind.add).click()
    row = section.locator("li").filter(has_text=next(iter(values.values())))
    expect(row).to_be_visible()
    return row


def choose(row: Locator, action: str) -> None:
    row.locator("details > summary").click()
    row.get_by_role("button", name=action).click()


def mark(page: Page) -> Callable[[], bool]:
    """Whether the page is still the one that it was when this was called."""
    page.evaluate("window.isTheSame = true")
    return lambda: page.evaluate("window.isTheSame === true")


def has_focus_in(place: Locator) -> None:
    expect(place.locator(":focus")).to_have_count(1)


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.section)
@pytest.mark.parametrize("size", [DESK, PHONE], ids=["desk", "phone"])
def test_it_works(kind: Kind, size: dict[str, int], demo: Demo, open_as: OpenAs) -> None:
    page = open_as(demo.editor, size=size)
    page.goto(demo.draft.get_absolute_url())
    is_the_same = mark(page)
    section = page.locator(f"#{kind.section}")

    row = add(page, kind, kind.first)
    expect(row.get_by_role("link", name="Edit")).to_be_focused()

    row.get_by_role("link", name="Edit").click()
    form = opened(section.locator("li form.form"))
    # The first box of the form.
    expect(form.locator("input:not([type=hidden])").first).to_be_focused()
    form.locator(f"[name={kind.field}]").fill(kind.second)
    form.get_by_role("button", name="Save").click()
    row = section.locator("li").filter(has_text=kind.second)
    expect(row).to_be_visible()
    has_focus_in(row)

    choose(row, "Remove")
    expect(section.locator("li")).to_have_count(0)
    expect(section.get_by_role("status")).to_contain_text("Removed")
    expect(section.get_by_role("button", name="Bring it back")).to_be_focused()
    section.get_by_role("button", name="Bring it back").click()
    expect(section.locator("li")).to_contain_text(kind.second)
    assert is_the_same()

    page.goto(f"/history/incident/{demo.draft.pk}/")
    for told in ("Added to", "Changed in", "Removed from"):
        expect(page.get_by_role("link", name=told).first).to_be_visible()


@pytest.mark.parametrize("size", [DESK, PHONE], ids=["desk", "phone"])
def test_escape_leaves_a_row_as_it_was(size: dict[str, int], demo: Demo, open_as: OpenAs) -> None:
    page = open_as(demo.editor, size=size)
    page.goto(demo.story.get_absolute_url())
    row = page.locator("#timeline li").first
    told = row.locator(".timeline-text").inner_text()
    row.get_by_role("link", name="Edit").click()
    form = opened(page.locator("#timeline li form.form"))
    form.locator("[name=text]").fill("Never mind")
    page.keyboard.press("Escape")

    expect(form).to_have_count(0)
    expect(row.locator(".timeline-text")).to_have_text(told, use_inner_text=True)
    has_focus_in(row)


def test_escape_leaves_a_new_one(demo: Demo, open_as: OpenAs) -> None:
    page = open_as(demo.editor)
    page.goto(demo.draft.get_absolute_url())
    page.locator("#factors").get_by_role("link", name="Add a factor").click()
    opened(page.locator("#factors form.form")).locator("[name=how]").fill("Never mind")
    page.keyboard.press("Escape")

    expect(page.locator("#factors form.form")).to_have_count(0)
    expect(page.get_by_role("link", name="Add a factor")).to_be_focused()


def test_a_row_moves_up(demo: Demo, open_as: OpenAs) -> None:
    page = open_as(demo.editor)
    page.goto(demo.story.get_absolute_url())
    rows = page.locator("#factors li .part-title")
    before = rows.all_inner_texts()
    choose(page.locator("#factors li").nth(1), "Move up")

    expect(rows.first).to_have_text(before[1])
    assert rows.all_inner_texts() == [before[1], before[0], *before[2:]]
    has_focus_in(page.locator("#factors li").first)


def test_bad_input_is_shown_in_its_place(demo: Demo, open_as: OpenAs) -> None:
    page = open_as(demo.editor)
    page.goto(demo.draft.get_absolute_url())
    is_the_same = mark(page)
    page.get_by_role("link", name="Add an event").click()
    form = opened(page.locator("#timeline form.form"))
    fill(form, {"event": "yesterday", "text": "Search answers slowly"})
    form.get_by_role("button", name="Add an event").click()

    expect(form.locator("[name=event]")).to_have_attribute("aria-invalid", "true")
    expect(form.locator("[name=event]")).to_have_value("yesterday")
    expect(form.locator("[name=text]")).to_have_value("Search answers slowly")
    expect(form.locator(".form-errors")).to_be_focused()
    assert is_the_same()
    assert faults(page) == []


def test_a_conflict_shows_both_texts_in_their_place(demo: Demo, open_as: OpenAs) -> None:
    page = open_as(demo.editor)
    page.goto(demo.draft.get_absolute_url())
    row = add(page, KINDS[0], KINDS[0].first)
    is_the_same = mark(page)
    row.get_by_role("link", name="Edit").click()
    form = opened(page.locator("#timeline li form.form"))
    form.locator("[name=text]").fill("What Ed wrote")
    save_meanwhile(demo, "What Olga wrote")
    form.get_by_role("button", name="Save").click()

    both = form.get_by_role("alert")
    expect(both).to_contain_text("What Olga wrote")
    expect(both).to_contain_text("What Ed wrote")
    has_focus_in(page.locator("#timeline"))
    assert is_the_same()
    # Where the page is scrolled to, its header may lie half over a button.
    page.evaluate("window.scrollTo(0, 0)")
    assert faults(page) == []

    form.get_by_role("button", name="Save").click()
    # The form holds the same words: only without it are they the saved ones.
    expect(form).to_have_count(0)
    expect(page.locator("#timeline li")).to_contain_text("What Ed wrote")
    page.goto(f"/history/incident/{demo.draft.pk}/")
    page.get_by_role("link", name="Changed in").nth(1).click()
    expect(page.locator("main")).to_contain_text("What Olga wrote")


def save_meanwhile(demo: Demo, text: str) -> None:
    event = demo.draft.timelineevents.get()
    change_record(
        event,
        version=event.version,
        values={"text": text},
        by=demo.other,
        at=timezone.now(),
        summary="Changed in the timeline",
    )


@pytest.mark.parametrize("size", [DESK, PHONE], ids=["desk", "phone"])
def test_a_pasted_log_is_corrected_and_kept(
    size: dict[str, int], demo: Demo, open_as: OpenAs
) -> None:
    page = open_as(demo.editor, size=size)
    page.goto(demo.draft.get_absolute_url())
    page.locator("#timeline").get_by_role("link", name="Paste").click()
    page.locator("[name=text]").fill(LOG)
    page.get_by_role("button", name="Find the events").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("3 events found")
    assert faults(page) == []
    page.set_viewport_size(size)  # type: ignore[arg-type]

    page.get_by_label("Keep event 2").uncheck()
    page.get_by_label("Text of event 3").fill("Turned the cache of search on again")
    page.get_by_label("Time of event 1").fill("soon")
    page.get_by_role("button", name="Add to the timeline").click()
    expect(page.get_by_label("Time of event 1")).to_have_value("soon")
    expect(page.get_by_label("Keep event 2")).not_to_be_checked()

    page.get_by_label("Time of event 1").fill("2026-03-14 14:04")
    page.get_by_role("button", name="Add to the timeline").click()
    rows = page.locator("#timeline li")
    expect(rows).to_have_count(2)
    expect(rows.nth(0)).to_contain_text("14:04")
    expect(rows.nth(1)).to_contain_text("Turned the cache of search on again")


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.section)
def test_it_works_without_a_script(kind: Kind, demo: Demo, open_as: OpenAs) -> None:
    page = open_as(demo.editor, java_script_enabled=False)
    page.goto(demo.draft.get_absolute_url())
    page.get_by_role("link", name=kind.add).click()
    expect(page.get_by_role("heading", level=1)).to_have_text(kind.add)
    fill(page.locator("main form.form"), kind.first)
    page.get_by_role("button", name=kind.add).click()

    row = page.locator(f"#{kind.section} li")
    expect(row).to_contain_text(next(iter(kind.first.values())))
    row.get_by_role("link", name="Edit").click()
    page.locator(f"main [name={kind.field}]").fill(kind.second)
    page.get_by_role("button", name="Save").click()
    expect(row).to_contain_text(kind.second)

    choose(row, "Remove")
    expect(page.locator("#messages")).to_contain_text("Removed")
    expect(row).to_have_count(0)


def test_who_types_already_keeps_the_box(demo: Demo, open_as: OpenAs) -> None:
    page = open_as(demo.editor)
    page.goto(demo.draft.get_absolute_url())
    # As soon as the form is there, and before htmx has settled it.
    page.evaluate(
        """() => new MutationObserver((_, observer) => {
            const box = document.querySelector("#timeline-new [name=text]");
            if (box) observer.disconnect();
            box?.focus();
        }).observe(document.body, { childList: true, subtree: true })"""
    )
    page.locator("#timeline").get_by_role("link", name="Add an event").click()
    box = page.locator("#timeline-new [name=text]")
    expect(box).to_be_focused()
    page.wait_for_timeout(200)
    expect(box).to_be_focused()
