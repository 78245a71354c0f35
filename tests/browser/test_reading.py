"""A runbook at three in the morning, on a desk and a phone: steps, commands, what helped."""

import re

import pytest
from playwright.sync_api import Page, expect

from incidents.lib.markdown import render
from incidents.models import Runbook, User, Verdict
from tests.browser.conftest import DESK, PHONE, OpenAs
from tests.browser.looking import faults
from tests.factories import a_runbook, a_service, a_user

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

PAGE = "/runbooks/room/read/"
SIZES = pytest.mark.parametrize("size", [DESK, PHONE], ids=["desk", "phone"])
BODY = """\
The disk of one node is nearly full.

## What to do

1. See which one it is:

    ```console
    $ kubectl -n <namespace> get pods \\
        -o wide
    pod-7   Running
    ```

2. Look at `df -h` on it, as <b>root</b>:

    ```bash
    kubectl -n <namespace> exec <pod> -- df -h < /dev/null
    ```

3. Throw away the logs.

## After that

Tell the owner.
"""
LINKS = "Error rate https://grafana.example/d/1"


def write(body: str = BODY, slug: str = "room") -> Runbook:
    room = a_runbook(title="Make room", slug=slug, body=body, body_html=render(body))
    room.services.add(a_service(name="Orders", slug=f"orders-{slug}", links=LINKS))
    return room


@pytest.fixture
def room(transactional_db: None) -> Runbook:
    return write()


@pytest.fixture
def reader(transactional_db: None) -> User:
    return a_user("reader", username="rita")


def kept(page: Page) -> str:
    """All that this page left on the device, as text."""
    return str(page.evaluate("JSON.stringify([{...localStorage}, {...sessionStorage}])"))


@SIZES
def test_it_works(open_as: OpenAs, reader: User, room: Runbook, size: dict[str, int]) -> None:
    page = open_as(reader, size=size)
    page.goto("/runbooks/room/")
    page.get_by_role("link", name="Go through it").click()
    expect(page).to_have_url(re.compile(f"{PAGE}$"))
    said = page.locator("[data-reading=said]")
    expect(said).to_have_text("0 of 3 done")
    expect(page.locator(".reading-card:visible")).to_have_count(1)
    expect(page.get_by_text("See which one it is")).to_be_visible()

    page.get_by_role("checkbox", name="Done").check()

    expect(said).to_have_text("1 of 3 done")
    expect(page.get_by_text("Look at df -h on it")).to_be_visible()
    expect(page.get_by_text("See which one it is")).to_be_hidden()
    page.reload()
    expect(said).to_have_text("1 of 3 done")
    expect(page.get_by_text("Look at df -h on it")).to_be_visible()
    assert "kubectl" not in kept(page)
    assert "Look at" not in kept(page)


@SIZES
def test_marks_go_at_sign_out(
    open_as: OpenAs, reader: User, room: Runbook, size: dict[str, int]
) -> None:
    page = open_as(reader, size=size)
    page.goto(PAGE)
    page.get_by_label("namespace").fill("payments")
    page.get_by_role("checkbox", name="Done").check()
    assert "payments" in kept(page)
    assert "steps:" in kept(page)
    page.locator("summary", has_text="You and settings").click()
    page.get_by_role("button", name="Sign out").click()
    expect(page).to_have_url(re.compile("/accounts/login/"))
    assert "steps:" not in kept(page)
    assert "payments" not in kept(page)


def test_a_changed_text_asks_anew(open_as: OpenAs, reader: User, room: Runbook) -> None:
    page = open_as(reader)
    page.goto(PAGE)
    page.get_by_role("checkbox", name="Done").check()
    Runbook.objects.update(body_html=room.body_html.replace("Throw away", "Keep"))
    page.reload()
    expect(page.get_by_text("The text has changed since you went through it")).to_be_visible()
    expect(page.locator("[data-reading=said]")).to_have_text("0 of 3 done")


def test_another_day_begins_anew(open_as: OpenAs, reader: User, room: Runbook) -> None:
    page = open_as(reader)
    page.goto(PAGE)
    page.get_by_role("checkbox", name="Done").check()
    page.evaluate("""() => {
      const key = Object.keys(localStorage).find((name) => name.startsWith("steps:"));
      const kept = JSON.parse(localStorage.getItem(key));
      localStorage.setItem(key, JSON.stringify({ ...kept, at: kept.at - 25 * 60 * 60 * 1000 }));
    }""")
    page.reload()
    expect(page.locator("[data-reading=said]")).to_have_text("0 of 3 done")


