"""Taking a record out: asked for in its menu, fetched as soon as it is written."""

from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import expect

from incidents.models import Export
from tests.browser.conftest import DESK, PHONE, OpenAs
from tests.browser.looking import faults
from tests.factories import NOW, a_user, an_event, an_incident
from tests.jobs.doing import do_all_jobs

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture(autouse=True)
def export_dir(settings: Any, tmp_path: Path) -> None:
    settings.EXPORT_DIR = tmp_path


@pytest.mark.parametrize("size", [DESK, PHONE], ids=["desk", "phone"])
def test_it_works(open_as: OpenAs, size: dict[str, int]) -> None:
    incident = an_incident(title="Orders time out")
    an_event(incident)
    page = open_as(a_user("reader"))
    page.set_viewport_size(size)  # type: ignore[arg-type]
    page.goto(incident.get_absolute_url())

    page.locator("summary", has_text="Export").click()
    page.get_by_role("button", name="PDF, to read").click()
    expect(page.get_by_role("heading", name="It is being written")).to_be_visible()
    assert faults(page) == []
    page.set_viewport_size(size)  # type: ignore[arg-type]
    with page.expect_download() as fetched:
        do_all_jobs()
    assert fetched.value.suggested_filename == f"{incident.reference}.pdf"
    assert fetched.value.path().read_bytes().startswith(b"%PDF")
    expect(page.get_by_role("link", name="Download")).to_be_visible()
    assert faults(page) == []

    page.goto("/exports/")
    expect(page.get_by_text("ready")).to_be_visible()
    assert faults(page) == []


def test_it_is_cancelled(open_as: OpenAs) -> None:
    incident = an_incident()
    page = open_as(a_user("reader"))
    page.goto(incident.get_absolute_url())
    page.locator("summary", has_text="Export").click()
    page.get_by_role("button", name="Markdown").click()
    page.get_by_role("button", name="Cancel").click()

    expect(page.get_by_text("It will not be written.")).to_be_visible()
    do_all_jobs()
    page.get_by_role("link", name=incident.reference).click()
    expect(page.get_by_role("heading", name="It was cancelled")).to_be_visible()
    assert faults(page) == []
    assert Export.objects.get().file == ""


def test_a_review_is_taken_out(open_as: OpenAs) -> None:
    an_incident(began_at=NOW, began_precision="minute")
    page = open_as(a_user("reader"))
    page.goto("/reviews/2026Q1/")
    page.locator("summary", has_text="Export").click()
    page.get_by_role("button", name="XLSX, to work with").click()

    expect(page.get_by_role("heading", name="Review 2026Q1 as XLSX")).to_be_visible()
    with page.expect_download() as fetched:
        do_all_jobs()
    assert fetched.value.suggested_filename == "Review 2026Q1.xlsx"
    assert faults(page) == []
