"""The server is gone, and the same addresses still answer; who signs out leaves nothing behind."""

import contextlib
import re

import pytest
from playwright.sync_api import Error, Page, expect

from incidents.lookup.operations import keep_findable
from incidents.models import Runbook, Service, User
from incidents.runbooks.operations import change_runbook
from tests.browser.looking import faults
from tests.browser.own_server import OwnServer, sign_in
from tests.factories import NOW, a_restricted_incident, a_runbook, a_runbook_use, a_service, a_user

pytestmark = [
    pytest.mark.browser,
    pytest.mark.django_db(transaction=True),
    pytest.mark.server_goes,
    pytest.mark.timeout(240),
]

PAGE = "/runbooks/offline/"
LOOKUP = "/lookup/?alertname=DiskFull&service=orders"
STEPS = '<ol><li>Look at the disk.</li><li><pre tabindex="0"><code>df -h</code></pre></li></ol>'
AGE = re.compile(r"Saved on this device .*\d{4} at \d\d:\d\d")
SAVED, REMOVED = re.compile("^Kept"), re.compile("^Removed")
# Everything in which a page can leave something behind.
LEFT = """async () => ({
  caches: await caches.keys(),
  databases: (await indexedDB.databases()).map(({ name }) => name),
  texts: Object.keys(localStorage),
  session: Object.keys(sessionStorage),
  workers: (await navigator.serviceWorker.getRegistrations()).length,
})"""
NOTHING = {"caches": [], "databases": [], "texts": [], "session": [], "workers": 0}
# The path of the page, until the tab is closed.
BY_HTMX = {"session": ["htmx-current-path-for-history"]}
SCOPES = """async () =>
  (await navigator.serviceWorker.getRegistrations()).map(({ scope }) => scope)"""
AN_HOUR_LATER = """async () => {
  const about = await offline.store.about();
  await offline.store.write({ ...about, checkedAt: about.checkedAt - 61 * 60 * 1000 });
}"""
AS_IT_WAS_BEFORE = """async () => {
  const copy = await offline.store.copy();
  for (const runbook of copy.runbooks) delete runbook.turned;
  await offline.store.take(await offline.store.about(), JSON.stringify(copy));
}"""
# In a worker things happen when they do.
COMES = """async ([word, isThere]) => {
  const kept = %s;
  for (let tries = 0; tries < 200; tries += 1) {
    if ((await kept()).includes(word) === isThere) return true;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  return false;
}"""
# Looks without opening a cache, which makes one that has just gone anew.
ALL_GOES = """async () => {
  for (let tries = 0; tries < 200; tries += 1) {
    const workers = await navigator.serviceWorker.getRegistrations();
    if (!(await caches.keys()).length && !workers.length) return true;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  return false;
}"""
KEPT_TEXT = """async () => {
  const texts = [];
  for (const name of await caches.keys()) {
    const cache = await caches.open(name);
    for (const request of await cache.keys()) {
      texts.push(request.url, await (await cache.match(request)).text());
    }
  }
  return texts.join("\\n");
}"""


@pytest.fixture
def reader(transactional_db: None) -> User:
    return a_user("reader", username="rita")


@pytest.fixture
def orders(transactional_db: None) -> Service:
    return a_service(name="Orders", slug="orders")


@pytest.fixture
def page(page: Page, server: OwnServer, reader: User, orders: Service) -> Page:
    room = a_runbook(title="Make room", slug="room", alerts="DiskFull", body_html=STEPS)
    room.services.add(orders)
    pool = a_runbook(title="The pool is empty", slug="pool", body="No connection was free.")
    keep_findable(room, pool)
    sign_in(page, server, reader)
    return page


def keep(page: Page, server: OwnServer) -> None:
    page.goto(server.url + PAGE)
    page.get_by_role("button", name="Keep the runbooks on this device").click()
    expect(page.locator("#offline-said")).to_have_text(SAVED)


