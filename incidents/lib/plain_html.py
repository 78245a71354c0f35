"""A tree of prose (`incidents.lib.prose_tree`) as HTML of our own: every text is escaped."""

import re
from collections.abc import Iterable
from html import escape
from urllib.parse import urljoin

from incidents.lib.prose_tree import Inline, Node
from incidents.lib.unseen import told_controls

TAGS = {
    **{name: name for name in ("strong", "em", "mark", "sub", "sup")},
    "strike": "s",
    "under": "ins",
}
ADDRESS = re.compile(r"(?:https?://|mailto:)\S*", re.IGNORECASE)
DEEPEST_HEADING = 6


def text_as_html(text: str) -> str:
    return escape(told_controls(text))


def blocks_as_html(blocks: Iterable[Node], *, under: int, site: str) -> str:
    """Headings hang under level `under`; addresses that begin with a slash are of `site`."""
    return "".join(block_as_html(block, under, site) for block in blocks)


def block_as_html(block: Node, under: int, site: str) -> str:
    return WRITERS[block["is"]](block, under, site)


def list_as_html(block: Node, under: int, site: str) -> str:
    tag, start = ("ol", f' start="{block["start"]}"') if block["ordered"] else ("ul", "")
    items = (blocks_as_html(item, under=under, site=site) for item in block["items"])
    inner = "".join(f"<li>{item}</li>" for item in items)
    return f"<{tag}{start}>{inner}</{tag}>"


def quote_as_html(block: Node, under: int, site: str) -> str:
    return f"<blockquote>{blocks_as_html(block['content'], under=under, site=site)}</blockquote>"


def code_as_html(block: Node, _under: int, _site: str) -> str:
    return f"<pre><code>{text_as_html(block['text'])}</code></pre>"


def rule_as_html(_block: Node, _under: int, _site: str) -> str:
    return "<hr>"


def heading_as_html(block: Node, under: int, site: str) -> str:
    level = min(under + block["level"], DEEPEST_HEADING)
    return f'<h{level} dir="auto">{inlines_as_html(block["content"], site)}</h{level}>'


def paragraph_as_html(block: Node, _under: int, site: str) -> str:
    return f'<p dir="auto">{inlines_as_html(block["content"], site)}</p>'


def table_as_html(block: Node, _under: int, site: str) -> str:
    def cells(row: list[list[Inline]], tag: str) -> str:
        inner = "".join(f"<{tag}>{inlines_as_html(cell, site)}</{tag}>" for cell in row)
        return f"<tr>{inner}</tr>"

    rows = "".join(cells(row, "td") for row in block["rows"])
    head = cells(block["head"], "th")
    return f"<table><thead>{head}</thead><tbody>{rows}</tbody></table>"


def inlines_as_html(content: Iterable[Inline], site: str) -> str:
    return "".join(inline_as_html(each, site) for each in content)


def inline_as_html(each: Inline, site: str) -> str:
    if isinstance(each, str):
        return text_as_html(each)
    if each["is"] == "break":
        return "<br>"
    if each["is"] == "code":
        return f"<code>{text_as_html(each['text'])}</code>"
    inner = inlines_as_html(each["content"], site)
    if each["is"] == "link":
        to = urljoin(f"{site}/", each["to"]) if each["to"].startswith("/") else each["to"]
        return f'<a href="{escape(to)}">{inner}</a>' if ADDRESS.fullmatch(to) else inner
    tag = TAGS[each["is"]]
    return f"<{tag}>{inner}</{tag}>"


WRITERS = {
    "list": list_as_html,
    "quote": quote_as_html,
    "code": code_as_html,
    "table": table_as_html,
    "rule": rule_as_html,
    "heading": heading_as_html,
    "paragraph": paragraph_as_html,
}
