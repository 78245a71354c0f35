"""The steps that a document tells its reader to take.

Each is an item of a list, in one of six shapes. What is bold is the name of something on a page,
so all that is bold has to stand in a step.
"""

import re
from dataclasses import dataclass
from typing import Literal

from playwright.sync_api import Locator, Page, expect

from tests.architecture.source import ROOT

FENCE = re.compile(r"^```sh\n(?P<code>.*?)^```$", re.MULTILINE | re.DOTALL)
ITEM = re.compile(r"^- (?P<text>.*(?:\n {2,}.*)*)", re.MULTILINE)
BOLD = re.compile(r"\*\*([^*]+)\*\*")


def shape(sentence: str) -> re.Pattern[str]:
    """It may go on in the next line."""
    return re.compile(sentence.replace(" ", r"\s"))


PATIENCE = 120_000
"""Milliseconds in which what was asked for has to come, on a machine that does much else."""
SHAPES = {
    "open": shape(r"Open `(?P<what>[^`]+)`\."),
    "write": shape(r"Write `(?P<what>[^`]+)` into \*\*(?P<where>[^*]+)\*\*\."),
    "choose": shape(r"Choose \*\*(?P<what>[^*]+)\*\* under \*\*(?P<where>[^*]+)\*\*\."),
    "attach": shape(r"Attach `(?P<what>[^`]+)` as \*\*(?P<where>[^*]+)\*\*\."),
    "press": shape(r"Press \*\*(?P<what>[^*]+)\*\*\."),
    "see": shape(r"You see \*\*(?P<what>[^*]+)\*\*\.?"),
}


@dataclass(frozen=True)
class Step:
    kind: str
    what: str
    where: str = ""


def commands(document: str) -> list[list[str]]:
    """The lines of each block of commands."""
    return [match["code"].splitlines() for match in FENCE.finditer(document)]


def steps(document: str) -> list[Step]:
    items = [re.sub(r"\n {2,}", "\n", item["text"]) for item in ITEM.finditer(document)]
    read = [
        Step(kind, **match.groupdict())
        for item in items
        for kind, shape in SHAPES.items()
        if (match := shape.fullmatch(item))
    ]
    untried = set(BOLD.findall(document)) - {
        name for step in read for name in (step.what, step.where)
    }
    if untried:
        raise ValueError(f"No step does anything with {', '.join(sorted(untried))}.")
    return read


def take(page: Page, step: Step) -> None:
    """The next page has come when this returns."""
    match step.kind:
        case "open":
            page.goto(step.what)
        case "write":
            named(page, "textbox", step.where).fill(step.what)
        case "choose":
            named(page, "combobox", step.where).select_option(step.what)
        case "attach":
            page.get_by_role("button", name=step.where, exact=True).set_input_files(
                ROOT / step.what
            )
        case "press":
            press(page, step.what)
        case "see":
            expect(shown(page.get_by_text(step.what))).to_be_visible(timeout=PATIENCE)


def press(page: Page, name: str) -> None:
    """A button before a link of the same name: the link has opened a form that has the button."""
    button, link = (page.get_by_role(role, name=name, exact=True) for role in ("button", "link"))
    menu = page.locator("summary").filter(has_text=re.compile(rf"^\s*{re.escape(name)}\s*$"))
    expect(shown(button.or_(link).or_(menu))).to_be_visible(timeout=PATIENCE)
    shown(button if shown(button).count() else link.or_(menu)).click()
    page.wait_for_load_state("networkidle")


def named(page: Page, role: Literal["textbox", "combobox"], name: str) -> Locator:
    return shown(page.get_by_role(role, name=name, exact=True))


def shown(found: Locator) -> Locator:
    return found.filter(visible=True).first
