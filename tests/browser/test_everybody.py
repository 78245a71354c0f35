"""Pages enlarged, without motion, and with names and texts of any script and culture in them."""

from typing import Any

import pytest
from playwright.sync_api import Page, expect

from incidents.models import Incident
from tests.browser.conftest import DESK, PHONE, OpenAs
from tests.browser.demo import Demo, load_demo
from tests.browser.every_record import paths_of
from tests.factories import a_user, an_incident

pytestmark = [
    pytest.mark.browser,
    pytest.mark.django_db(transaction=True),
    pytest.mark.timeout(400),
]
# A window of 1280 px, at 200 %.
ENLARGED = {"width": 640, "height": 450}
LISTS = [
    "/",
    "/lookup/?alertname=SidekiqQueueSize&service=podiant",
    "/search/?q=connections",
    "/incidents/",
    "/incidents/new/",
    "/runbooks/",
    "/runbooks/new/",
    "/runbooks/offline/",
    "/lessons/",
    "/knobs/",
    "/factors/",
    "/actions/",
    "/actions/new/",
    "/reviews/",
    "/reviews/2019Q4/",
    "/reviews/2019/",
    "/services/",
    "/teams/",
    "/people/",
    "/guard/",
    "/guard/runs/",
    "/imports/",
    "/exports/",
    "/feeds/",
    "/jobs/",
    "/notifications/",
    "/alerts/",
    "/me/",
    "/me/tokens/",
]
CUT = """() => {
  const hidden = (style) => ["hidden", "clip"].includes(style.overflowX);
  const isCut = (element) => {
    const style = getComputedStyle(element);
    if (!hidden(style) || style.textOverflow === "ellipsis") return false;
    const { width, height } = element.getBoundingClientRect();
    /* For screen readers alone. */
    if (width <= 2 || height <= 2) return false;
    return element.scrollWidth > element.clientWidth + 1 && element.innerText?.trim();
  };
  const told = (element) => element.outerHTML.slice(0, 120);
  const wide = document.documentElement.scrollWidth;
  return [
    ...(wide > innerWidth ? [`${wide} px wide`] : []),
    ...[...document.body.querySelectorAll("*")].filter(isCut).map(told),
  ];
}"""
"""What does not fit sideways: the page itself, or a text in a box that hides the rest of it."""
MOVES = """() => {
  const seconds = (list) => Math.max(...list.split(",").map(parseFloat));
  const found = new Set();
  for (const element of document.querySelectorAll("*")) {
    for (const part of [null, "::before", "::after"]) {
      const style = getComputedStyle(element, part);
      const lasts = seconds(style.animationDuration);
      const isAnimated = style.animationName !== "none" && lasts > 0.05;
      const takes = seconds(style.transitionDuration);
      const isSlow = style.transitionProperty !== "none" && takes > 0.05;
      if (isAnimated || isSlow) found.add(element.cloneNode().outerHTML.slice(0, 120));
    }
  }
  return [...found];
}"""
"""What takes longer than a blink to change."""
WRONG_WAY = """() => {
  const righttoleft = /[\\u0590-\\u08FF]/;
  const latin = /[A-Za-z]/;
  const wrong = [];
  const walk = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (walk.nextNode()) {
    const text = walk.currentNode.data.trim();
    const place = walk.currentNode.parentElement;
    if (!righttoleft.test(text[0] ?? "")) continue;
    if (place.closest("svg, option, script, [aria-hidden]")) continue;
    if (getComputedStyle(place).direction !== "rtl") wrong.push(place.outerHTML.slice(0, 160));
  }
  for (const box of document.querySelectorAll("main input[type=text], main textarea")) {
    if (!righttoleft.test(box.value[0] ?? "")) continue;
    if (getComputedStyle(box).direction !== "rtl") wrong.push(box.outerHTML.slice(0, 160));
  }
  if (getComputedStyle(document.body).direction !== "ltr") wrong.push("the page");
  for (const place of document.querySelectorAll("h2, label, nav, th")) {
    const isOurs = latin.test(place.textContent) && !righttoleft.test(place.textContent);
    if (isOurs && getComputedStyle(place).direction !== "ltr") wrong.push(place.outerHTML);
  }
  return wrong;
}"""
"""Texts that begin in a script written from the right and do not run so; ours that do."""


