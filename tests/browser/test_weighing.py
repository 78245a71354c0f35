"""What moves by itself is seen, on a machine of any speed."""

import pytest
from playwright.sync_api import Page, Route
from pytest_django.live_server_helper import LiveServer

from tests.browser.weighing import Watched, first_deferred, weighed

pytestmark = pytest.mark.browser

PAGE = """
    <!doctype html>
    <link rel="icon" href="data:,">
    <link rel="expect" href="#{whole_at}" blocking="render">
    <script src="/static/js/theme-early.js"></script>
    <script src="/made/first.js" defer></script>
    <script src="/made/second.js" defer></script>
    <main id="main">
      <div id="late"{hidden}>Late</div>
      <h1>What stands below it</h1>
    </main>
    <div id="end" hidden></div>
"""
SCRIPTS = {"first": "", "second": "document.getElementById('late').hidden = false;"}


@pytest.mark.parametrize(
    ("hidden", "whole_at", "faults"),
    [
        ("", "end", []),
        # The second time too, when the browser still has the scripts in its memory.
        (" hidden", "end", ["1280 px: moves by"]),
        # Its beginning is there before what is in it.
        ("", "main", ["is painted in pieces"]),
        ("", "nothing", ["is painted in pieces"]),
    ],
)
def test_what_moves_by_itself_is_a_fault(
    page: Page, live_server: LiveServer, hidden: str, whole_at: str, faults: list[str]
) -> None:
    html = PAGE.format(hidden=hidden, whole_at=whole_at)
    pieces = {"": ("text/html", html)}
    pieces |= {f"{name}.js": ("text/javascript", text) for name, text in SCRIPTS.items()}

    def give(route: Route) -> None:
        kind, text = pieces[route.request.url.rpartition("/")[2]]
        route.fulfill(content_type=kind, body=text)

    page.route("**/made/*", give)
    watched = Watched(page)
    for _ in range(2):
        watched.open("/made/", html)
        assert [fault.partition(" 0.")[0] for fault in weighed(page)] == faults


@pytest.mark.parametrize(
    ("html", "address"),
    [
        ('<script src="/early.js"></script><script src="/site.js" defer></script>', "/site.js"),
        ('<script defer integrity="x"\n src="/site.js"></script>', "/site.js"),
        ('<script src="/deferred.js"></script>', ""),
        ("", ""),
    ],
)
def test_the_script_that_the_others_wait_for_is_found(html: str, address: str) -> None:
    assert first_deferred(html) == address
