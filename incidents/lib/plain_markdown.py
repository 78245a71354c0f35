"""Texts and trees of prose (`incidents.lib.prose_tree`) as Markdown that reads as the same text.

What people wrote is never passed on as Markdown: an open fence, a comment or a line of dashes in
one text would swallow or restyle what follows it. So marks are written by us alone, around texts in
which every character stands for itself, in CommonMark and in the dialect of this site.
"""

import re
from collections.abc import Iterable
from typing import Any

from incidents.lib.prose_tree import Inline, Node
from incidents.lib.unseen import told_controls

ANYWHERE = re.compile(r"[\\`*_\[\]<&~|#{}]")
ENTITIES = {"<": "&lt;", "&": "&amp;"}
AT_START = re.compile(r"(?P<mark>[-+=>:!]|[0-9]{1,9}(?=[.)]))")
LANGUAGE = re.compile(r"[A-Za-z0-9_+-]{1,40}")
ADDRESS = re.compile(r"(?:https?://|mailto:|/(?!/)|#)[^\s<>]*", re.IGNORECASE)
MARKS = {"strong": "**", "em": "*", "strike": "~~"}
INDENT = "    "
DEEPEST_HEADING = 6


def line_of(text: str) -> str:
    """A text on one line, as it is: right: "1\\. \\*a\\*" for "1. *a*"."""
    return at_start(inline_text(" ".join(told_controls(text).split())))


def lines_of(text: str) -> list[str]:
    """A text with its line ends, as one paragraph."""
    return broken([line_of(line) for line in told_controls(text).split("\n") if line.strip()])


def blocks_as_markdown(blocks: Iterable[Node], *, under: int) -> list[str]:
    """The lines of the blocks, with an empty one after each. Headings hang under level `under`."""
    found: list[str] = []
    for block in blocks:
        lines = WRITERS[block["is"]](block, under)
        found += [*lines, ""] if lines else []
    return found


def indented(lines: Iterable[str], indent: str = INDENT) -> list[str]:
    return [f"{indent}{line}" if line else "" for line in lines]


def without_end(lines: list[str]) -> list[str]:
    """Without the empty lines that come last."""
    end = len(lines)
    while end and not lines[end - 1]:
        end -= 1
    return lines[:end]


def inline_text(text: str) -> str:
    return ANYWHERE.sub(lambda found: escaped(found[0]), told_controls(text))


def escaped(mark: str) -> str:
    return ENTITIES.get(mark) or f"\\{mark}"


def at_start(line: str) -> str:
    """What begins a list, a quote or an underlining does so nowhere else."""
    found = AT_START.match(line)
    if found is None:
        return line
    mark, rest = found["mark"], line[found.end() :]
    if mark.isdigit():
        return f"{mark}\\{rest}"
    return f"&#{ord(mark)};{rest}"


def broken(lines: list[str]) -> list[str]:
    """One paragraph of several lines: two spaces at a line's end keep it."""
    return [f"{line}  " for line in lines[:-1]] + lines[-1:]


def told_inlines(content: Iterable[Inline]) -> str:
    """On several lines where it has breaks."""
    return "".join(told_inline(each) for each in content)


def told_inline(each: Inline) -> str:
    if isinstance(each, str):
        return inline_text(each)
    if each["is"] == "break":
        return "\n"
    if each["is"] == "code":
        return code_span(each["text"])
    inner = told_inlines(each["content"])
    if each["is"] == "link":
        to = each["to"]
        return f"[{inner}](<{to}>)" if inner.strip() and ADDRESS.fullmatch(to) else inner
    mark = MARKS.get(each["is"], "")
    # Beside a space or a punctuation mark it would not be read as a mark.
    bare = inner.strip("*~")
    if mark and bare and bare == inner and inner[0].isalnum() and inner[-1].isalnum():
        return f"{mark}{inner}{mark}"
    return inner


def code_span(text: str) -> str:
    text = told_controls(" ".join(text.split()))
    longest = max((len(run) for run in re.findall("`+", text)), default=0)
    if not text or longest:
        # In this site's dialect a span cannot hold what delimits it.
        return inline_text(text)
    return f"`{text}`"


def paragraph(block: Node, _under: int) -> list[str]:
    lines = [line.strip() for line in told_inlines(block["content"]).split("\n")]
    return broken([at_start(line) for line in lines if line])


def heading(block: Node, under: int) -> list[str]:
    marks = "#" * min(under + block["level"], DEEPEST_HEADING)
    return [f"{marks} {' '.join(told_inlines(block['content']).split())}"]


def listing(block: Node, under: int) -> list[str]:
    items = [without_end(blocks_as_markdown(item, under=under)) for item in block["items"]]
    # Where one item has several paragraphs, the next needs a line before it.
    between = [""] if any("" in item for item in items) else []
    found: list[str] = []
    for number, item in enumerate(items, block["start"]):
        mark = f"{number}." if block["ordered"] else "-"
        inner = indented(item)
        first = inner[0].removeprefix(INDENT) if inner else ""
        found += [f"{mark:<4}{first}".rstrip(), *inner[1:], *between]
    return without_end(found)


def quote(block: Node, under: int) -> list[str]:
    lines = without_end(blocks_as_markdown(block["content"], under=under))
    return [f"> {line}".rstrip() for line in lines]


def code(block: Node, _under: int) -> list[str]:
    text = told_controls(block["text"])
    longest = max((len(run) for run in re.findall("`+", text)), default=0)
    fence = "`" * max(3, longest + 1)
    language = block["language"] if LANGUAGE.fullmatch(block["language"]) else ""
    return [f"{fence}{language}", *text.split("\n"), fence]


def rule(_block: Node, _under: int) -> list[str]:
    return ["---"]


def table(block: Node, _under: int) -> list[str]:
    head = [cell_of(cell) for cell in block["head"]]
    rows = [[cell_of(cell) for cell in row] for row in block["rows"]]
    return rows_as_markdown(head, rows)


def cell_of(content: list[Any]) -> str:
    return " ".join(told_inlines(content).split())


def rows_as_markdown(head: list[str], rows: Iterable[list[str]]) -> list[str]:
    """Cells as Markdown, on one line each."""
    lines = [head, ["---"] * len(head), *rows]
    return [f"| {' | '.join(cells)} |" for cells in lines]


WRITERS = {
    "paragraph": paragraph,
    "heading": heading,
    "list": listing,
    "quote": quote,
    "code": code,
    "rule": rule,
    "table": table,
}