def comes(page: Page, word: str, *, is_there: bool) -> bool:
    return bool(page.evaluate(COMES % KEPT_TEXT, [word, is_there]))


def nobody_answers(page: Page, address: str) -> None:
    """Waits for the browser's own page too: coming late, it would take the place of the next."""
    with pytest.raises(Error, match="net::ERR_"):
        page.goto(address)
    page.wait_for_url("chrome-error://chromewebdata/")


def test_it_works(page: Page, server: OwnServer) -> None:
    keep(page, server)
    server.stop()

    page.goto(server.url + LOOKUP)
    expect(page.locator("#copy-age")).to_contain_text(AGE)
    expect(page.locator("#copy-age")).to_contain_text("cannot be reached")
    best = page.locator(".answer-best")
    expect(best).to_contain_text("Make room")
    expect(best).to_contain_text("exact alert match")
    expect(best).to_contain_text("Look at the disk.")
    best.get_by_role("link", name="Open this runbook").click()
    expect(page).to_have_url(server.url + "/runbooks/room/")
    expect(page.get_by_role("heading", name="Make room")).to_be_visible()

    for path in ("/", "/runbooks/", "/runbooks/pool/"):
        page.goto(server.url + path)
        expect(page.locator("#copy-age")).to_contain_text(AGE)
        expect(page.locator("#page")).to_contain_text("The pool is empty")


def test_one_goes_through_it_step_by_step_without_the_server(page: Page, server: OwnServer) -> None:
    html = STEPS.replace("df -h", "df -h &lt;node&gt;")
    Runbook.objects.filter(slug="room").update(body_html=html)
    keep(page, server)
    page.goto(server.url + "/runbooks/room/read/")
    page.get_by_role("checkbox", name="Done").check()
    server.stop()
    page.reload()
    expect(page.locator("#copy-age")).to_contain_text(AGE)
    expect(page.locator("[data-reading=said]")).to_have_text("1 of 2 done")
    page.get_by_label("node").fill("node-7")
    expect(page.locator("pre")).to_have_text("df -h node-7")
    page.get_by_role("link", name="The runbook’s page").click()
    expect(page.get_by_role("heading", name="What to do")).to_be_visible()
    page.get_by_role("link", name="Go through it").click()
    expect(page.locator("[data-reading=said]")).to_have_text("1 of 2 done")
    assert faults(page) == []


def test_one_types_and_goes_back_and_forth_without_the_server(
    page: Page, server: OwnServer
) -> None:
    keep(page, server)
    server.stop()
    page.goto(server.url)
    expect(page.locator("#lookup-text")).to_be_focused()
    page.keyboard.type("no conection free")
    expect(page.locator(".answer-best")).to_contain_text("The pool is empty")
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile(r"/lookup/\?q=no"))
    page.get_by_role("link", name="Open this runbook").click()
    expect(page.get_by_role("heading", name="What to do")).to_be_visible()
    page.go_back()
    expect(page.locator(".answer-best")).to_contain_text("The pool is empty")
    page.goto(server.url + "/runbooks/unheard-of/")
    expect(page.locator("#page")).to_contain_text("Not in this copy")


def test_what_was_typed_before_the_server_went_is_looked_up(page: Page, server: OwnServer) -> None:
    keep(page, server)
    page.goto(server.url)
    server.stop()
    page.locator("#lookup-text").fill("DiskFull")
    page.get_by_role("button", name="Look up").click()
    expect(page).to_have_url(re.compile(r"/lookup/\?q=DiskFull"))
    expect(page.locator(".answer-best")).to_contain_text("Make room")


def test_what_is_typed_meanwhile_is_one_tap_away(page: Page, server: OwnServer) -> None:
    keep(page, server)
    page.goto(server.url)
    server.stop()
    page.locator("#lookup-text").fill("DiskFull")
    page.get_by_role("link", name="Look it up on this device.").click()
    expect(page.locator(".answer-best")).to_contain_text("Make room")


