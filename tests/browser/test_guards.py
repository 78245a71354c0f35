"""Lessons that act: checking files, writing a guard, and what a knob has been through."""

from datetime import UTC, date, datetime

import pytest
from playwright.sync_api import Locator, Page, expect

from incidents.models import Guard, Knob, Lesson, Runbook
from tests.browser.conftest import DESK, PHONE, OpenAs
from tests.browser.demo import Demo, load_demo
from tests.browser.looking import faults
from tests.factories import a_delta, a_lesson, a_runbook, an_incident

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
both_widths = pytest.mark.parametrize("size", [DESK, PHONE], ids=["desk", "phone"])

UNICORN = "# Our limit\nworker_processes 4\ntimeout {seconds}\n"


@pytest.fixture
def demo(transactional_db: None) -> Demo:
    return load_demo()


@pytest.fixture
def lesson(demo: Demo) -> Lesson:
    """That a request limit has to fit the longest task."""
    return Guard.objects.get(expression="unicorn.timeout >= 60").lesson


def at_rest(page: Page) -> list[str]:
    """What is wrong with the page from its top: further down its header may lie over a button."""
    page.evaluate("window.scrollTo(0, 0)")
    return faults(page)


def a_file(seconds: int, name: str = "unicorn.rb") -> dict[str, object]:
    text = UNICORN.format(seconds=seconds)
    return {"name": name, "mimeType": "text/plain", "buffer": text.encode()}


def choose(field: Locator, *files: dict[str, object]) -> None:
    field.set_input_files(list(files))  # type: ignore[arg-type]


class TestChecking:
    @both_widths
    def test_it_works(
        self, size: dict[str, int], demo: Demo, lesson: Lesson, open_as: OpenAs
    ) -> None:
        page = open_as(demo.reader, size=size)
        page.goto("/guard/")
        page.get_by_label("Or the text of one").fill(UNICORN.format(seconds=30))
        page.get_by_label("Its name").fill("unicorn.rb")
        page.get_by_role("button", name="Check").click()

        report = page.locator("#report")
        expect(report.get_by_role("heading")).to_have_text("1 finding")
        expect(report).to_contain_text("unicorn.rb, line 3")
        expect(report.locator("mark")).to_have_text("30")
        paid = lesson.learned_from
        assert paid is not None
        expect(report.get_by_role("link", name=paid.reference)).to_be_visible()
        assert at_rest(page) == []

        page.set_viewport_size(size)  # type: ignore[arg-type]
        report.get_by_role("link", name=lesson.reference).click()
        expect(page.get_by_role("heading", level=1)).to_have_text(lesson.sentence)

    @both_widths
    def test_two_versions_tell_what_the_change_repeats(
        self, size: dict[str, int], demo: Demo, lesson: Lesson, open_as: OpenAs
    ) -> None:
        page = open_as(demo.reader, size=size)
        page.goto("/guard/")
        choose(page.get_by_role("button", name="Files", exact=True), a_file(30))
        page.get_by_text("And as it was before a change").click()
        choose(page.get_by_label("The files as they were"), a_file(60))
        page.get_by_role("button", name="Check").click()

        paid = lesson.learned_from
        assert paid is not None
        expect(page.locator("#report")).to_contain_text(
            f"{paid.reference}: unicorn.timeout from 30 s to 60 s fixed it; this sets it to 30 s."
        )
        assert at_rest(page) == []


