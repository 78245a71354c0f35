"""The HTML of `incidents.lib.markdown` as plain data, for writers that do not speak HTML.

A document is a list of blocks: {"is": "paragraph" | "heading" | "list" | "quote" | "code" | "table"
| "rule", …}. What stands in a line is a list of strings and of {"is": "strong" | "em" | "strike" |
"under" | "mark" | "sub" | "sup" | "code" | "link" | "break", …}. Nothing in it is ever markup.

Text is read by Python's own parser and kept whole, whatever tags surround it: a tag that is not
known here loses its meaning, and never its text.
"""

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from html.parser import HTMLParser
from typing import Any

Node = dict[str, Any]
Inline = Node | str

DEEPEST = 20
"""Below it lists and quotes are told side by side: who reads the data may count on an end."""

INLINE = {
    "strong": "strong",
    "b": "strong",
    "em": "em",
    "i": "em",
    "s": "strike",
    "del": "strike",
    "ins": "under",
    "mark": "mark",
    "sub": "sub",
    "sup": "sup",
}
CODE = frozenset({"code", "kbd", "samp"})
VOID = frozenset({"br", "hr", "img", "input"})
SPACES = re.compile(r"[ \t\n]+")


@dataclass
class Element:
    tag: str
    attributes: dict[str, str] = field(default_factory=dict)
    content: list["Element | str"] = field(default_factory=list)

    def text(self) -> str:
        return "".join(each if isinstance(each, str) else each.text() for each in self.content)


class Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.root = Element("")
        self.open = [self.root]

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        made = Element(tag, {name: value or "" for name, value in attrs})
        self.open[-1].content.append(made)
        if tag not in VOID:
            self.open.append(made)

    def handle_endtag(self, tag: str) -> None:
        for depth in range(len(self.open) - 1, 0, -1):
            if self.open[depth].tag == tag:
                del self.open[depth:]
                return

    def handle_data(self, data: str) -> None:
        self.open[-1].content.append(data)


def blocks_of(html: str) -> list[Node]:
    """Right: "<p>Hi</p>" → [{"is": "paragraph", "content": ["Hi"]}]."""
    reader = Reader()
    reader.feed(html)
    reader.close()
    return blocks_in(reader.root, 0)


def plain_blocks(text: str) -> list[Node]:
    """A text without any marks: a paragraph for each part between empty lines."""
    return [
        {"is": "paragraph", "content": with_breaks(part)}
        for part in re.split(r"\n\s*\n", text)
        if part.strip()
    ]


def with_breaks(text: str) -> list[Inline]:
    found: list[Inline] = []
    for line in text.strip("\n").split("\n"):
        found += [line, {"is": "break"}]
    return found[:-1]


def blocks_in(element: Element, depth: int) -> list[Node]:
    found: list[Node] = []
    line: list[Element | str] = []

    def end_line() -> None:
        content = trimmed(inlines(line))
        if content:
            found.append({"is": "paragraph", "content": content})
        line.clear()

    for each in element.content:
        made = None if isinstance(each, str) else block_of(each, depth)
        if made is None:
            line.append(each)
        else:
            end_line()
            found += made
    end_line()
    return found


def block_of(element: Element, depth: int) -> list[Node] | None:
    """None for what stands in a line."""
    tell = BLOCKS.get(element.tag)
    return tell(element, depth) if tell else None


def heading_of(element: Element, _depth: int) -> list[Node]:
    content = trimmed(inlines(element.content))
    return [{"is": "heading", "level": int(element.tag[1]), "content": content}] if content else []


def code_of(element: Element, _depth: int, *, language: str = "") -> list[Node]:
    return [{"is": "code", "language": language, "text": element.text().strip("\n")}]


def division_of(element: Element, depth: int) -> list[Node]:
    """A block of code in the highlighter's wrapping, a callout, or nothing of its own."""
    classes = element.attributes.get("class", "").split()
    inner = [each for each in element.content if isinstance(each, Element)]
    if "highlight" in classes and len(inner) == 1 and inner[0].tag == "pre":
        names = [name.removeprefix("language-") for name in classes if name.startswith("language-")]
        return code_of(inner[0], depth, language=names[0] if names else "")
    return quote_of(element, depth) if "admonition" in classes else blocks_in(element, depth)


def quote_of(element: Element, depth: int) -> list[Node]:
    content = blocks_in(element, depth + 1)
    return content if depth >= DEEPEST else [{"is": "quote", "content": content}]


