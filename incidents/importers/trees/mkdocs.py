"""Marks that MkDocs knows and the pages of this site do not, in those that they do know."""

import re
from textwrap import dedent

_BEGINS = re.compile(
    r"(?P<indent>[ \t]*)(?P<mark>!!!|\?\?\?\+?|===[!+]*)[ \t]*"
    r"(?P<kind>[\w -]*?)[ \t]*(?:\"(?P<title>[^\"\n]*)\")?[ \t]*$"
)
_FENCE = re.compile(r"[ \t]*(?P<fence>`{3,}|~{3,})")
_BEHIND = re.compile(
    r"(?<=[)])\{:?(?:[ \t]*(?:[.#][\w-]+|[\w-]+=(?:\"[^\"\n]*\"|[^\s{}\"]+)))+[ \t]*\}"
)
_OF_HEADING = re.compile(r"^(#{1,6}[ \t].*?)[ \t]*\{:?[ \t]*[.#][^{}\n]*\}[ \t]*$", re.MULTILINE)
CALLOUTS = {
    "note": "NOTE", "info": "NOTE", "abstract": "NOTE", "summary": "NOTE", "todo": "NOTE",
    "question": "NOTE", "example": "NOTE", "quote": "NOTE", "seealso": "NOTE",
    "tip": "TIP", "hint": "TIP", "success": "TIP", "check": "TIP",
    "important": "IMPORTANT", "warning": "WARNING", "attention": "WARNING",
    "caution": "CAUTION", "danger": "CAUTION", "error": "CAUTION", "failure": "CAUTION",
    "bug": "CAUTION",
}  # fmt: skip
_DEEPEST = 6


def understood(text: str) -> str:
    """Admonitions become callouts, tabs paragraphs with a bold name; what lays out only goes."""
    text = "\n".join(blocks(text.split("\n"), 0))
    return _OF_HEADING.sub(r"\1", _BEHIND.sub("", text))


def blocks(lines: list[str], level: int) -> list[str]:
    made: list[str] = []
    fence, at = "", 0
    while at < len(lines):
        line = lines[at]
        at += 1
        if mark := _FENCE.match(line):
            fence = "" if fence and mark["fence"].startswith(fence) else fence or mark["fence"]
        begins = None if fence or level > _DEEPEST else _BEGINS.match(line)
        if not begins or not (begins["kind"].strip() or begins["title"] is not None):
            made.append(line)
            continue
        end = end_of(lines, at, len(begins["indent"].expandtabs(4)))
        inner = dedent("\n".join(row.expandtabs(4) for row in lines[at:end])).strip("\n")
        at = end
        below = blocks(inner.split("\n"), level + 1) if inner else []
        told = tab(begins, below) if begins["mark"].startswith("=") else callout(begins, below)
        made += [f"{begins['indent']}{row}".rstrip() for row in ["", *told, ""]]
    return made


def end_of(lines: list[str], at: int, indent: int) -> int:
    """The first line behind those that are indented by four more, or empty."""
    end = at
    for number in range(at, len(lines)):
        line = lines[number].expandtabs(4)
        if not line.strip():
            continue
        if len(line) - len(line.lstrip()) < indent + 4:
            break
        end = number + 1
    return end


def callout(begins: re.Match[str], below: list[str]) -> list[str]:
    kind = (begins["kind"].split() or ["note"])[0].lower()
    title = begins["title"]
    if title is None and kind not in {name.lower() for name in CALLOUTS.values()}:
        title = begins["kind"].strip().capitalize()
    head = [f"**{title}**", ""] if title else []
    return [f"> [!{CALLOUTS.get(kind, 'NOTE')}]", *(f"> {row}".rstrip() for row in [*head, *below])]


def tab(begins: re.Match[str], below: list[str]) -> list[str]:
    return [f"**{begins['title'] or begins['kind'].strip()}**", "", *below]