def test_somebody_else_at_the_same_browser_begins_anew(
    open_as: OpenAs, reader: User, room: Runbook
) -> None:
    page = open_as(reader)
    page.goto(PAGE)
    page.evaluate("localStorage.setItem('steps:someone:room', '{\"done\":[0]}')")
    page.reload()
    expect(page.locator("[data-reading=said]")).to_have_text("0 of 3 done")
    assert "steps:someone" not in kept(page)


def test_start_over_is_one_press(open_as: OpenAs, reader: User, room: Runbook) -> None:
    page = open_as(reader)
    page.goto(PAGE)
    for number in range(1, 4):
        page.get_by_role("checkbox", name="Done").check()
        text = f"{number} of 3 done" if number < 3 else "All 3 done"
        expect(page.locator("[data-reading=said]")).to_have_text(text)
    expect(page.get_by_text("Tell the owner.")).to_be_visible()
    page.get_by_role("button", name="Start over").click()
    expect(page.locator("[data-reading=said]")).to_have_text("0 of 3 done")
    expect(page.get_by_text("See which one it is")).to_be_visible()
    assert "steps:" not in kept(page)


@SIZES
def test_a_command_is_copied_as_it_is_filled_in(
    open_as: OpenAs, reader: User, room: Runbook, size: dict[str, int]
) -> None:
    page = open_as(reader, size=size, permissions=["clipboard-read", "clipboard-write"])
    sent: list[str] = []
    page.goto(PAGE)
    page.on("request", lambda request: sent.append(request.url + (request.post_data or "")))
    name = "pay<img src=x onerror=alert(1)>"
    page.get_by_label("namespace").fill(name)
    page.get_by_role("button", name="Copy").click()
    expect(page.locator("#announcer")).to_have_text("Copied")
    # Of what shows a prompt, the command without it, and not what it answered.
    assert page.evaluate("navigator.clipboard.readText()") == (
        f"kubectl -n {name} get pods \\\n    -o wide"
    )
    page.get_by_role("button", name="Next").click()
    page.get_by_role("button", name="Copy").click()
    expect(page.locator("#announcer")).to_have_text("Copied, with <pod> to fill in")
    page.get_by_label("pod").fill("pod-7")
    page.get_by_role("button", name=re.compile("^Cop")).click()
    expect(page.locator("#announcer")).to_have_text("Copied")
    assert page.evaluate("navigator.clipboard.readText()") == (
        f"kubectl -n {name} exec pod-7 -- df -h < /dev/null"
    )
    assert page.locator("main img").count() == 0
    # The browser fetches the icon when it likes.
    assert [one for one in sent if not one.endswith("/favicon.svg")] == []
    page.reload()
    expect(page.get_by_text(f"kubectl -n {name} get pods")).to_be_visible()
    assert "pod-7" not in "".join(sent)


def test_where_the_clipboard_is_refused_it_is_copied_or_selected(
    open_as: OpenAs, reader: User, room: Runbook
) -> None:
    page = open_as(reader)
    page.add_init_script("Object.defineProperty(navigator, 'clipboard', { value: undefined })")
    page.goto(PAGE)
    page.get_by_role("button", name="Copy").click()
    expect(page.locator("#announcer")).to_have_text("Copied, with <namespace> to fill in")
    page.evaluate("document.execCommand = () => false")
    page.get_by_role("button", name=re.compile("^Cop")).click()
    expect(page.locator("#announcer")).to_have_text("Selected: copy it yourself")
    assert "kubectl -n <namespace>" in str(page.evaluate("getSelection().toString()"))


def test_keys_are_enough(open_as: OpenAs, reader: User, room: Runbook) -> None:
    page = open_as(reader, permissions=["clipboard-read", "clipboard-write"])
    page.goto("/runbooks/room/")
    page.keyboard.press("s")
    # Keys are heard when the scripts of the page have come.
    page.wait_for_url(f"**{PAGE}")
    page.keyboard.press("x")
    expect(page.locator("[data-reading=said]")).to_have_text("1 of 3 done")
    page.keyboard.press("j")
    expect(page.get_by_text("Throw away the logs.")).to_be_visible()
    page.keyboard.press("k")
    expect(page.get_by_text("Look at df -h on it")).to_be_visible()
    page.keyboard.press("c")
    expect(page.locator("#announcer")).to_have_text(re.compile("^Copied"))
    page.keyboard.press("a")
    expect(page.locator(".reading-card:visible")).to_have_count(4)