@pytest.fixture
def demo(transactional_db: None) -> Demo:
    return load_demo()


def of_demo(demo: Demo) -> list[str]:
    story = demo.story
    return [
        *LISTS,
        story.get_absolute_url(),
        f"{story.get_absolute_url()}edit/",
        demo.draft.get_absolute_url(),
        f"{demo.draft.get_absolute_url()}timeline/paste/",
        f"{demo.draft.get_absolute_url()}advice/",
        f"/history/incident/{story.pk}/",
        story.runbookuses.first().runbook.get_absolute_url(),  # type: ignore[union-attr]
        f"{story.runbookuses.first().runbook.get_absolute_url()}read/",  # type: ignore[union-attr]
    ]


def asked(page: Page, paths: list[str], question: str) -> dict[str, Any]:
    """What each page answers to the question, where it is anything; each is there."""
    found = {}
    for path in paths:
        answer = page.goto(path)
        assert answer is not None
        assert answer.status == 200, path
        expect(page.locator(".htmx-request, .htmx-swapping, .htmx-settling")).to_have_count(0)
        if wrong := page.evaluate(question):
            found[path] = wrong
    return found


def test_enlarged_to_twice_its_size_nothing_is_cut_off(demo: Demo, open_as: OpenAs) -> None:
    page = open_as(demo.admin, size=ENLARGED, device_scale_factor=2)
    assert asked(page, of_demo(demo), CUT) == {}


def test_who_wants_no_motion_sees_none(demo: Demo, open_as: OpenAs) -> None:
    page = open_as(demo.admin, reduced_motion="reduce")
    assert asked(page, of_demo(demo), MOVES) == {}


def test_who_asks_for_nothing_sees_some(open_as: OpenAs) -> None:
    """Else the question above would find nothing anywhere."""
    page = open_as(a_user(), reduced_motion="no-preference")
    page.goto("/incidents/")
    assert page.evaluate(MOVES) != []


ARABIC = "توقف الدفع في المساء"
HEBREW = "מאגר החיבורים קטן מדי"
NAME = "דנה לוי"


@pytest.fixture
def from_the_right(transactional_db: None) -> list[str]:
    return ["/", *paths_of(ARABIC, HEBREW, name=NAME), f"/lookup/?q={HEBREW}"]


def test_texts_from_the_right_run_from_the_right(
    from_the_right: list[str], open_as: OpenAs
) -> None:
    page = open_as(a_user("admin"))
    assert asked(page, from_the_right, WRONG_WAY) == {}
    page.goto(Incident.objects.get(title=ARABIC).get_absolute_url())
    assert page.locator("h1 bdi").evaluate("at => getComputedStyle(at).direction") == "rtl"
    assert page.locator("html").evaluate("at => getComputedStyle(at).direction") == "ltr"


NAMES = [
    "Sukarno",
    "李小龍",
    "Ólafur Ragnar Grímsson",
    "Siobhán O’Brien-D'Arcy",
    "Nguyễn Thị Minh Khai",
    "عائشة",
    "Uvuvwevwevwe Onyetenyevwe Ugwemuhwem Osas Barthélemy de la Rochefoucauld-Montmorency",
    "Ng",
]


@pytest.mark.parametrize("size", [DESK, PHONE], ids=["desk", "phone"])
def test_names_of_any_culture_stand_as_they_are_written(
    size: dict[str, int], transactional_db: None, open_as: OpenAs
) -> None:
    page = open_as(a_user("admin"), size=size)
    people = [a_user("editor", first_name=name) for name in NAMES]
    for person in people:
        incident = an_incident(title=f"Recorded by {person.name}", owner=person)
        page.goto(incident.get_absolute_url())
        expect(page.locator("#facts")).to_contain_text(person.first_name)
        assert page.evaluate(CUT) == []
        page.goto(person.get_absolute_url())
        expect(page.locator("h1")).to_have_text(person.first_name)
        assert page.evaluate(CUT) == []
    for path in ("/people/", "/incidents/"):
        page.goto(path)
        for name in NAMES:
            expect(page.locator("main")).to_contain_text(name)
        assert page.evaluate(CUT) == []
