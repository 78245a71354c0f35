"""Many boxes to tick can be narrowed down by typing; without the script they all stand there."""

import pytest
from playwright.sync_api import expect

from incidents.models import Runbook
from tests.browser.conftest import OpenAs
from tests.factories import a_service, a_user

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture(autouse=True)
def many_services() -> None:
    for number in range(20):
        a_service(name=f"Checkout {number}" if number % 2 else f"Search {number}")


def test_it_works(open_as: OpenAs) -> None:
    page = open_as(a_user("editor"))
    page.goto("/runbooks/new/")
    services = page.get_by_role("group", name="Services")
    services.get_by_label("Search 4").check()
    box = services.get_by_label("Find among 20")
    box.fill("out 7")
    # What is ticked stays in sight.
    expect(services.get_by_role("checkbox")).to_have_count(3)
    services.get_by_label("Checkout 7").check()
    # Enter in it sends nothing.
    box.press("Enter")
    page.get_by_label("Title").fill("Search is slow")
    page.get_by_role("button", name="Create").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Search is slow")
    names = {service.name for service in Runbook.objects.get().services.all()}
    assert names == {"Search 4", "Checkout 7"}


def test_without_the_script_all_of_them_stand_there(open_as: OpenAs) -> None:
    page = open_as(a_user("editor"), java_script_enabled=False)
    page.goto("/runbooks/new/")
    services = page.get_by_role("group", name="Services")
    expect(services.get_by_role("checkbox")).to_have_count(20)
    expect(services.get_by_label("Find among 20")).to_have_count(0)
