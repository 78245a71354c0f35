"""The advice beside a record: it follows what is written, and gets in nobody's way."""

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import DESK, PHONE, OpenAs
from tests.browser.looking import faults, opened
from tests.factories import a_delta, a_factor, a_knob, a_lesson, a_user, an_event, an_incident

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.mark.parametrize("size", [DESK, PHONE], ids=["desk", "phone"])
def test_it_works(size: dict[str, int], open_as: OpenAs) -> None:
    incident = an_incident(summary="The engineer should have checked the dashboard first.")
    event = an_event(incident, text="Latency rose")
    page = open_as(a_user("editor"), size=size)
    page.goto(incident.get_absolute_url())
    advice = page.locator("#wording")
    phrase = advice.locator("details", has_text="What should have been")
    phrase.locator("summary").click()
    expect(phrase.locator("mark")).to_have_text("should have checked")
    # Where the page is scrolled to, its header may lie half over a button.
    page.evaluate("window.scrollTo(0, 0)")
    assert faults(page) == []
    page.set_viewport_size(size)  # type: ignore[arg-type]

    # A change on the page is looked at, and whoever made it stays where they are.
    page.locator(f"#{event.anchor}").get_by_role("link", name="Edit").click()
    form = opened(page.locator("#timeline li form.form"))
    form.locator("[name=text]").fill("Human error: the limit was wrong")
    form.get_by_role("button", name="Save").click()
    expect(advice).to_contain_text("Human error")
    # What was open stays so.
    expect(phrase.locator("mark")).to_be_visible()
    expect(page.locator(f"#{event.anchor} :focus")).to_have_count(1)

    advice.locator("#advice-human-error summary").click()
    advice.locator("#advice-human-error").get_by_role("link", name="Timeline: Human error").click()
    expect(page).to_have_url(f"{page.url.partition('#')[0]}#{event.anchor}")


def test_a_phrase_in_a_text_leads_to_its_box(open_as: OpenAs) -> None:
    incident = an_incident(impact="It was their fault.")
    page = open_as(a_user("editor"))
    page.goto(f"{incident.get_absolute_url()}advice/")
    assert faults(page) == []

    page.get_by_role("link", name="Impact", exact=True).click()

    expect(page.get_by_label("Impact", exact=True)).to_be_in_viewport()


def test_it_works_without_a_script(open_as: OpenAs) -> None:
    incident = an_incident(impact="It was their fault.")
    page = open_as(a_user("editor"), java_script_enabled=False)
    page.goto(incident.get_absolute_url())
    page.get_by_role("link", name="What is missing, and phrases to think over").click()

    expect(page.locator("mark")).to_have_text("their fault")


@pytest.mark.parametrize("size", [DESK, PHONE], ids=["desk", "phone"])
def test_an_earlier_lesson_is_linked_with_one_press(size: dict[str, int], open_as: OpenAs) -> None:
    incident, knob, factor = an_incident(), a_knob(), a_factor()
    a_delta(incident, knob=knob)
    incident.contributingfactors.create(factor=factor, how="As then.")
    earlier = an_incident()
    earlier.contributingfactors.create(factor=factor, how="First.")
    lesson, other = a_lesson(), a_lesson(learned_from=earlier)
    lesson.knobs.add(knob)
    page = open_as(a_user("editor"), size=size)
    page.goto(incident.get_absolute_url())
    likely = page.locator("#wording .likely")
    expect(likely).to_have_count(2)
    expect(likely.filter(has_text=lesson.reference)).to_contain_text(f"is about {knob}")
    expect(likely.filter(has_text=other.reference)).to_contain_text(f"is from {earlier.reference}")
    page.evaluate("window.scrollTo(0, 0)")
    assert faults(page) == []
    page.set_viewport_size(size)  # type: ignore[arg-type]

    likely.filter(has_text=lesson.reference).get_by_role("button", name="Violated").click()

    row = page.locator("#earlier-lessons li")
    expect(row).to_contain_text(lesson.reference)
    expect(row).to_contain_text("violated")
    # Whoever pressed is where the link is now, and what is left is still offered.
    expect(page.locator("#earlier-lessons :focus")).to_have_count(1)
    expect(likely).to_have_count(1)
    expect(likely).to_contain_text(other.reference)
    page.evaluate("window.scrollTo(0, 0)")
    assert faults(page) == []
