"""PDF: the chapters as data for the template, which another process lays out."""

import unicodedata
from collections.abc import Callable
from pathlib import Path
from typing import Any

from incidents.exports.chapters import chapter_of
from incidents.exports.documents import Data
from incidents.exports.packs import Pack
from incidents.exports.prose import blocks_of_text
from incidents.exports.typesetting import never, typeset
from incidents.lib.unseen import told_controls

LEADS = {
    "Timeline": 3.4,
    "Lessons learned": 1.7,
    "Earlier lessons": 1.7,
    "Action items": 1.7,
    "Related records": 1.9,
}
"""Centimetres for what leads each entry of a section."""
RIGHT_TO_LEFT = frozenset({"R", "AL"})


def write(pack: Pack, path: Path, check: Callable[[], None] = never) -> None:
    typeset(seen(payload_of(pack)), path, check=check)


def payload_of(pack: Pack) -> Data:
    return {
        "title": pack.title,
        "site": "Postmortems",
        "foot": pack.foot,
        "made_at": int(pack.as_of.timestamp()),
        "chapters": [laid_out(chapter_of(document.data)) for document in pack.documents],
    }


def seen(data: Any) -> Any:
    if isinstance(data, str):
        return told_controls(data)
    if isinstance(data, dict):
        return {name: seen(value) for name, value in data.items()}
    return [seen(each) for each in data] if isinstance(data, list) else data


def laid_out(chapter: Data) -> Data:
    """The chapter with its texts as blocks, and which way each line runs."""
    sections = [
        {**section, "lead-cm": LEADS.get(section["heading"], 0), "content": content_of(section)}
        for section in chapter["sections"]
    ]
    return {**chapter, "rtl": is_rtl(chapter["title"]), "sections": sections}


def content_of(section: Data) -> Any:
    if section["is"] == "prose":
        return blocks(section["content"])
    return [entry_of(each) for each in section["content"]]


def entry_of(entry: Data) -> Data:
    text = blocks(entry["text"]) if entry["text"] else None
    return {**entry, "rtl": is_rtl(entry["title"]), "text": text}


def blocks(text: Data) -> list[Data]:
    return [directed(block) for block in blocks_of_text(text)]


def directed(block: Data) -> Data:
    if block["is"] in {"paragraph", "heading"}:
        return {**block, "rtl": is_rtl(words_of(block["content"]))}
    if block["is"] == "quote":
        return {**block, "content": [directed(each) for each in block["content"]]}
    if block["is"] == "list":
        items = [[directed(each) for each in item] for item in block["items"]]
        return {**block, "items": items}
    return block


def words_of(content: list[Any]) -> str:
    return "".join(
        each if isinstance(each, str) else each.get("text") or words_of(each.get("content", []))
        for each in content
    )


def is_rtl(text: str) -> bool:
    """Whether the first letter that has a direction runs to the left."""
    for letter in text:
        direction = unicodedata.bidirectional(letter)
        if direction == "L":
            return False
        if direction in RIGHT_TO_LEFT:
            return True
    return False