def test_the_runbooks_own_page_copies_too(open_as: OpenAs, reader: User, room: Runbook) -> None:
    page = open_as(reader, permissions=["clipboard-read", "clipboard-write"])
    page.goto("/runbooks/room/")
    page.get_by_role("button", name="Copy").last.click()
    expect(page.locator("#announcer")).to_have_text("Copied")
    assert "kubectl -n <namespace> exec" in page.evaluate("navigator.clipboard.readText()")


def test_without_javascript_all_of_it_stands_there(
    open_as: OpenAs, reader: User, room: Runbook
) -> None:
    page = open_as(reader, size=PHONE, java_script_enabled=False)
    page.goto(PAGE)
    for text in ("See which one it is", "Throw away the logs.", "Tell the owner."):
        expect(page.get_by_text(text)).to_be_visible()
    expect(
        page.locator(".reading-bar, .reading-turn, .reading-fill").locator("visible=true")
    ).to_have_count(0)
    page.get_by_role("button", name="It is wrong").click()
    expect(page.locator(".did-it-help-question")).to_have_text("You said: it is wrong.")


@pytest.mark.parametrize(
    ("body", "steps", "cards"),
    [
        ("1. One\n2. Two\n\nThen:\n\n3. Three\n", 3, 3),
        ("## Step 1: Look\n\nHere.\n\n## Step 2: Mend\n\n- a\n- b\n", 2, 2),
        ("## Meaning\n\nFull.\n\n## Mitigation\n\n- Look\n- Mend\n- Tell\n", 3, 3),
        ("## Meaning\n\nFull.\n\n## Diagnosis\n\nLook.\n\n## Mitigation\n\nMend.\n", 3, 3),
        ("- [ ] Not below a heading\n- [x] So it is a text\n", 0, 1),
        ("Only a text.\n\nOf two paragraphs.\n", 0, 1),
        ("Long. " * 100 + "\n\n## Do\n\n1. One\n2. Two\n\nAfter.\n", 2, 4),
    ],
)
def test_what_counts_as_a_step(
    open_as: OpenAs, reader: User, body: str, steps: int, cards: int
) -> None:
    write(body)
    page = open_as(reader)
    page.goto(PAGE)
    expect(page.locator(".reading.is-ready")).to_be_visible()
    assert page.locator(".reading-card").count() == cards
    assert page.locator("[data-done]").count() == steps


def test_it_says_and_says_more(open_as: OpenAs, reader: User, room: Runbook) -> None:
    for size in (DESK, PHONE):
        page = open_as(reader, size=size)
        page.goto(PAGE)
        page.get_by_role("button", name="A step is missing").click()
        expect(page.locator(".did-it-help-question")).to_have_text("You said: a step is missing.")
        page.get_by_label("What is wrong with it?").fill("Between 2 and 3.")
        page.get_by_role("button", name="Save the note").click()
        expect(page.locator("#messages")).to_be_empty()
        expect(page.get_by_label("What is wrong with it?")).to_have_value("Between 2 and 3.")
        page.reload()
        expect(page.get_by_label("What is wrong with it?")).to_have_value("Between 2 and 3.")
        assert Verdict.objects.get().note == "Between 2 and 3."
        page.get_by_role("button", name="Take back what I said").click()
        expect(page.locator(".did-it-help-question")).to_have_text("Did it help?")
        assert not Verdict.objects.exists()


def test_it_fits_and_is_open_to_all(open_as: OpenAs, reader: User, room: Runbook) -> None:
    page = open_as(reader)
    page.goto(PAGE)
    page.get_by_role("checkbox", name="Done").check()
    page.get_by_role("button", name="It is wrong").click()
    expect(page.locator(".did-it-help-question")).to_have_text("You said: it is wrong.")
    # Else the bar on top, which stays in sight, stands before half a link.
    page.evaluate("scrollTo(0, 0)")
    assert faults(page) == []
    page.get_by_role("button", name="Show all").click()
    page.evaluate("scrollTo(0, 0)")
    assert faults(page) == []
