"""Markdown, for a wiki: texts read as they were written, whatever is in them."""

from collections.abc import Callable, Iterator
from pathlib import Path

from incidents.exports.chapters import chapter_of, is_told
from incidents.exports.documents import Data
from incidents.exports.figure_words import left_out_in_words, rows_in_words
from incidents.exports.packs import Broken, Pack
from incidents.exports.prose import blocks_of_text
from incidents.exports.typesetting import never
from incidents.lib.plain_markdown import (
    blocks_as_markdown,
    indented,
    line_of,
    lines_of,
    rows_as_markdown,
    without_end,
)


def write(pack: Pack, path: Path, _check: Callable[[], None] = never) -> None:
    with path.open("w", encoding="utf-8", newline="\n") as file:
        for line in pack_lines(pack):
            file.write(f"{line}\n")


def pack_lines(pack: Pack) -> Iterator[str]:
    level = 1
    if pack.period is not None:
        level = 2
        yield from head_lines(pack)
    broken = []
    for document in pack.documents():
        if isinstance(document, Broken):
            broken.append(document)
        elif pack.period is None or is_told(document.data):
            yield from chapter_lines(chapter_of(document.data), level=level)
    for one in broken:
        yield line_of(f"{one.reference} is not told: {one.why}")
        yield ""


def head_lines(pack: Pack) -> Iterator[str]:
    yield from (f"# {line_of(pack.title)}", "", line_of(pack.foot), "")
    if pack.warning:
        yield from (f"**{line_of(pack.warning)}**", "")
    for figure in pack.figures:
        yield from (f"## {line_of(figure.title)}", "", line_of(figure.definition), "")
        if figure.table.rows:
            titles = [line_of(str(column.title)) for column in figure.table.columns]
            rows = [[line_of(cell) for cell in row] for row in rows_in_words(figure)]
            yield from rows_as_markdown(titles, rows)
        else:
            yield "None."
        yield ""
        for words in (figure.note, left_out_in_words(figure.left_out)):
            if words:
                yield from (line_of(words), "")


def chapter_lines(chapter: Data, *, level: int) -> Iterator[str]:
    marks = "#" * level
    yield f"{marks} {line_of(chapter['reference'])} {line_of(chapter['title'])}"
    yield ""
    yield line_of(" · ".join(chapter["badges"]))
    yield ""
    if chapter["withdrawn"]:
        yield f"**Withdrawn:** {line_of(chapter['withdrawn'])}"
        yield ""
    if chapter["since_frozen"]:
        yield f"**{line_of(chapter['since_frozen'])}**"
        yield ""
    facts = [*chapter["facts"], ["Record", chapter["address"]]]
    yield from rows_as_markdown(["", ""], [[line_of(cell) for cell in row] for row in facts])
    for section in chapter["sections"]:
        yield ""
        yield f"{marks}# {line_of(section['heading'])}"
        yield ""
        if section["is"] == "prose":
            blocks = blocks_of_text(section["content"])
            yield from without_end(blocks_as_markdown(blocks, under=level + 1))
        else:
            for each in section["content"]:
                yield from entry_lines(each, level=level + 1)
    yield ""


def entry_lines(entry: Data, *, level: int) -> Iterator[str]:
    head = f"**{line_of(entry['lead'])}**" if entry["lead"] else ""
    title = line_of(entry["title"]) if entry["title"] else ""
    if title and entry["address"]:
        title = f"[{title}](<{entry['address']}>)"
    yield "-   " + " ".join(word for word in (head, title) if word)
    text = blocks_of_text(entry["text"]) if entry["text"] else []
    for lines in (
        without_end(blocks_as_markdown(text, under=level)),
        lines_of(entry["note"]),
        [line_of(" · ".join(entry["meta"]))] if entry["meta"] else [],
    ):
        if lines:
            yield ""
            yield from indented(lines)
    yield ""