class TestWritingAGuard:
    @both_widths
    def test_it_works(
        self, size: dict[str, int], demo: Demo, lesson: Lesson, open_as: OpenAs
    ) -> None:
        page = open_as(demo.editor, size=size)
        page.goto(f"{lesson.get_absolute_url()}guard/")
        tried = page.locator("#tried")
        paid = lesson.learned_from
        assert paid is not None
        expect(tried).to_contain_text(paid.reference)

        choose(page.get_by_label("Files", exact=True), a_file(30), a_file(90, "unicorn.new.rb"))
        expect(tried).to_contain_text("These files: 1 would be caught")
        first = tried.locator(".tried-files li").first
        expect(first).to_contain_text("unicorn.rb")
        expect(first.locator("mark")).to_have_text("30")

        # What it says follows what is typed, and whoever types stays in the box.
        expression = page.get_by_label("A configuration must satisfy")
        expression.press("End")
        expression.fill("unicorn.timeout >= 100")
        expect(tried).to_contain_text("These files: 2 would be caught")
        expect(expression).to_be_focused()
        assert at_rest(page) == []
        page.set_viewport_size(size)  # type: ignore[arg-type]

        expression.fill("unicorn.timeout >= ")
        expect(tried).to_contain_text("Column 19: It ends too early")
        expect(expression).to_be_focused()
        assert at_rest(page) == []
        page.set_viewport_size(size)  # type: ignore[arg-type]

        expression.fill("unicorn.timeout >= 45")
        page.get_by_role("button", name="Save").click()
        expect(page.locator("#guard")).to_contain_text("unicorn.timeout >= 45")

    def test_a_text_is_pasted(self, demo: Demo, lesson: Lesson, open_as: OpenAs) -> None:
        page = open_as(demo.editor, size=PHONE)
        page.goto(f"{lesson.get_absolute_url()}guard/")
        tried = page.locator("#tried")
        page.get_by_text("Or paste the text of one").click()
        page.get_by_label("The text", exact=True).fill(UNICORN.format(seconds=30))
        expect(tried).to_contain_text("Say what it is called")
        page.get_by_label("Its name").fill("unicorn.rb")
        expect(tried).to_contain_text("These files: 1 would be caught")
        expect(page.get_by_label("Its name")).to_be_focused()
        assert at_rest(page) == []

        # It is kept nowhere: nothing is asked on leaving, and nothing is offered on coming back.
        leaving = "dispatchEvent(new Event('beforeunload', { cancelable: true }))"
        assert page.evaluate(leaving) is True
        page.wait_for_timeout(500)
        assert page.evaluate("Object.values(localStorage).join().includes('Our limit')") is False

    @both_widths
    def test_it_is_active_only_with_both_examples(
        self, size: dict[str, int], demo: Demo, open_as: OpenAs
    ) -> None:
        page = open_as(demo.editor, size=size)
        page.goto(f"{a_lesson().get_absolute_url()}guard/")
        page.get_by_label("A configuration must satisfy").fill("unicorn.timeout >= 60")
        page.get_by_label("Message").fill("{unicorn.timeout} s is too short.")
        page.get_by_label("Example that must fail").fill("unicorn.timeout = 30")
        page.get_by_label("State").select_option("active")
        page.get_by_role("button", name="Save").click()

        expect(page.get_by_role("alert")).to_contain_text("An active guard has two examples")
        expect(page.get_by_label("Example that must fail")).to_have_value("unicorn.timeout = 30")
        expect(page.locator("#tried")).to_contain_text("30 s is too short.")
        assert at_rest(page) == []
        page.set_viewport_size(size)  # type: ignore[arg-type]

        page.get_by_label("Example that must pass").fill("unicorn.timeout = 60")
        page.get_by_role("button", name="Save").click()
        expect(page.locator("#guard")).to_contain_text("active")

    def test_it_works_without_a_script(self, demo: Demo, lesson: Lesson, open_as: OpenAs) -> None:
        page = open_as(demo.editor, java_script_enabled=False)
        page.goto(f"{lesson.get_absolute_url()}guard/")
        choose(page.get_by_label("Files", exact=True), a_file(30))
        page.get_by_role("button", name="Try it").click()

        expect(page.locator("#tried")).to_contain_text("These files: 1 would be caught")
        expect(page.locator(".tried-files mark")).to_have_text("30")


class TestAKnob:
    @both_widths
    def test_its_page_reads_right_to_somebody_who_was_not_there(
        self, size: dict[str, int], demo: Demo, lesson: Lesson, open_as: OpenAs
    ) -> None:
        knob = Knob.objects.get(component="unicorn", key="timeout")
        runbook = Runbook.objects.get(slug="requests-killed-at-the-timeout")
        page = open_as(demo.reader, size=size)
        page.goto(knob.get_absolute_url())

        paid = lesson.learned_from
        assert paid is not None
        row = page.get_by_role("row").filter(has_text=paid.reference)
        expect(row).to_contain_text("30 → 60")
        expect(row).to_contain_text("fixed")
        expect(row).to_contain_text("Unicorn application servers")
        aside = page.get_by_role("complementary", name="Where else")
        expect(aside).to_contain_text(lesson.sentence)
        expect(aside).to_contain_text("unicorn.timeout >= 60")
        expect(aside.get_by_role("link", name=runbook.title)).to_be_visible()
        assert at_rest(page) == []

    @both_widths
    def test_a_later_turn_is_a_step_and_makes_runbooks_unverified(
        self, size: dict[str, int], demo: Demo, lesson: Lesson, open_as: OpenAs
    ) -> None:
        knob = Knob.objects.get(component="unicorn", key="timeout")
        runbook = a_runbook(title="Uploads end early", last_verified_date=date(2026, 3, 15))
        runbook.knobs.set([knob])
        first, then = an_incident(title="Uploads ended early"), an_incident(title="Workers full")
        for incident, before, after, part, day in (
            (first, "60", "90", "mitigated", 10),
            (then, "90", "20", "contributed", 20),
        ):
            a_delta(
                incident,
                knob=knob,
                before=before,
                after=after,
                part=part,
                turned_at=datetime(2026, 3, day, 9, 30, tzinfo=UTC),
                turned_precision="minute",
            )
        page = open_as(demo.reader, size=size)
        page.goto(knob.get_absolute_url())

        chart = page.get_by_role("region", name="Its values over time")
        expect(chart.locator(".step-mark")).to_have_count(2)
        row = page.get_by_role("row").filter(has_text="Workers full")
        expect(row).to_contain_text("90 → 20")
        # The picture leads to the row.
        chart.get_by_role("link").nth(1).click()
        expect(page).to_have_url(f"{page.url.partition('#')[0]}#{row.get_attribute('id')}")
        aside = page.get_by_role("complementary", name="Where else")
        told = aside.get_by_role("link", name=f"unverified since {then.reference}")
        expect(told).to_have_count(1)
        assert at_rest(page) == []

        page.set_viewport_size(size)  # type: ignore[arg-type]
        told.click()
        expect(page.get_by_role("heading", level=1)).to_have_text("Workers full")
