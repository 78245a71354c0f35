"""The file, opened from a disk: no server, no network."""

import re
from pathlib import Path

import pytest
from django.core.management import call_command
from playwright.sync_api import Page, expect

from incidents.importers.demo.operations import load_stories
from incidents.models import Runbook
from tests.browser.conftest import OpenAs
from tests.browser.looking import faults
from tests.factories import NOW, a_runbook

pytestmark = [
    pytest.mark.browser,
    pytest.mark.django_db(transaction=True),
    pytest.mark.timeout(240),
]

HOSTILE = "</script></noscript><script>document.title='ours'</script><img src=x onerror=alert(1)>"

LINKS = (
    '<p>See <a href="/runbooks/one-endpoint-slow/">this</a>, or'
    ' <a href="/incidents/INC-1/" title="<!--text--></noscript>">that</a>.</p>'
)

SAME_TEXT = """(html) => {
  const own = document.createElement("div");
  own.innerHTML = html;
  return own.textContent === (document.querySelector("#page .prose")?.textContent ?? "");
}"""


@pytest.fixture
def address(tmp_path: Path, transactional_db: None) -> str:
    load_stories(by=None, at=NOW)
    a_runbook(
        title=HOSTILE,
        slug="hostile",
        summary=HOSTILE,
        alerts=f"alertname={HOSTILE[:9]}\nHostile\nalertname=~`(a+)+`",
        body_html=LINKS,
    )
    path = tmp_path / "runbooks.html"
    call_command("offline_copy", str(path), verbosity=0)
    return path.as_uri()


def test_it_works(page: Page, address: str) -> None:
    page.goto(address)
    expect(page.locator("#copy-age")).to_contain_text(re.compile(r"made .*\d{4} at \d\d:\d\d"))
    expect(page.locator("#lookup-text")).to_be_focused()
    page.keyboard.type("too many connections")
    expect(page.locator(".answer-best")).to_contain_text("The database has no connections left")
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile("#/lookup/"))
    page.get_by_role("link", name="Open this runbook").click()
    expect(page).to_have_url(re.compile("#/runbooks/database-connections-exhausted/$"))
    expect(page.get_by_role("heading", name="What to do")).to_be_visible()
    page.go_back()
    expect(page.locator(".answer-best")).to_be_visible()


def test_links_in_it_lead_into_it_or_to_the_site(page: Page, address: str) -> None:
    page.goto(f"{address}#/runbooks/hostile/")
    expect(page.get_by_role("link", name="that")).to_have_attribute(
        "href", "http://127.0.0.1:8000/incidents/INC-1/"
    )
    expect(page.get_by_text("not matched without the server")).to_be_visible()
    page.get_by_role("link", name="this").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("Everything looks normal")


def test_what_people_wrote_does_nothing(page: Page, address: str) -> None:
    page.goto(f"{address}#/lookup/?alertname=Hostile")
    expect(page.locator(".answer-best")).to_contain_text("</script></noscript>")
    page.goto(f"{address}#/runbooks/hostile/")
    expect(page.get_by_role("heading", level=1)).to_have_text(HOSTILE)
    assert page.title().startswith(HOSTILE[:9])
    assert page.locator("img").count() == 0


def test_each_runbook_shows_its_own_text(page: Page, address: str) -> None:
    """Also behind one with a title like what stands between the texts; it comes first."""
    assert Runbook.objects.order_by("title").first().slug == "hostile"
    page.goto(address)
    for runbook in Runbook.objects.all():
        page.goto(f"{address}#/runbooks/{runbook.slug}/")
        expect(page.get_by_role("heading", level=1)).to_have_text(runbook.title)
        same = page.evaluate(SAME_TEXT, runbook.body_html)
        assert same, runbook.slug


def test_all_of_it_can_be_printed(page: Page, address: str) -> None:
    page.goto(address)
    page.get_by_role("link", name="All on one page").click()
    expect(page.locator("article")).to_have_count(10)
    assert page.locator("h1").count() == 1


def test_without_javascript_all_of_it_is_there_to_read(address: str, open_as: OpenAs) -> None:
    page = open_as(None, java_script_enabled=False)
    page.goto(address)
    expect(page.locator("article")).to_have_count(10)
    page.get_by_role("link", name="Everything looks normal").click()
    expect(page.locator("#runbook-one-endpoint-slow")).to_be_in_viewport()
    expect(page.locator("#lookup-text")).to_have_count(0)
    assert page.title() == "Runbooks"


@pytest.mark.parametrize(
    "place", ["", "#/lookup/?q=too+many+connections", "#/runbooks/one-endpoint-slow/"]
)
def test_it_fits_and_is_open_to_all(page: Page, address: str, place: str) -> None:
    page.goto(address + place)
    expect(page.locator("#page h1")).to_be_visible()
    assert faults(page) == []
