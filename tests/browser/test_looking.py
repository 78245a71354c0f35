"""What is too faint is seen by day and by night, on a desk and a phone."""

import pytest
from playwright.sync_api import Page

from tests.browser.looking import faults

pytestmark = pytest.mark.browser

PAGE = """
    <!doctype html>
    <html lang="en">
    <title>A page</title>
    <meta name="viewport" content="width=device-width">
    <style>
      :root { color-scheme: light dark; }
      @media (prefers-color-scheme: %s) and (%s: 600px) {
        p { color: #777; background: #888; }
      }
    </style>
    <main><h1>A page</h1><p>To be read</p></main>
"""


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize(("at", "width"), [("max-width", 390), ("min-width", 1280)])
def test_faint_text_is_a_fault_in_each_shape(page: Page, theme: str, at: str, width: int) -> None:
    page.set_content(PAGE % (theme, at))
    [fault] = faults(page)
    assert fault.startswith(f"{theme}, {width} px: serious: ")
