"""The parts of a record, edited in their place."""

import pytest
from playwright.sync_api import Page, expect

from incidents.models import Incident
from tests.factories import PASSWORD, a_user, an_event, an_incident

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def incident(page: Page) -> Incident:
    """A record that is open, by somebody who may edit it."""
    incident = an_incident()
    an_event(incident, text="Latency rose", position=1)
    an_event(incident, text="It was mended", position=2)
    user = a_user()
    page.goto("/accounts/login/")
    page.fill("[name=login]", user.username)
    page.fill("[name=password]", PASSWORD)
    page.locator("main [type=submit]").first.click()
    page.goto(f"/incidents/{incident.reference}/")
    return incident


def test_it_works(page: Page, incident: Incident) -> None:
    timeline = page.locator("#timeline")
    timeline.get_by_role("link", name="Add an event").click()
    expect(timeline.get_by_label("When")).to_be_focused()

    # Refused: what is wrong has the focus, and what was typed stays.
    timeline.get_by_label("When").fill("yesterday")
    timeline.get_by_label("What happened").fill("The pool was full")
    timeline.get_by_role("button", name="Add an event").click()
    expect(timeline.locator(".form-errors")).to_be_focused()
    expect(timeline.get_by_label("What happened")).to_have_value("The pool was full")

    timeline.get_by_label("When").fill("2026-03-14 14:05")
    timeline.get_by_role("button", name="Add an event").click()
    row = timeline.locator("li", has_text="The pool was full")
    expect(row.locator("a.button")).to_be_focused()
    # The picture follows the timeline.
    expect(page.locator("#course svg a")).to_have_count(1)


def test_escape_brings_the_row_back(page: Page, incident: Incident) -> None:
    row = page.locator("#timeline li").first
    row.get_by_role("link", name="Edit Latency rose").click()
    expect(page.locator("#timeline").get_by_label("When")).to_be_focused()

    page.keyboard.press("Escape")

    expect(page.locator("#timeline form.form")).to_have_count(0)
    expect(row.get_by_role("link", name="Edit Latency rose")).to_be_focused()


def test_moved_removed_and_brought_back(page: Page, incident: Incident) -> None:
    rows = page.locator("#timeline > ol > li")
    rows.first.locator("summary").click()
    rows.first.get_by_role("button", name="Move down").click()
    expect(rows.first).to_contain_text("It was mended")

    rows.first.locator("summary").click()
    rows.first.get_by_role("button", name="Remove").click()
    expect(rows).to_have_count(1)
    page.get_by_role("button", name="Bring it back").click()
    expect(rows).to_have_count(2)
    expect(rows.first).to_contain_text("It was mended")
