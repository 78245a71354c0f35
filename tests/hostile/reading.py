"""Opening pages as a reader does, and as one who touches everything on them."""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path

from django.conf import settings
from django.test import Client
from playwright.sync_api import Browser, Error, Page

from incidents.models import User
from tests.hostile.payloads import Payload

FIRING = Path(__file__).with_name("firing.js")
AT_ONCE = 60
# What they load by themselves is there, and what fails has failed.
SETTLED = "() => !document.querySelector('.htmx-request, .htmx-swapping, .htmx-settling')"
AGAIN = 3


class NotOpened(Exception):
    """The page is left as soon as it is opened."""


@contextmanager
def reader_of(browser: Browser, site: str, user: User, *, policy: bool) -> Iterator[Page]:
    """A page of that person's own; without `policy` a site forbids it nothing."""
    with browser.new_context(base_url=site, bypass_csp=not policy) as context:
        client = Client()
        client.force_login(user)
        name = settings.SESSION_COOKIE_NAME
        context.add_cookies([{"name": name, "value": client.cookies[name].value, "url": site}])
        context.add_init_script(path=FIRING)
        context.set_default_timeout(300_000)
        page = context.new_page()
        page.on("dialog", lambda dialog: dialog.dismiss())
        yield page


def executed_on(page: Page, address: str) -> set[int]:
    """The numbers of what ran, as the page came and as everything on it was touched."""
    opened(page, address)
    page.wait_for_function(SETTLED)
    return set(page.evaluate("async () => { fire(); await later(); return [...hits]; }"))


def opened(page: Page, address: str) -> None:
    """Whatever what was touched on the page before still wants."""
    for _ in range(AGAIN):
        try:
            page.goto(address)
        except Error as error:
            if "ERR_ABORTED" not in error.message:
                raise
        else:
            return
    raise NotOpened(address)


def executed_in_frames(
    page: Page, address: str, documents: Iterable[tuple[Payload, str]], *, twice: bool = False
) -> set[int]:
    """Each as a document of its own inside a page of the site, and so under its policy.

    `twice`: after a script has read it and written it out, two times.
    """
    found: set[int] = set()
    waiting = [(each.number, html) for each, html in documents]
    for begin in range(0, len(waiting), AT_ONCE):
        # One that led elsewhere took the others with it.
        opened(page, address)
        page.evaluate("all => framed(all)", [waiting[begin : begin + AT_ONCE], twice])
        found |= set(page.evaluate("() => [...hits]"))
    return found