def rule_of(_element: Element, _depth: int) -> list[Node]:
    return [{"is": "rule"}]


def list_of(element: Element, depth: int) -> list[Node]:
    items = [
        blocks_in(each, depth + 1)
        for each in element.content
        if isinstance(each, Element) and each.tag == "li"
    ]
    if depth >= DEEPEST:
        return [block for item in items for block in item]
    start = element.attributes.get("start", "")
    first = int(start) if re.fullmatch(r"[0-9]{1,9}", start) else 1
    return [{"is": "list", "ordered": element.tag == "ol", "start": first, "items": items}]


def table_of(element: Element, _depth: int) -> list[Node]:
    head: list[list[list[Inline]]] = []
    rows: list[list[list[Inline]]] = []
    for row in rows_in(element):
        cells = [each for each in row.content if isinstance(each, Element)]
        told = [trimmed(inlines(cell.content)) for cell in cells if cell.tag in {"td", "th"}]
        is_head = not rows and all(cell.tag == "th" for cell in cells)
        (head if is_head else rows).append(told)
    width = max((len(row) for row in [*head, *rows]), default=0)
    if not width:
        return []
    filled = [[*row, *([[]] * (width - len(row)))] for row in rows]
    heading = [*head[0], *([[]] * (width - len(head[0])))] if head else [[]] * width
    return [{"is": "table", "head": heading, "rows": [*head[1:], *filled]}]


def rows_in(element: Element) -> Iterable[Element]:
    for each in element.content:
        if isinstance(each, Element):
            if each.tag == "tr":
                yield each
            else:
                yield from rows_in(each)


def inlines(
    content: Iterable[Element | str], depth: int = 0, *, is_bare: bool = False
) -> list[Inline]:
    """`is_bare`: already inside of a link, in which there is no other."""
    found: list[Inline] = []
    for each in content:
        if isinstance(each, str):
            told = SPACES.sub(" ", each)
            # A line does not begin with a space.
            after_break = bool(found) and found[-1] == {"is": "break"}
            found.append(told.lstrip(" ") if after_break else told)
        elif depth >= DEEPEST:
            found.append(SPACES.sub(" ", each.text()))
        else:
            found += inline_of(each, depth, is_bare=is_bare)
    return found


def inline_of(element: Element, depth: int, *, is_bare: bool) -> list[Inline]:
    if element.tag in STAND_INS:
        return [STAND_INS[element.tag](element)]
    href = element.attributes.get("href", "") if element.tag == "a" else ""
    content = inlines(element.content, depth + 1, is_bare=is_bare or bool(href))
    if not content:
        return []
    if href and not is_bare:
        return [{"is": "link", "to": href, "content": content}]
    if element.tag in CODE:
        return [{"is": "code", "text": element.text()}]
    if element.tag in INLINE:
        return [{"is": INLINE[element.tag], "content": content}]
    # Blocks where only lines fit, as in a table's cell.
    return [*content, {"is": "break"}] if element.tag in BLOCKS else content


def picture_of(element: Element) -> Inline:
    """No export fetches a picture, ours or anybody's: what it shows stands in for it."""
    return f"[{element.attributes.get('alt') or 'picture'}]"


def box_of(element: Element) -> Inline:
    return "[x] " if "checked" in element.attributes else "[ ] "


def break_of(_element: Element) -> Inline:
    return {"is": "break"}


STAND_INS = {"br": break_of, "img": picture_of, "input": box_of}


def trimmed(content: list[Inline]) -> list[Inline]:
    """Without the spaces and breaks at both ends, which no line shows."""
    content = list(content)
    while content and is_blank(content[0]):
        content.pop(0)
    while content and is_blank(content[-1]):
        content.pop()
    if content and isinstance(content[0], str):
        content[0] = content[0].lstrip(" ")
    if content and isinstance(content[-1], str):
        content[-1] = content[-1].rstrip(" ")
    return content


def is_blank(each: Inline) -> bool:
    return not each.strip(" ") if isinstance(each, str) else each["is"] == "break"


BLOCKS: dict[str, Callable[[Element, int], list[Node]]] = {
    **dict.fromkeys(("h1", "h2", "h3", "h4", "h5", "h6"), heading_of),
    **dict.fromkeys(("ul", "ol"), list_of),
    **dict.fromkeys(
        ("p", "details", "summary", "dl", "dt", "dd", "li", "tr", "td", "th"), blocks_in
    ),
    "blockquote": quote_of,
    "div": division_of,
    "hr": rule_of,
    "pre": code_of,
    "table": table_of,
}
