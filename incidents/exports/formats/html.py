"""HTML in one file: no script, nothing from elsewhere, and it says so to the browser itself."""

from collections.abc import Callable, Iterator
from pathlib import Path

from django.conf import settings
from django.template.loader import render_to_string
from django.utils.safestring import mark_safe

from incidents.exports.chapters import chapter_of, is_told
from incidents.exports.documents import Data
from incidents.exports.figure_words import is_number, left_out_in_words, rows_in_words
from incidents.exports.packs import Broken, Pack
from incidents.exports.prose import blocks_of_text
from incidents.exports.typesetting import never
from incidents.lib.plain_html import blocks_as_html
from incidents.lib.unseen import told_controls
from incidents.review.charts import svg
from incidents.review.figure import Figure
from incidents.runbooks.offline.file import hash_of, piece

SHEETS = (
    "tokens",
    "base",
    "components/prose",
    "components/table",
    "components/review",
    "components/export",
)


def write(pack: Pack, path: Path, _check: Callable[[], None] = never) -> None:
    with path.open("w", encoding="utf-8", newline="\n") as file:
        for part in parts_of(pack):
            file.write(part)


def parts_of(pack: Pack) -> Iterator[str]:
    yield rendered("_head", {"pack": pack, "style": style()})
    for figure in pack.figures:
        yield rendered("_figure", figure_as_shown(figure))
    broken = []
    for document in pack.documents():
        if isinstance(document, Broken):
            broken.append(document)
        elif is_told(document.data):
            chapter = chapter_of(document.data)
            yield rendered("_chapter", {"chapter": chapter, "sections": shown(chapter)})
    yield rendered("_end", {"broken": broken})


def style() -> str:
    """What the file may do, and how it looks: nothing of it is from a record."""
    sheets = "".join(piece(f"css/{name}.css") for name in SHEETS)
    allowed = f"default-src 'none'; style-src {hash_of(sheets)}; base-uri 'none'"
    policy = f"{allowed}; form-action 'none'"
    html = (
        f'<meta http-equiv="Content-Security-Policy" content="{policy}">\n<style>{sheets}</style>'
    )
    return mark_safe(html)  # noqa: S308 (our own)


def rendered(name: str, context: Data) -> str:
    return told_controls(render_to_string(f"exports/file/{name}.html", context))


def figure_as_shown(figure: Figure) -> Data:
    rows = rows_in_words(figure)
    numbers = [is_number(column) for column in figure.table.columns]
    return {
        "figure": figure,
        # Escapes every word that it has from a record.
        "picture": mark_safe(svg(figure)),  # noqa: S308 (as above)
        "columns": list(zip(figure.table.columns, numbers, strict=True)),
        "rows": [list(zip(row, numbers, strict=True)) for row in rows],
        "left_out": left_out_in_words(figure.left_out),
    }


def shown(chapter: Data) -> list[Data]:
    return [
        {
            **section,
            "content": prose(section["content"])
            if section["is"] == "prose"
            else [
                {**each, "text": prose(each["text"]) if each["text"] else ""}
                for each in section["content"]
            ],
        }
        for section in chapter["sections"]
    ]


def prose(text: Data) -> str:
    html = blocks_as_html(blocks_of_text(text), under=3, site=settings.SITE_URL)
    # Made of escaped texts and of tags of our own.
    return mark_safe(html)  # noqa: S308 (as above)
