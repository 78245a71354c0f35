"""The first steps of a runbook, cut out of its rendered text.

The HTML is `body_html`: cleaned, so that every tag is closed and every attribute quoted. What is
cut out of it is whole elements.
"""

import re
from html import unescape
from typing import NamedTuple

MOST_STEPS = 5
MOST_CHARACTERS = 1_200
"""Of the text, without marks. A single step may have twice as many."""

_TAG = re.compile(r"<(?P<close>/?)(?P<name>[a-z][a-z0-9]*)(?P<rest>[^>\"]*(?:\"[^\"]*\"[^>\"]*)*)>")
_VOID = frozenset({"br", "hr", "img", "input"})
_HEADINGS = frozenset({"h1", "h2", "h3", "h4", "h5", "h6"})
_BREAKING = _HEADINGS | frozenset(
    [
        "blockquote",
        "br",
        "dd",
        "details",
        "div",
        "dt",
        "hr",
        "li",
        "ol",
        "p",
        "pre",
        "summary",
        "table",
        "tr",
        "ul",
    ]
)
# Several runbooks stand on a page: an id would not be the only one of its name.
_ID = re.compile(r'(<h[1-6]) id="[^"]*"')
_TELLING = re.compile(
    r"\b(?:steps?|what to do|mitigat\w*|resol\w*|remed\w*|fix\w*|repair\w*|procedure|actions?"
    r"|diagnos\w*|investigat\w*|troubleshoot\w*)\b",
    re.IGNORECASE,
)


class Element(NamedTuple):
    """An element with all that is in it; a text between elements has no name."""

    name: str
    html: str


class Steps(NamedTuple):
    """Safe HTML; `left` is how many steps of the list are not shown."""

    html: str
    left: int = 0

    @property
    def lines(self) -> list[str]:
        """As plain text; each step of a list begins with its number or a hyphen."""
        lines: list[str] = []
        for element in elements_of(self.html):
            if element.name not in ("ol", "ul"):
                lines += lines_of(element.html)
                continue
            items = (one.html for one in elements_of(inside_of(element)) if one.name == "li")
            for number, item in enumerate(items, 1):
                mark = f"{number}. " if element.name == "ol" else "- "
                first, *more = lines_of(item) or [""]
                lines += [mark + first, *(f"   {line}" for line in more)]
        return lines


def first_steps(html: str) -> Steps:
    """What to do first, short; empty where nothing is written.

    1. The first numbered list, wherever it is.
    2. Otherwise the section whose heading sounds like doing (“Steps”, “Mitigation”, …), or the
       whole text: the first list of it, or as much of its beginning as fits.
    """
    elements = elements_of(html)
    section = telling_section(elements)
    for where, name in ((elements, "ol"), (section, "ul")):
        for one in where:
            if one.name == name and (steps := beginning_of_list(one)).html:
                return steps
    return beginning_of_text(section)


def telling_section(elements: list[Element]) -> list[Element]:
    """What stands under the first heading that sounds like doing; all, if there is none."""
    for place, element in enumerate(elements):
        if element.name in _HEADINGS and _TELLING.search(_TAG.sub("", element.html)):
            section = []
            for following in elements[place + 1 :]:
                # Smaller headings belong to the section.
                if following.name in _HEADINGS and following.name <= element.name:
                    break
                section.append(following)
            if any(one.html.strip() and one.name not in _HEADINGS for one in section):
                return section
    return elements


def beginning_of_list(whole: Element) -> Steps:
    opening = _TAG.match(whole.html)
    if opening is None:
        return Steps("")
    items = [one.html for one in elements_of(inside_of(whole)) if one.name == "li"]
    shown = fitting(items[:MOST_STEPS])
    if not shown:
        return Steps("")
    return Steps(
        without_ids(f"{opening[0]}{''.join(shown)}</{whole.name}>"), len(items) - len(shown)
    )


def beginning_of_text(elements: list[Element]) -> Steps:
    texts = [one.html for one in elements if one.name and one.name not in _HEADINGS]
    return Steps(without_ids("".join(fitting(texts))))


def fitting(pieces: list[str]) -> list[str]:
    """As many from the beginning as fit; the first alone may be longer."""
    shown: list[str] = []
    length = 0
    for piece in pieces:
        length += len(_TAG.sub("", piece))
        if length > MOST_CHARACTERS * (1 if shown else 2):
            break
        shown.append(piece)
    return shown


def without_ids(html: str) -> str:
    return _ID.sub(r"\1", html)


def inside_of(element: Element) -> str:
    opening = _TAG.match(element.html)
    return element.html[opening.end() : element.html.rindex("</")] if opening else ""


def lines_of(html: str) -> list[str]:
    text = _TAG.sub(lambda tag: "\n" if tag["name"] in _BREAKING else "", html)
    return [line.rstrip() for line in unescape(text).splitlines() if line.strip()]


def elements_of(html: str) -> list[Element]:
    """The outermost elements, and the texts between them."""
    found: list[Element] = []
    depth, start = 0, 0
    for tag in _TAG.finditer(html):
        if depth == 0:
            if text := html[start : tag.start()].strip():
                found.append(Element("", text))
            start = tag.start()
        if tag["name"] not in _VOID:
            depth += -1 if tag["close"] else 1
        if depth <= 0:
            found.append(Element(tag["name"], html[start : tag.end()]))
            start, depth = tag.end(), 0
    if text := html[start:].strip():
        found.append(Element("", text))
    return found
