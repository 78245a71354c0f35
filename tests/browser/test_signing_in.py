import re

import pytest
from playwright.sync_api import Page, expect

from incidents.models import User

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

PASSWORD = "k7m2p-aaaaa-bbbbb"


@pytest.fixture(autouse=True)
def ada() -> User:
    return User.objects.create_user("ada", password=PASSWORD)


def sign_in(page: Page, password: str) -> None:
    page.goto("/accounts/login/")
    page.locator("input[name=login]").fill("ada")
    page.locator("input[name=password]").fill(password)
    page.locator("input[name=password]").press("Enter")


def test_it_works(page: Page) -> None:
    sign_in(page, PASSWORD)

    expect(page).to_have_url("/")


def test_a_wrong_password_stays_at_the_door(page: Page) -> None:
    sign_in(page, "something else")

    expect(page).to_have_url(re.compile(r"/accounts/login/"))
    expect(page.get_by_text("not correct")).to_be_visible()