def test_a_server_that_hangs_or_breaks_is_as_good_as_none(page: Page, server: OwnServer) -> None:
    keep(page, server)
    server.hang()
    page.goto(server.url + LOOKUP)
    expect(page.locator("#copy-age")).to_contain_text("not answered within two seconds")
    expect(page.locator(".answer-best")).to_contain_text("Make room")

    server.break_down()
    page.goto(server.url + LOOKUP)
    expect(page.locator("#copy-age")).to_contain_text("answers that it is broken")

    server.come_back()
    page.get_by_role("link", name="Try the server again").click()
    expect(page.get_by_role("link", name="Search all records for this")).to_be_visible()


def test_the_servers_own_answer_comes_first(page: Page, server: OwnServer) -> None:
    keep(page, server)
    page.goto(server.url + "/runbooks/room/")
    expect(page.get_by_role("link", name="History").first).to_be_visible()
    assert page.locator("#copy-age").count() == 0


def test_without_a_copy_nothing_is_different(page: Page, server: OwnServer) -> None:
    page.goto(server.url + PAGE)
    expect(page.locator("#offline-state")).to_have_text("Nothing is kept on this device.")
    assert page.evaluate(LEFT) == NOTHING | BY_HTMX


def test_who_signs_out_leaves_nothing_behind(page: Page, server: OwnServer) -> None:
    keep(page, server)
    page.evaluate("localStorage.setItem('theme', 'dark')")
    assert page.evaluate(LEFT) != NOTHING
    page.locator("summary", has_text="You and settings").click()
    page.get_by_role("button", name="Sign out").click()
    expect(page).to_have_url(re.compile("/accounts/login/"))
    assert page.evaluate(LEFT) == NOTHING


def test_the_way_back_shows_nothing_to_who_comes_next(page: Page, server: OwnServer) -> None:
    keep(page, server)
    for path in ("/runbooks/room/", "/lookup/?q=DiskFull", "/runbooks/"):
        page.goto(server.url + path)
        expect(page.locator("main")).to_contain_text("Make room")
    page.locator("summary", has_text="You and settings").click()
    page.get_by_role("button", name="Sign out").click()
    expect(page).to_have_url(re.compile("/accounts/login/"))
    server.stop()
    for _ in range(3):
        with contextlib.suppress(Error):
            page.go_back()
        expect(page.locator("body")).not_to_contain_text("Make room")
    # Beside the tab, which may still be on its way back.
    beside = page.context.new_page()
    for path in ("/runbooks/room/", "/"):
        nobody_answers(beside, server.url + path)


def test_the_header_alone_is_enough(page: Page, server: OwnServer) -> None:
    keep(page, server)
    # As it is sent where no script of ours listens.
    page.evaluate("document.querySelector('form[data-signs-out]').submit()")
    expect(page).to_have_url(re.compile("/accounts/login/"))
    assert page.evaluate(LEFT) == NOTHING


def test_so_are_the_scripts_alone(page: Page, server: OwnServer) -> None:
    keep(page, server)
    server.stop()
    page.locator("summary", has_text="You and settings").click()
    # The server never learns of it, and so says nothing.
    with page.expect_event("requestfailed"):
        page.get_by_role("button", name="Sign out").click()
    server.come_back()
    # Beside the tab, which still goes to where it is told that nobody is there.
    beside = page.context.new_page()
    beside.goto(server.url + "/there-is-no-such-page/")
    assert beside.evaluate(LEFT) == NOTHING


def test_removing_it_removes_all_of_it(page: Page, server: OwnServer) -> None:
    keep(page, server)
    page.get_by_role("button", name="Remove from this device").click()
    expect(page.locator("#offline-said")).to_have_text(REMOVED)
    assert page.evaluate(LEFT) == NOTHING | BY_HTMX


