"""What the site says back is heard, moves nothing, stays until dismissed, and can be undone."""

import pytest
from playwright.sync_api import expect

from incidents.attachments.operations import NewFile, attach
from incidents.models import Incident, User
from tests.browser.conftest import OpenAs
from tests.factories import NOW, a_user, an_incident

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def editor(transactional_db: None) -> User:
    return a_user("editor")


@pytest.fixture
def incident(editor: User) -> Incident:
    made = an_incident(owner=editor)
    attach(made, [NewFile("app.log", b"it fell over")], by=editor, at=NOW)
    return made


def test_what_was_done_is_heard_and_undone(
    editor: User, incident: Incident, open_as: OpenAs
) -> None:
    page = open_as(editor)
    page.goto(incident.get_absolute_url())
    page.get_by_role("button", name="Remove app.log").press("Enter")
    expect(page.locator("#messages")).to_contain_text("Removed app.log.")
    expect(page.locator("#announcer")).to_have_text("Removed app.log.")
    # The page is opened at its files, far below where messages stand.
    expect(page.get_by_role("button", name="Undo")).to_be_in_viewport()
    page.get_by_role("button", name="Undo").press("Enter")
    expect(page.locator("#messages")).to_contain_text("Brought back app.log.")
    expect(page.get_by_role("link", name="app.log")).to_be_visible()


def test_it_is_dismissed_by_keys(editor: User, incident: Incident, open_as: OpenAs) -> None:
    page = open_as(editor)
    page.goto(incident.get_absolute_url())
    page.get_by_role("button", name="Remove app.log").press("Enter")
    page.get_by_role("button", name="Dismiss").press("Enter")
    expect(page.locator("#messages .message")).to_have_count(0)
    expect(page.locator("#main")).to_be_focused()


def test_what_comes_later_moves_nothing(editor: User, incident: Incident, open_as: OpenAs) -> None:
    page = open_as(editor)
    page.goto(incident.get_absolute_url())
    heading = page.get_by_role("heading", level=1)
    before = heading.bounding_box()
    say = "text => document.dispatchEvent(new CustomEvent('say', {detail: {text, tone: 'error'}}))"
    for text in ("It is not there.", "It is not there.", "It is gone."):
        page.evaluate(say, text)
    toasts = page.get_by_role("status").locator(".message")
    expect(toasts.locator(".message-text")).to_have_text(["It is not there.", "It is gone."])
    assert heading.bounding_box() == before
    toasts.first.get_by_role("button", name="Dismiss").press("Enter")
    expect(toasts).to_have_count(1)
    expect(toasts.get_by_role("button", name="Dismiss")).to_be_focused()


def test_without_a_script_it_is_undone_as_well(
    editor: User, incident: Incident, open_as: OpenAs
) -> None:
    page = open_as(editor, java_script_enabled=False)
    page.goto(incident.get_absolute_url())
    page.get_by_role("button", name="Remove app.log").click()
    expect(page.get_by_role("button", name="Dismiss")).to_have_count(0)
    page.get_by_role("button", name="Undo").click()
    expect(page.locator("#messages")).to_contain_text("Brought back app.log.")
