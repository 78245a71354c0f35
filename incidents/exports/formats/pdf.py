"""PDF: the chapters as data for the template, which another process lays out."""

import unicodedata
from collections.abc import Callable
from pathlib import Path
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext, ngettext

from incidents.exports.chapters import chapter_of, is_told, told
from incidents.exports.documents import Data
from incidents.exports.figure_words import is_number, left_out_in_words, rows_in_words
from incidents.exports.packs import Broken, Pack
from incidents.exports.prose import blocks_of_text
from incidents.exports.typesetting import CannotBeLaidOut, Refused, never, typeset
from incidents.lib.periods import day_in_words
from incidents.lib.unseen import told_controls
from incidents.lib.words.own import language_now
from incidents.review.charts import MOST_ROWS, described, svg
from incidents.review.figure import Figure

LEADS = {
    "events": 3.4,
    "lessons": 1.7,
    "earlier_lessons": 1.7,
    "action_items": 1.7,
    "related": 1.9,
}
"""Centimetres for what leads each entry of a section."""
MOST_CHAPTERS, FEWEST_CHAPTERS, MOST_LISTED = 100, 10, 300
"""What one reads on paper; the other formats have all."""
RIGHT_TO_LEFT = frozenset({"R", "AL"})


def write(pack: Pack, path: Path, check: Callable[[], None] = never) -> None:
    """A chapter that the layout refuses is named in its place, and the others are told.

    Chapters that are too much for the process that lays them out become fewer, and the file says
    how many they are.
    """
    data = seen(payload_of(pack))
    while True:
        try:
            typeset(data, path, check=check)
        except Refused:
            if pack.period is None:
                raise
            data = without_refused(data, path, check)
            typeset(data, path, check=check)
        except CannotBeLaidOut:
            half = len(data["chapters"]) // 2
            if half < FEWEST_CHAPTERS:
                raise
            data = {**data, "chapters": data["chapters"][:half], "is_cut": True}
            continue
        return


def without_refused(data: Data, path: Path, check: Callable[[], None]) -> Data:
    good, not_told = [], list(data["not_told"])
    for chapter in data["chapters"]:
        if can_be_laid_out(chapter, data, path, check):
            good.append(chapter)
        else:
            words = gettext("%(reference)s: its pages could not be laid out")
            not_told.append(words % {"reference": chapter["reference"]})
    return {**data, "chapters": good, "not_told": not_told}


def can_be_laid_out(chapter: Data, data: Data, path: Path, check: Callable[[], None]) -> bool:
    try:
        typeset({**data, "figures": [], "chapters": [chapter]}, path, check=check)
    except Refused:
        return False
    return True


def payload_of(pack: Pack) -> Data:
    chapters: list[Data] = []
    listed: list[list[str]] = []
    not_told: list[str] = []
    is_cut = False
    for document in pack.documents():
        if isinstance(document, Broken):
            not_told.append(f"{document.reference}: {document.why}")
            continue
        listed.append(line_of(document.data))
        if pack.period is None or is_told(document.data):
            if len(chapters) >= MOST_CHAPTERS:
                is_cut = True
            else:
                chapters.append(laid_out(chapter_of(document.data)))
        if is_cut and len(listed) >= MOST_LISTED:
            break
    return {
        "title": pack.title,
        "site": "Postmortems",
        "language": language_now(),
        "words": words_of_pages(pack, len(chapters)),
        "foot": pack.foot,
        "made_at": int(pack.as_of.timestamp()),
        "cover": cover_of(pack),
        "figures": [drawn(figure) for figure in pack.figures],
        "listed": listed[:MOST_LISTED],
        "more": max(pack.count - MOST_LISTED, 0),
        "chapters": chapters,
        "is_cut": is_cut,
        "not_told": not_told,
    }


def cover_of(pack: Pack) -> Data | None:
    if pack.period is None:
        return None
    return {
        "period": pack.period.in_words,
        "words": ngettext(
            "One incident. As of %(day)s.", "%(count)s incidents. As of %(day)s.", pack.count
        )
        % {"count": f"{pack.count:,}", "day": day_in_words(pack.as_of.date())},
        "warning": pack.warning,
    }


def words_of_pages(pack: Pack, chapters: int) -> Data:
    """What the layout itself says."""
    more = max(pack.count - MOST_LISTED, 0)
    is_cut = ngettext(
        "The %(count)s most severe that are published are told on the pages that follow. All are in"
        " the other formats.",
        "The %(count)s most severe that are published are told on the pages that follow. All are in"
        " the other formats.",
        chapters,
    )
    return {
        "contents": gettext("Contents"),
        "figures": gettext("Figures"),
        "incidents": gettext("Incidents"),
        "head": [
            gettext("Record"),
            gettext("Title"),
            gettext("Severity"),
            gettext("Began"),
            gettext("State"),
        ],
        "more": ngettext(
            "%(count)s more are in the spreadsheet.", "%(count)s more are in the spreadsheet.", more
        )
        % {"count": more},
        "is_cut": is_cut,
        "not_told": gettext("Not told"),
        "none": gettext("None."),
        "withdrawn": gettext("Withdrawn:"),
    }


def line_of(data: Data) -> list[str]:
    severity = data["severity"]
    known = severity["label"] if severity["code"] != "unknown" else "–"
    return [
        data["reference"],
        data["title"],
        known,
        told(data["times"]["began"]),
        data["state"]["label"],
    ]


def drawn(figure: Figure) -> Data:
    picture = svg(figure).replace('font-family="sans-serif"', 'font-family="Noto Sans"')
    return {
        "title": figure.title,
        "definition": figure.definition,
        "picture": picture,
        "alt": described(figure, figure.table.rows[:MOST_ROWS]) if picture else "",
        "columns": [
            {"title": str(column.title), "is_number": is_number(column)}
            for column in figure.table.columns
        ],
        "rows": rows_in_words(figure)[:MOST_LISTED],
        "more": more_rows(len(figure.table.rows) - MOST_LISTED),
        "note": figure.note,
        "left_out": left_out_in_words(figure.left_out),
    }


def more_rows(count: int) -> str:
    if count <= 0:
        return ""
    words = ngettext(
        "%(count)s more rows are in the spreadsheet.",
        "%(count)s more rows are in the spreadsheet.",
        count,
    )
    return words % {"count": count}


def seen(data: Any) -> Any:
    if isinstance(data, str | Promise):
        return told_controls(str(data))
    if isinstance(data, dict):
        return {name: seen(value) for name, value in data.items()}
    return [seen(each) for each in data] if isinstance(data, list) else data


def laid_out(chapter: Data) -> Data:
    """The chapter with its texts as blocks, and which way each line runs."""
    sections = [
        {**section, "lead-cm": LEADS.get(section["name"], 0), "content": content_of(section)}
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