def test_another_programs_worker_stays(page: Page, server: OwnServer) -> None:
    keep(page, server)
    page.evaluate("navigator.serviceWorker.register('/sw.js?beside', { scope: '/beside/' })")
    page.get_by_role("button", name="Remove from this device").click()
    expect(page.locator("#offline-said")).to_have_text(REMOVED)
    assert page.evaluate(SCOPES) == [server.url + "/beside/"]


def test_what_was_removed_can_be_kept_again(page: Page, server: OwnServer) -> None:
    keep(page, server)
    page.get_by_role("button", name="Remove from this device").click()
    expect(page.locator("#offline-said")).to_have_text(REMOVED)
    page.get_by_role("button", name="Keep the runbooks on this device").click()
    expect(page.locator("#offline-said")).to_have_text(SAVED)
    server.stop()
    page.goto(server.url + LOOKUP)
    expect(page.locator(".answer-best")).to_contain_text("Make room")


def test_a_closed_account_loses_it_at_the_next_visit(
    page: Page, server: OwnServer, reader: User
) -> None:
    keep(page, server)
    assert "Look at the disk" in page.evaluate(KEPT_TEXT)
    reader.is_active = False
    reader.save()
    page.goto(server.url + "/incidents/")
    expect(page).to_have_url(re.compile("/accounts/login/"))
    assert comes(page, "Look at the disk", is_there=False)


def test_so_does_a_session_that_has_ended_until_the_same_person_is_back(
    page: Page, server: OwnServer, reader: User
) -> None:
    keep(page, server)
    page.context.clear_cookies()
    page.goto(server.url)
    expect(page).to_have_url(re.compile("/accounts/login/"))
    assert comes(page, "Look at the disk", is_there=False)
    server.stop()
    nobody_answers(page, server.url)

    server.come_back()
    sign_in(page, server, reader)
    page.goto(server.url)
    assert comes(page, "Look at the disk", is_there=True)


@pytest.mark.parametrize(
    "head", [["403 Forbidden"], ["302 Found", "Location: /elsewhere/"], ["200 OK"]]
)
def test_what_a_gateway_answers_removes_nothing(
    page: Page, server: OwnServer, head: list[str]
) -> None:
    keep(page, server)
    server.turn_away(*head)
    page.get_by_role("button", name="Update now").click()
    expect(page.locator("#offline-said")).to_contain_text("still here, as old as it was")
    assert "Look at the disk" in page.evaluate(KEPT_TEXT)
    server.stop()
    page.goto(server.url + LOOKUP)
    expect(page.locator(".answer-best")).to_contain_text("Make room")


def test_a_copy_for_somebody_else_is_removed(page: Page, server: OwnServer) -> None:
    keep(page, server)
    sign_in(page, server, a_user("reader", username="otto"))
    page.goto(server.url + "/incidents/")
    assert page.evaluate(ALL_GOES)
    assert page.evaluate(LEFT) == NOTHING | BY_HTMX


def test_where_nothing_is_kept_is_said_when_all_has_gone(page: Page, server: OwnServer) -> None:
    keep(page, server)
    sign_in(page, server, a_user("reader", username="otto"))
    page.goto(server.url + PAGE)
    expect(page.locator("#offline-state")).to_have_text("Nothing is kept on this device.")
    assert page.evaluate(LEFT) == NOTHING | BY_HTMX


def test_a_removal_that_was_cut_off_is_finished_by_the_next_page(
    page: Page, server: OwnServer
) -> None:
    keep(page, server)
    page.evaluate("offline.store.beginToForget()")
    assert "Look at the disk" not in page.evaluate(KEPT_TEXT)
    page.goto(server.url + PAGE)
    expect(page.locator("#offline-state")).to_have_text("Nothing is kept on this device.")
    assert page.evaluate(LEFT) == NOTHING | BY_HTMX


