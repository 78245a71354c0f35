"""Postmortems in Markdown: a file, a folder of them, or a zip archive of one."""

from collections.abc import Iterator
from pathlib import Path

from incidents.importers.documents.files import Written, texts_in
from incidents.importers.documents.reading import read_document
from incidents.importers.documents.times import day_named
from incidents.importers.found import Found, FoundUnread
from incidents.importers.runbooks.reading import NotARunbook, split

ENDINGS = (".md", ".markdown", ".mdown", ".txt")


def read(path: Path) -> Iterator[Found]:
    for each in texts_in(path, ENDINGS):
        yield each if isinstance(each, FoundUnread) else read_text(each)


def read_text(written: Written) -> Found:
    try:
        told, body = split(written.text)
        return read_document(
            body,
            key=f"file:{written.name}",
            where=written.name,
            name=written.title,
            told=told,
            day=day_named(written.name),
        )
    except NotARunbook as refusal:
        return FoundUnread(where=written.name, why=str(refusal))
    except RecursionError:
        return FoundUnread(where=written.name, why="Its lists and quotes are nested too deeply.")
