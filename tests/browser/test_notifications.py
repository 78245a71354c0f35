"""What one was told is read, and what one wants to hear of is chosen, at a desk and on a phone."""

import pytest
from playwright.sync_api import expect

from incidents.models import Channel, Event, Message, Rhythm
from incidents.notifications.queries import chosen_table
from tests.browser.conftest import DESK, PHONE, OpenAs
from tests.browser.demo import Demo, load_demo
from tests.browser.looking import faults
from tests.jobs.doing import do_all_jobs

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
SIZES = pytest.mark.parametrize("size", [DESK, PHONE], ids=["desk", "phone"])


@pytest.fixture
def demo(transactional_db: None) -> Demo:
    return load_demo()


def unread_of(demo: Demo) -> int:
    return Message.objects.filter(person=demo.admin, in_inbox=True, read_at=None).count()


@SIZES
def test_the_inbox_is_read(size: dict[str, int], demo: Demo, open_as: OpenAs) -> None:
    page = open_as(demo.admin, size=size)
    page.goto("/")
    unread = unread_of(demo)
    bell = page.get_by_role("link", name=f"Notifications, unread: {unread}")
    expect(bell).to_be_visible()
    bell.click()
    assert faults(page) == []
    page.set_viewport_size(size)  # type: ignore[arg-type]

    first = page.locator(".inbox li").first
    first.get_by_role("button", name="Mark as read").click()
    expect(page.get_by_role("link", name=f"Notifications, unread: {unread - 1}")).to_be_visible()
    page.locator(".inbox-open").first.click()
    expect(page.locator("h1")).to_be_visible()
    assert unread_of(demo) == unread - 2

    page.goto("/notifications/")
    page.get_by_role("button", name="Mark all as read").click()
    expect(page.locator(".inbox-unread")).to_have_count(0)
    assert unread_of(demo) == 0


@SIZES
def test_preferences_are_set(size: dict[str, int], demo: Demo, open_as: OpenAs) -> None:
    page = open_as(demo.editor, size=size)
    page.goto("/notifications/")
    expect(page.get_by_text("Nothing to tell")).to_be_visible()
    page.locator("main").get_by_role("link", name="What you hear of").first.click()
    assert faults(page) == []
    page.set_viewport_size(size)  # type: ignore[arg-type]

    page.get_by_label("Late: by e-mail").select_option("daily")
    page.get_by_label("Published: in the inbox").uncheck()
    page.get_by_label("Until").select_option("07:30")
    page.get_by_role("button", name="Save").click()

    expect(page.locator("#messages")).to_contain_text("Saved")
    expect(page.get_by_label("Late: by e-mail")).to_have_value("daily")
    expect(page.get_by_label("Published: in the inbox")).not_to_be_checked()
    expect(page.get_by_label("Until")).to_have_value("07:30")
    chosen = {event: (here, mail) for event, here, mail in chosen_table(demo.editor)}
    assert chosen[Event.LATE] == (Rhythm.AT_ONCE, Rhythm.DAILY)
    assert chosen[Event.PUBLISHED][0] == Rhythm.OFF


@SIZES
def test_a_channel_is_added_and_removed(size: dict[str, int], demo: Demo, open_as: OpenAs) -> None:
    page = open_as(demo.admin, size=size)
    page.goto("/notifications/channels/")
    assert faults(page) == []
    page.set_viewport_size(size)  # type: ignore[arg-type]
    page.get_by_role("link", name="New channel").click()
    page.get_by_label("Name").fill("tickets")
    page.get_by_label("Kind").select_option(Channel.WEBHOOK)
    page.get_by_label("Address").fill("https://127.0.0.1/hook")
    page.get_by_role("button", name="Add").click()
    assert page.get_by_label("Secret").input_value().startswith("whsec_")
    page.get_by_role("link", name="To the channels").click()

    row = page.locator("main li").filter(has_text="tickets")
    row.get_by_role("button", name="Send a test").click()
    expect(row).to_contain_text("Test message: on its way")
    do_all_jobs()
    # It looks again by itself.
    expect(row).to_contain_text("It did not arrive")
    assert faults(page) == []
    row.get_by_role("button", name="Switch off").click()
    expect(row).to_contain_text("off")
    row.get_by_role("button", name="Remove").click()
    expect(row).to_have_count(0)