def test_an_old_copy_is_brought_up_to_date_by_itself(page: Page, server: OwnServer) -> None:
    keep(page, server)
    room = Runbook.objects.get(slug="room")
    change_runbook(room, version=1, values={"body": "Throw away the logs."}, by=None, at=NOW)
    page.goto(server.url + "/incidents/")
    page.wait_for_load_state("networkidle")
    assert "Throw away" not in page.evaluate(KEPT_TEXT)

    page.evaluate(AN_HOUR_LATER)
    page.goto(server.url + "/incidents/")
    assert comes(page, "Throw away", is_there=True)


def test_a_copy_of_an_earlier_version_still_opens(page: Page, server: OwnServer) -> None:
    """It was kept before copies told what was turned."""
    keep(page, server)
    page.evaluate(AS_IT_WAS_BEFORE)
    server.stop()

    page.goto(server.url + LOOKUP)
    best = page.locator(".answer-best")
    expect(best).to_contain_text("Look at the disk.")
    expect(best.locator("details")).to_have_count(1)
    best.get_by_role("link", name="Open this runbook").click()
    expect(page.get_by_role("heading", name="What to do")).to_be_visible()
    expect(page.get_by_role("heading", name="What was turned")).to_have_count(0)


def test_only_what_was_chosen_is_kept(page: Page, server: OwnServer, orders: Service) -> None:
    search = a_service(name="Search", slug="search")
    a_runbook(title="Build the index anew", slug="anew").services.add(search)
    page.goto(server.url + PAGE)
    page.get_by_label("Search", exact=False).and_(page.locator("[name=service]")).check()
    page.get_by_role("button", name="Keep the runbooks on this device").click()
    expect(page.locator("#offline-state")).to_have_text(re.compile("^2 runbooks"))
    page.reload()
    expect(page.locator("[name=service][value=search]")).to_be_checked()
    kept = page.evaluate(KEPT_TEXT)
    # Of the service, and one that names none.
    assert "Build the index anew" in kept
    assert "The pool is empty" in kept
    assert "Make room" not in kept


def test_nothing_of_a_restricted_incident_is_kept(page: Page, server: OwnServer) -> None:
    secret = a_restricted_incident(title="Zqvxaaa", summary="Zqvxaab")
    a_runbook_use(secret, runbook=Runbook.objects.get(slug="room"), note="Zqvxaac")
    keep_findable(secret)
    keep(page, server)
    assert "Make room" in page.evaluate(KEPT_TEXT)
    assert "zqvx" not in page.evaluate(KEPT_TEXT).lower()


def test_without_https_the_page_says_so_and_offers_the_file(page: Page, server: OwnServer) -> None:
    page.add_init_script("Object.defineProperty(window, 'isSecureContext', { value: false })")
    page.goto(server.url + PAGE)
    expect(page.get_by_text("not reached over HTTPS")).to_be_visible()
    expect(page.locator("#offline-device")).to_be_hidden()
    with page.expect_download() as download:
        page.get_by_role("button", name="Download everything").click()
    assert re.fullmatch(r"runbooks-\d{4}-\d\d-\d\d\.html", download.value.suggested_filename)


@pytest.mark.parametrize("path", ["/", LOOKUP, "/runbooks/", "/runbooks/room/", "/runbooks/no/"])
def test_the_pages_of_the_device_fit_and_are_open_to_all(
    page: Page, server: OwnServer, path: str
) -> None:
    keep(page, server)
    server.stop()
    page.goto(server.url + path)
    expect(page.locator("#copy-age")).to_be_visible()
    assert faults(page) == []


def test_while_the_server_answers_a_runbook_asks_whether_it_helped(
    page: Page, server: OwnServer
) -> None:
    """The worker stands between, and passes on from which page somebody came."""
    keep(page, server)
    page.goto(f"{server.url}{LOOKUP}")
    page.locator(".answer-best").get_by_role("link", name="Open this runbook").click()
    expect(page.locator(".did-it-help")).to_contain_text("Did it help")
    assert page.evaluate("navigator.serviceWorker.controller !== null")
