"""Where each page stands: read from the lists of docs/index.md, so that they are written once.

Each section of the index becomes a part of the navigation, with its links in their order. The
numbered list of decisions would be longer than all else: it folds up below a page (FOLDED).
"""

import re
from typing import Any

from sphinx.application import Sphinx

INDEX = "docs/index"
FOLDED = {"Decisions": "docs/design"}
"""Section of the index: the page below which its links stand."""

SECTION = re.compile(r"^## (?P<title>.+)\n(?P<text>(?:(?!## ).*\n?)*)", re.MULTILINE)
ITEM = re.compile(r"^(?:-|\d+\.) (?P<text>.*(?:\n {2,}.*)*)", re.MULTILINE)
LINK = re.compile(r"\[[^\]]+\]\((?P<to>[^):#]+)\.md\)")


def set_up_navigation(app: Sphinx) -> dict[str, Any]:
    app.connect("source-read", add_navigation)
    return {"parallel_read_safe": True}


def add_navigation(app: Sphinx, page: str, content: list[str]) -> None:
    if page != INDEX and page not in FOLDED.values():
        return
    index = (app.srcdir / f"{INDEX}.md").read_text()
    trees = [
        tree(title, links, caption=page == INDEX)
        for title, links in sections(index)
        if FOLDED.get(title, INDEX) == page
    ]
    content[0] += "\n" + "\n".join(trees)


def sections(index: str) -> list[tuple[str, list[str]]]:
    """Each section with what its items lead to, without the ending."""
    return [(match["title"], pages(match["text"])) for match in SECTION.finditer(index)]


def pages(text: str) -> list[str]:
    return [link["to"] for item in ITEM.finditer(text) for link in LINK.finditer(item["text"])]


def tree(title: str, pages: list[str], *, caption: bool) -> str:
    options = [":hidden:", ":titlesonly:", *([f":caption: {title}"] if caption else [])]
    return "\n".join(["```{toctree}", *options, *map(place, pages), "```", ""])


def place(to: str) -> str:
    """From the root: a page of another folder, or one beside the documents."""
    return "/" + to.removeprefix("../") if to.startswith("../") else f"/docs/{to}"
