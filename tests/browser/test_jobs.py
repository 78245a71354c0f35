"""What an administrator does when work has failed."""

import pytest
from playwright.sync_api import expect

from incidents.jobs.operations import owe, owe_batch
from incidents.jobs.work import CannotBeDone, Work
from incidents.models import Batch, Job, JobState
from tests.browser.conftest import DESK, PHONE, OpenAs
from tests.browser.looking import faults
from tests.factories import NOW, a_user
from tests.jobs.conftest import Register, a_kind
from tests.jobs.doing import do_all_jobs

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

__all__ = ["a_kind"]
REASON = "The mail server does not take messages for this person any more."


@pytest.fixture(autouse=True)
def work(a_kind: Register) -> list[bool]:
    """As long as it holds something, the work of some fails."""
    trouble = [True]

    def remind(work: Work, *, person: int) -> str:
        if trouble and person % 3 == 0:
            raise CannotBeDone(REASON)
        return "Reminded"

    a_kind(remind, name="test.remind")
    return trouble


@pytest.mark.parametrize("size", [DESK, PHONE], ids=["desk", "phone"])
def test_it_works(open_as: OpenAs, work: list[bool], size: dict[str, int]) -> None:
    owe_batch("Reminders of 14 March", "test.remind", [{"person": n} for n in range(6)], at=NOW)
    owe("test.remind", {"person": 9}, at=NOW)
    do_all_jobs()
    page = open_as(a_user("admin"))
    page.set_viewport_size(size)  # type: ignore[arg-type]
    page.goto("/")

    page.locator("summary", has_text="You and settings").click()
    page.get_by_role("link", name="Jobs").click()
    page.get_by_role("link", name="test.remind").nth(1).click()
    expect(page.get_by_text(REASON)).to_be_visible()
    work.clear()
    page.get_by_role("button", name="Retry").click()
    expect(page.get_by_text("It is owed again.")).to_be_visible()
    # The page looks again by itself.
    do_all_jobs()
    expect(page.get_by_text("Reminded")).to_be_visible()

    page.goto("/jobs/")
    page.get_by_role("button", name="Retry all").click()
    expect(page.get_by_text("2 of “test.remind” owed again.")).to_be_visible()
    page.get_by_role("link", name="Reminders of 14 March").click()
    do_all_jobs()
    left = page.locator("#counts .facts > div", has=page.get_by_text("Left", exact=True))
    expect(left.locator("dd")).to_have_text(["0"])
    assert not Job.objects.exclude(state=JobState.DONE).exists()


def test_its_pages_fit(open_as: OpenAs) -> None:
    owe_batch("Reminders of 14 March", "test.remind", [{"person": n} for n in range(6)], at=NOW)
    do_all_jobs()
    page = open_as(a_user("admin"))
    failed = Job.objects.filter(state=JobState.FAILED).first()
    assert failed

    # What is not ended looks again while it is looked at.
    for row in (failed, Batch.objects.get()):
        page.goto(row.get_absolute_url())
        assert faults(page) == [], row
    page.goto("/jobs/")
    assert faults(page) == []
