"""A word longer than its place is broken there; the page does not grow wider than the screen."""

import pytest
from playwright.sync_api import Page

from tests.browser.conftest import PHONE, OpenAs
from tests.browser.every_record import paths_of
from tests.factories import a_user

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

WORD = "x" * 90


@pytest.fixture
def paths(transactional_db: None) -> list[str]:
    return paths_of(WORD, WORD, name=WORD, alerts=WORD)


def wider(page: Page, paths: list[str], width: int) -> dict[str, int]:
    found = {}
    for path in paths:
        page.goto(path)
        wide = page.evaluate("document.documentElement.scrollWidth")
        if wide > width:
            found[path] = wide
    return found


def test_it_works_on_a_phone(paths: list[str], open_as: OpenAs) -> None:
    page = open_as(a_user("admin"), size=PHONE)
    assert wider(page, paths, PHONE["width"]) == {}


def test_it_works_on_a_desk(paths: list[str], open_as: OpenAs) -> None:
    page = open_as(a_user("admin"))
    assert page.viewport_size
    assert wider(page, paths, page.viewport_size["width"]) == {}
