"""The lead: what the quarter came to, the records behind each number, frozen and taken out."""

import re
from datetime import datetime, time, timedelta
from pathlib import Path
from typing import Any
from urllib.parse import urljoin

import pytest
from django.utils import timezone
from playwright.sync_api import Locator, Page, expect

from incidents.lib.periods import Period, quarter_of
from incidents.models import User
from tests.browser.conftest import DESK, PHONE, OpenAs
from tests.browser.walks.walker import Cost, Told, Walker, tell
from tests.factories import (
    a_contributing_factor,
    a_delta,
    a_factor,
    a_knob,
    a_service,
    a_team,
    a_user,
    an_action_item,
    an_incident,
)
from tests.jobs.doing import do_all_jobs

pytestmark = [
    pytest.mark.browser,
    pytest.mark.django_db(transaction=True),
    pytest.mark.timeout(400),
]
HANDS = pytest.mark.parametrize("hand", ["keys", "mouse", "touch"])
# A little over what was measured: whoever makes the way longer notices.
MOST_KEYSTROKES = {"keys": 120, "mouse": 0, "touch": 0}
MOST_CLICKS = {"keys": 0, "mouse": 11, "touch": 12}
NUMBERS = "main .figure .number a, main .page-head-lead a"
COUNT_OF_LIST = re.compile(r"of ([\d,]+) incidents")


@pytest.fixture
def quarter(transactional_db: None) -> Period:
    """The last that is over, with seven incidents of two teams in it."""
    period = quarter_of(timezone.now().date()).previous(1)[0]
    checkout, search = a_service(name="Checkout"), a_service(name="Search")
    payments = a_team(name="Payments")
    pool, unseen = a_factor(name="Pool smaller than its clients"), a_factor(name="Not shown")
    knob = a_knob(component="payment-worker", key="db.pool")
    begins = timezone.make_aware(datetime.combine(period.starts, time(9)))
    for number in range(7):
        began = begins + timedelta(days=11 * number)
        incident = an_incident(
            title=f"Checkout refused cards, time {number + 1}",
            severity=f"sev{1 + number % 3}",
            kind="near_miss" if number == 6 else "own",
            detection="monitoring" if number % 2 else "customer",
            state="published" if number < 5 else "draft",
            published_at=began if number < 5 else None,
            began_at=began,
            began_precision="minute",
            detected_at=began + timedelta(minutes=4 + number),
            detected_precision="minute",
            resolved_at=began + timedelta(minutes=50 + 9 * number),
            resolved_precision="minute",
        )
        incident.services.set([checkout] if number % 2 else [checkout, search])
        incident.teams.set([payments] if number < 4 else [])
        a_contributing_factor(incident, factor=pool if number % 3 else unseen)
        a_delta(incident, knob=knob, before=str(number), after=str(number + 10))
        an_action_item(incident=incident, team=payments, created_at=began)
    return period


@pytest.fixture(autouse=True)
def export_dir(settings: Any, tmp_path: Path) -> None:
    settings.EXPORT_DIR = tmp_path


@HANDS
def test_from_the_quarter_to_its_file(
    hand: str, quarter: Period, open_as: OpenAs, record_property: Told
) -> None:
    cost = Cost(f"The lead, by {hand}")
    lead = a_walker(open_as, a_user("editor", first_name="Lea"), cost, hand)
    page = lead.page
    lead.go("/")
    if hand == "touch":
        lead.use(page.locator("summary", has_text="Sections"))
        lead.use(page.locator(".menu-panel").get_by_role("link", name="Reviews"))
    else:
        lead.use(page.get_by_label("Sections").get_by_role("link", name="Reviews"))
    of_quarter = page.get_by_role("link", name=quarter.label)
    lead.step("reviews", then=of_quarter)
    lead.use(of_quarter)
    expect(page.locator("h1")).to_have_text(f"Review of {quarter.label}")
    freeze = page.get_by_role("button", name="Freeze")
    lead.step("quarter", then=freeze, picture="lead-quarter" if hand == "mouse" else "")
    drill_down(lead)
    lead.use(freeze)
    expect(page.locator("#messages")).to_contain_text("Frozen")
    lead.step("frozen", then=page.locator("summary", has_text="Export"))
    for name, suffix in (("PDF, to read", "pdf"), ("XLSX, to work with", "xlsx")):
        take_out(lead, name, f"Review {quarter.key}.{suffix}")
        lead.use(page.get_by_role("link", name="Back to the review"))
        expect(page.locator("h1")).to_have_text(f"Review of {quarter.label}")
    tell(record_property, cost)
    assert lead.found == []
    assert cost.keystrokes <= MOST_KEYSTROKES[hand]
    assert cost.clicks <= MOST_CLICKS[hand]


def a_walker(open_as: OpenAs, user: User, cost: Cost, hand: str) -> Walker:
    page = open_as(user, size=PHONE if hand == "touch" else DESK, has_touch=hand == "touch")
    return Walker(page, cost, hand, looks=hand == "mouse")


def drill_down(lead: Walker) -> None:
    """From the number of all incidents, and from one of a figure, to the records and back."""
    page = lead.page
    for number in (page.locator(".page-head-lead a"), in_figure(page, "kind")):
        says = number.inner_text()
        lead.use(number)
        expect(page.locator("h1")).to_have_text("Incidents")
        assert of_list(page) == count_in(says)
        lead.step("records", then=page.locator("main tbody a").first)
        page.go_back()
        expect(page.locator("h1")).to_contain_text("Review of")


def in_figure(page: Page, key: str) -> Locator:
    return page.locator(f"#figure-{key} .number a").first


def take_out(lead: Walker, name: str, file: str) -> None:
    page = lead.page
    lead.use(page.locator("summary", has_text="Export"))
    choice = page.get_by_role("button", name=name)
    lead.step("export", then=choice)
    lead.use(choice)
    expect(page.get_by_role("heading", name="It is being written")).to_be_visible()
    with page.expect_download() as fetched:
        do_all_jobs()
    assert fetched.value.suggested_filename == file
    begins = fetched.value.path().read_bytes()[:4]
    assert begins == (b"%PDF" if file.endswith("pdf") else b"PK\x03\x04")
    lead.step("file", then=page.get_by_role("link", name="Download"))


def count_in(text: str) -> int:
    found = re.search(r"[\d,]+", text)
    assert found, text
    return int(found[0].replace(",", ""))


def of_list(page: Page) -> int:
    found = COUNT_OF_LIST.search(page.locator(".pagination").inner_text())
    assert found
    return int(found[1].replace(",", ""))


def test_each_number_leads_to_as_many_records(quarter: Period, open_as: OpenAs) -> None:
    page = open_as(a_user("reader"))
    page.goto(f"/reviews/{quarter.key}/")
    told = [
        (urljoin(page.url, str(link.get_attribute("href"))), count_in(str(link.text_content())))
        for link in page.locator(NUMBERS).all()
    ]
    assert len(told) > 12
    wrong = []
    for url, count in told:
        page.goto(url)
        rows = page.locator("main tbody tr").count()
        if not of_list(page) == rows == count:
            wrong.append((url, count, of_list(page), rows))
    assert wrong == []
