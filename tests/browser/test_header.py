"""The header has room for what is in it, at any width, and where names of sections are long."""

import pytest

from tests.browser.conftest import OpenAs
from tests.factories import a_user

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

WIDTHS = range(320, 1601, 40)
# German needs up to a third more room than English; other languages more.
LENGTHEN = """() => {
  for (const link of document.querySelectorAll(".site-nav a")) {
    const name = link.textContent;
    link.textContent = name + name.slice(0, Math.ceil(name.length / 2));
  }
}"""
CROWDED = """() => {
  const row = document.querySelector(".site-header-row");
  const shown = (element) => element.checkVisibility() && element.getBoundingClientRect().width > 2;
  const told = (element) => (element.innerText || element.className).trim().replace(/\\s+/g, " ");
  const room = row.getBoundingClientRect();
  const parts = [...row.children].filter(shown).flatMap((part) =>
    part.matches(".site-nav") ? [...part.children] : [part]);
  const places = parts.map((part) => {
    /* Its own box, and the words in it: they may be wider than it is. */
    const boxes = [part.getBoundingClientRect()];
    const words = document.createTreeWalker(part, NodeFilter.SHOW_TEXT);
    while (words.nextNode()) {
      if (!words.currentNode.data.trim() || !shown(words.currentNode.parentElement)) continue;
      if (words.currentNode.parentElement.closest("details:not([open]) > :not(summary)")) continue;
      const range = document.createRange();
      range.selectNodeContents(words.currentNode);
      const box = range.getBoundingClientRect();
      /* What found no room beside is below, out of sight, whole. */
      if (box.top < part.getBoundingClientRect().bottom) boxes.push(box);
    }
    return {
      name: told(part),
      left: Math.min(...boxes.map((box) => box.left)),
      right: Math.max(...boxes.map((box) => box.right)),
    };
  });
  places.sort((one, other) => one.left - other.left);
  const found = places.slice(1).flatMap((place, at) =>
    place.left < places[at].right - 0.5 ? [`${places[at].name} / ${place.name}`] : []);
  for (const { name, left, right } of places) {
    if (left < room.left || right > room.right + 0.5) found.push(`${name} is outside`);
  }
  const search = row.querySelector("#search-box").getBoundingClientRect().width;
  if (search < 96) found.push(`${search} px to search in`);
  return found;
}"""
"""Parts of the header that lie on one another, or stand out of it."""


@pytest.mark.parametrize("fingers", [False, True], ids=["mouse", "fingers"])
@pytest.mark.parametrize("names", ["as they are", "longer by half"])
def test_nothing_in_the_header_overlaps(names: str, fingers: bool, open_as: OpenAs) -> None:
    page = open_as(a_user("editor"), has_touch=fingers, is_mobile=fingers)
    page.goto("/factors/")
    if names != "as they are":
        page.evaluate(LENGTHEN)
    crowded = {}
    for width in WIDTHS:
        page.set_viewport_size({"width": width, "height": 600})
        if found := page.evaluate(CROWDED):
            crowded[width] = found
    assert crowded == {}


def test_the_question_finds_what_overlaps(open_as: OpenAs) -> None:
    """Else the one above would find nothing anywhere."""
    page = open_as(a_user("editor"))
    page.goto("/factors/")
    for _ in range(3):
        page.evaluate(LENGTHEN)
    assert page.evaluate(CROWDED) != []


def test_the_sections_are_in_reach_once_at_any_width(open_as: OpenAs) -> None:
    page = open_as(a_user("editor"))
    page.goto("/factors/")
    places = [page.locator(".site-nav"), page.locator(".menu-sections > summary")]
    for width in WIDTHS:
        page.set_viewport_size({"width": width, "height": 600})
        assert [place.is_visible() for place in places].count(True) == 1, width
