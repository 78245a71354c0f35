"""Two people edit the same record: the second is shown both texts, and chooses."""

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import OpenAs
from tests.browser.demo import Demo, load_demo
from tests.browser.looking import faults

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def demo(transactional_db: None) -> Demo:
    return load_demo()


def write(page: Page, who: str) -> None:
    page.locator("[name=summary]").fill(f"The summary that {who} wrote.")
    page.locator("[name=impact]").fill(f"The impact that {who} knows of.")


def save(page: Page) -> None:
    page.get_by_role("button", name="Save").click()


def test_the_second_sees_both_texts_and_chooses(demo: Demo, open_as: OpenAs) -> None:
    first, second = open_as(demo.editor), open_as(demo.other)
    edit = f"{demo.draft.get_absolute_url()}edit/"
    for page, who in ((first, "Ed"), (second, "Olga")):
        page.goto(edit)
        write(page, who)
    first.locator("[name=background]").fill("A background that only Ed wrote.")
    second.locator("[name=notes]").fill("A note that nobody contradicts.")
    save(first)
    expect(first).to_have_url(demo.draft.get_absolute_url())
    save(second)

    both = second.get_by_role("alert").filter(has_text="Somebody else saved this")
    for who in ("Ed", "Olga"):
        expect(both).to_contain_text(f"The summary that {who} wrote.")
        expect(both).to_contain_text(f"The impact that {who} knows of.")
    expect(both).not_to_contain_text("A note that nobody contradicts.")
    expect(both).not_to_contain_text("A background that only Ed wrote.")
    assert faults(second) == []

    # Hers for the summary, his for the impact.
    second.get_by_label("Keep the saved text of “Impact”").check()
    save(second)
    expect(second).to_have_url(demo.draft.get_absolute_url())
    main = second.locator("main")
    expect(main).to_contain_text("The summary that Olga wrote.")
    expect(main).to_contain_text("The impact that Ed knows of.")
    expect(main).to_contain_text("A note that nobody contradicts.")
    expect(main).to_contain_text("A background that only Ed wrote.")

    # What he wrote in the summary is in its history.
    second.goto(f"/history/incident/{demo.draft.pk}/")
    second.get_by_role("link", name="Changed the record").last.click()
    expect(second.locator("main")).to_contain_text("The summary that Ed wrote.")


def test_leaving_the_choice_overwrites_nothing(demo: Demo, open_as: OpenAs) -> None:
    first, second = open_as(demo.editor), open_as(demo.other)
    edit = f"{demo.draft.get_absolute_url()}edit/"
    for page, who in ((first, "Ed"), (second, "Olga")):
        page.goto(edit)
        write(page, who)
    save(first)
    expect(first).to_have_url(demo.draft.get_absolute_url())
    save(second)
    expect(second.get_by_label("Keep the saved text of “Impact”")).to_be_visible()
    asked: list[str] = []
    second.on("dialog", lambda dialog: (asked.append(dialog.type), dialog.accept()))
    second.goto(demo.draft.get_absolute_url())

    assert asked == ["beforeunload"]
    expect(second.locator("main")).to_contain_text("The summary that Ed wrote.")
