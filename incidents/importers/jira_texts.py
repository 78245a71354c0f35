"""Texts of Jira as Markdown: its own marks ("h2. Impact"), or the document that newer ones store.

Atlassian Document Format: https://developer.atlassian.com/cloud/jira/platform/apis/document/structure/
"""

import json
import re
from collections.abc import Callable
from typing import Any

_HEADING = re.compile(r"^h([1-6])\.[ \t]+", re.MULTILINE)
_QUOTE = re.compile(r"^bq\.[ \t]+", re.MULTILINE)
_HASHES = re.compile(r"^##+ ", re.MULTILINE)
_IN_A_ROW = re.compile(r"^#+ [^\n]*\n#+ ", re.MULTILINE)
_NUMBERED = re.compile(r"^(#+)[ \t]+", re.MULTILINE)
_BULLETS = re.compile(r"^(\*+|-)[ \t]+", re.MULTILINE)
_FENCE = re.compile(r"\{(?:code|noformat)(?::[^}\n]{0,80})?\}")
_LINK = re.compile(r"\[([^\]|\n]{1,300})\|(https?://[^\]|\s]{1,500})(?:\|[^\]\n]{0,40})?\]")
_BOLD = re.compile(r"(?<![\w*])\*(?=\S)([^*\n]{1,300}?)(?<=\S)\*(?![\w*])")
_MONOSPACE = re.compile(r"\{\{([^}\n]{1,300})\}\}")
_HEAD_ROW = re.compile(r"^\|\|(.+?)\|\|[ \t]*$", re.MULTILINE)


def markdown_of(value: object) -> str:
    """Of anything else than a text or a document, what it says."""
    if isinstance(value, str):
        return _of_marks(value)
    if isinstance(value, dict) and isinstance(value.get("content"), list):
        return "\n\n".join(_blocks(value["content"]))
    return "" if value in (None, "", [], {}) else json.dumps(value, ensure_ascii=False)


def _of_marks(text: str) -> str:
    """Code stays as it is; a mark that is not known stays, too."""
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    if _is_markdown(text):
        return text
    parts = _FENCE.split(text)
    if len(parts) % 2 == 0:
        # A fence that is never closed.
        return _marks(text)
    found = []
    for number, part in enumerate(parts):
        if number % 2:
            fence = "````" if "```" in part else "```"
            body = part.strip("\n")
            found.append(f"\n{fence}\n{body}\n{fence}\n")
        else:
            found.append(_marks(part))
    return "".join(found).strip("\n")


def _is_markdown(text: str) -> bool:
    """Many write it into Jira all the same. Two lines with hashes in a row are a list of Jira."""
    if "```" in text:
        return True
    return bool(_HASHES.search(text)) and not (_HEADING.search(text) or _IN_A_ROW.search(text))


def _marks(text: str) -> str:
    # Lists before headings: a heading of Markdown would look like a numbered item of Jira.
    text = _NUMBERED.sub(lambda found: "   " * (len(found[1]) - 1) + "1. ", text)
    text = _BULLETS.sub(lambda found: "  " * (len(found[1]) - 1) + "- ", text)
    text = _HEADING.sub(lambda found: "#" * int(found[1]) + " ", text)
    text = _QUOTE.sub("> ", text)
    text = _HEAD_ROW.sub(_head_row, text)
    text = _LINK.sub(r"[\1](\2)", text)
    text = _MONOSPACE.sub(r"`\1`", text)
    return _BOLD.sub(r"**\1**", text)


def _head_row(found: re.Match[str]) -> str:
    cells = found[1].split("||")
    return "|" + "|".join(cells) + "|\n|" + "---|" * len(cells)


def _blocks(nodes: list[Any]) -> list[str]:
    return [text for text in map(_block, nodes) if text.strip()]


