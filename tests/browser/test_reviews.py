"""A quarter is reviewed, frozen, and what was decided becomes an action item: desk and phone."""

import pytest
from playwright.sync_api import expect

from incidents.models import ActionItem, Review
from tests.browser.conftest import DESK, PHONE, OpenAs
from tests.browser.demo import Demo, load_demo
from tests.browser.looking import faults

pytestmark = [
    pytest.mark.browser,
    pytest.mark.django_db(transaction=True),
    pytest.mark.timeout(400),
]
SIZES = pytest.mark.parametrize("size", [DESK, PHONE], ids=["desk", "phone"])


@pytest.fixture
def demo(transactional_db: None) -> Demo:
    return load_demo()


@SIZES
def test_a_period_is_reviewed_and_frozen(size: dict[str, int], demo: Demo, open_as: OpenAs) -> None:
    page = open_as(demo.editor, size=size)
    page.goto("/reviews/")
    page.get_by_role("textbox", name="Period").fill("2019Q4")
    page.get_by_role("button", name="Review it").click()
    expect(page.locator("h1")).to_have_text("Review of Q4 2019")
    kinds = page.locator("#figure-kind")
    expect(kinds.get_by_role("img", name="Incidents by kind")).to_be_visible()
    kinds.get_by_role("link", name="1", exact=True).click()
    expect(page.locator("main table tbody tr")).to_have_count(1)

    page.go_back()
    page.get_by_role("button", name="Freeze").click()
    expect(page.locator("#messages")).to_contain_text("Frozen")
    page.get_by_role("link", name="What would differ today").click()
    expect(page.get_by_text("give the same figures")).to_be_visible()
    page.go_back()

    page.get_by_role("link", name="Add a decision").click()
    page.get_by_label("What was decided").fill("Order the freezers earlier")
    page.get_by_role("button", name="Add").click()
    page.get_by_role("link", name="Make it an action item").click()
    page.get_by_role("button", name="Create").click()
    expect(page.locator("h1")).to_contain_text("Order the freezers earlier")

    item = ActionItem.objects.latest("pk")
    page.goto(Review.objects.latest("pk").get_absolute_url())
    expect(page.get_by_role("link", name=item.reference)).to_be_visible()

    page.get_by_role("link", name="Edit Order the freezers").click()
    page.get_by_label("What was decided").fill("Order the freezers in spring")
    page.get_by_role("button", name="Save").click()
    decisions = page.get_by_role("list", name="Decisions")
    expect(decisions).to_contain_text("Order the freezers in spring")
    page.get_by_role("button", name="Remove Order the freezers").click()
    expect(page.locator("#messages")).to_contain_text("The decision is removed")
    expect(decisions).to_have_count(0)
    page.locator("#meeting").get_by_role("link", name="History").click()
    page.get_by_role("link", name="Removed the decision").click()
    page.get_by_role("button", name="Bring").first.click()
    page.goto(Review.objects.latest("pk").get_absolute_url())
    expect(decisions).to_contain_text("Order the freezers in spring")
    assert faults(page) == []


@SIZES
def test_the_figures_of_very_many_come_by_themselves(
    size: dict[str, int], demo: Demo, open_as: OpenAs, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("incidents.review.queries.AT_ONCE", 0)
    page = open_as(demo.editor, size=size)
    page.goto("/reviews/2019Q4/")
    expect(page.locator("#people .figure")).not_to_have_count(0)
    expect(page.locator("#what-contributed .figure")).not_to_have_count(0)
    expect(page.locator(".review-awaited")).to_have_count(0)
    # Nobody has moved: what came by itself has not taken the focus.
    assert page.evaluate("document.activeElement === document.body")
    assert faults(page) == []
