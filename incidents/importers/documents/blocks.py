"""A Markdown text as headings with what stands below them, each as it is written.

Parsed by markdown-it-py, which says where each block begins and ends; no line of the text is left
out, also what a page would not show: comments, the addresses of links.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from textwrap import dedent

from markdown_it import MarkdownIt
from markdown_it.token import Token

_PARSER = MarkdownIt("commonmark", {"maxNesting": 40}).enable("table")
_MARKER = re.compile(r"[ \t]*(?:[-+*]|[0-9]{1,9}[.)])[ \t]*")
_BOX = re.compile(r"\[(?P<mark>[ xX])\][ \t]+")
_LINK = re.compile(r"!?\[([^\]]*)\](?:\([^)]*\)|\[[^\]]*\])")
_MARKS = re.compile(r"\*\*|__|[`*]|\{#[^}]*\}|(?<!\w)_(?=\w)|(?<=\w)_(?!\w)")


@dataclass(frozen=True)
class Item:
    """An item of a list; `is_done` where it has a box. `text` may be of several lines."""

    text: str
    line: int
    is_done: bool | None = None


@dataclass(frozen=True)
class Block:
    """`kind` is "list", "table", "paragraph" or "other". Of a table the first row is its head."""

    kind: str
    text: str
    line: int
    items: tuple[Item, ...] = ()
    rows: tuple[tuple[str, ...], ...] = ()


@dataclass
class Section:
    """A heading and what follows it up to the next; the first may have none, of level 0."""

    level: int
    title: str
    line: int
    blocks: list[Block] = field(default_factory=list)

    @property
    def text(self) -> str:
        return "\n\n".join(block.text for block in self.blocks)


def sections_of(text: str) -> list[Section]:
    text = text.replace("\r\n", "\n").replace("\r", "\n").replace("\0", " ")
    lines = text.split("\n")
    sections = [Section(0, "", 1)]
    for kind, start, end, tokens in _placed(_PARSER.parse(text), lines):
        if kind == "heading":
            title = tokens[1].content if len(tokens) > 1 else ""
            sections.append(Section(int(tokens[0].tag[1:]), title, start + 1))
            continue
        sections[-1].blocks.append(
            Block(
                kind=kind,
                text="\n".join(lines[start:end]).rstrip(),
                line=start + 1,
                items=tuple(_items(tokens, lines)) if kind == "list" else (),
                rows=tuple(map(cells, _row_lines(lines[start:end]))) if kind == "table" else (),
            )
        )
    return sections


KINDS = {
    "heading_open": "heading",
    "bullet_list_open": "list",
    "ordered_list_open": "list",
    "table_open": "table",
    "paragraph_open": "paragraph",
}


def _placed(tokens: list[Token], lines: list[str]) -> Iterator[tuple[str, int, int, list[Token]]]:
    """The blocks of the outermost level, and as "other" each stretch of lines between them."""
    upto = 0
    for place, token in enumerate(tokens):
        if token.level or token.nesting < 0 or not token.map:
            continue
        # Closed by the next of this level.
        last = next(
            (
                number
                for number in range(place, len(tokens))
                if tokens[number].level == 0 and tokens[number].nesting <= 0
            ),
            place,
        )
        start, end = token.map
        yield from _between(lines, upto, start)
        kind = KINDS.get(token.type, "other")
        yield kind, start, end, tokens[place : last + 1]
        upto = end
    yield from _between(lines, upto, len(lines))


def _between(lines: list[str], start: int, end: int) -> Iterator[tuple[str, int, int, list[Token]]]:
    if any(line.strip() for line in lines[start:end]):
        yield "other", start, end, []


def _items(tokens: list[Token], lines: list[str]) -> Iterator[Item]:
    for token in tokens:
        if token.type != "list_item_open" or token.level != 1 or not token.map:
            continue
        start, end = token.map
        first, *rest = lines[start:end]
        text = f"{_MARKER.sub('', first, count=1)}\n{dedent(chr(10).join(rest))}".strip()
        box = _BOX.match(text)
        done = box["mark"] in "xX" if box else None
        yield Item(text[box.end() :] if box else text, start + 1, done)


def _row_lines(lines: list[str]) -> list[str]:
    """Without the rule below the head."""
    return [line for number, line in enumerate(lines) if number != 1 and line.strip()]


def cells(line: str) -> tuple[str, ...]:
    """`| a | b |` → ("a", "b")"""
    inner = line.strip().removeprefix("|")
    if inner.endswith("|") and not inner.endswith("\\|"):
        inner = inner[:-1]
    parts, cell, in_code = list[str](), "", False
    for place, mark in enumerate(inner):
        if mark == "`":
            in_code = not in_code and "`" in inner[place + 1 :]
        if mark == "|" and not in_code and not cell.endswith("\\"):
            parts.append(cell)
            cell = ""
        else:
            cell += mark
    return tuple(part.strip().replace("\\|", "|") for part in (*parts, cell))


def plain(text: str) -> str:
    """A line without Markdown's marks, for a title."""
    return " ".join(_MARKS.sub("", _LINK.sub(r"\1", text)).split())