def _block(node: Any) -> str:
    if not isinstance(node, dict):
        return f"{node}" if isinstance(node, str | int | float) else ""
    kind, content = node.get("type"), _content(node)
    writer = _WRITERS.get(kind) if isinstance(kind, str) else None
    if writer:
        return writer(node, content)
    # A block that is not known is what is in it.
    has_blocks = any(isinstance(each, dict) and "content" in each for each in content)
    return "\n\n".join(_blocks(content)) if has_blocks else _inline(content) or _inline([node])


def _content(node: dict[str, Any]) -> list[Any]:
    content = node.get("content")
    return content if isinstance(content, list) else []


def _attribute(node: dict[str, Any], *names: str) -> str:
    attributes = node.get("attrs")
    if not isinstance(attributes, dict):
        return ""
    for name in names:
        value = attributes.get(name)
        if isinstance(value, str | int | float) and not isinstance(value, bool):
            return f"{value}"
    return ""


def _inline(nodes: list[Any]) -> str:
    return "".join(map(_span, nodes))


def _span(node: Any) -> str:
    if not isinstance(node, dict):
        return f"{node}" if isinstance(node, str | int | float) else ""
    kind = node.get("type")
    if kind == "hardBreak":
        return "  \n"
    text = node.get("text")
    if not isinstance(text, str):
        told = _attribute(node, "text", "url", "shortName", "alt", "title", "timestamp")
        return told + _inline(_content(node))
    marks = node.get("marks")
    for mark in marks if isinstance(marks, list) else []:
        if isinstance(mark, dict):
            text = _marked(text, mark)
    return text


def _marked(text: str, mark: dict[str, Any]) -> str:
    around = {"strong": "**", "em": "*", "code": "`", "strike": "~~"}.get(str(mark.get("type")))
    if around and text.strip():
        start = len(text) - len(text.lstrip())
        end = len(text.rstrip())
        return f"{text[:start]}{around}{text[start:end]}{around}{text[end:]}"
    address = _attribute(mark, "href")
    return f"[{text}]({address})" if address and address != text else text


def _heading(node: dict[str, Any], content: list[Any]) -> str:
    level = _attribute(node, "level")
    return "#" * (int(level) if level in set("123456") else 2) + " " + _inline(content)


def _list(mark: str) -> "Writer":
    def write(_node: dict[str, Any], content: list[Any]) -> str:
        return "\n".join(_item(mark, each) for each in content)

    return write


def _item(mark: str, node: Any) -> str:
    if isinstance(node, dict) and node.get("type") == "taskItem":
        mark = "- [x] " if _attribute(node, "state") == "DONE" else "- [ ] "
        return mark + _inline(_content(node))
    text = "\n".join(_blocks(_content(node))) if isinstance(node, dict) else _block(node)
    return mark + text.replace("\n", "\n" + " " * len(mark))


def _code(_node: dict[str, Any], content: list[Any]) -> str:
    return f"```\n{_inline(content)}\n```"


def _quote(_node: dict[str, Any], content: list[Any]) -> str:
    return "> " + "\n\n".join(_blocks(content)).replace("\n", "\n> ")


def _table(_node: dict[str, Any], content: list[Any]) -> str:
    rows = []
    for row in content:
        cells = [_cell(each) for each in _content(row)] if isinstance(row, dict) else [_block(row)]
        rows.append("|" + "|".join(cells) + "|")
        if len(rows) == 1:
            rows.append("|" + "---|" * len(cells))
    return "\n".join(rows)


def _cell(node: Any) -> str:
    text = " ".join(_blocks(_content(node))) if isinstance(node, dict) else _block(node)
    return " ".join(text.replace("|", "\\|").split())


Writer = Callable[[dict[str, Any], list[Any]], str]
_WRITERS: dict[str, Writer] = {
    "paragraph": lambda _node, content: _inline(content),
    "heading": _heading,
    "bulletList": _list("- "),
    "orderedList": _list("1. "),
    "taskList": _list("- "),
    "decisionList": _list("- "),
    "codeBlock": _code,
    "blockquote": _quote,
    "table": _table,
    "rule": lambda _node, _content: "---",
}
