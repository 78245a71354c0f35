"""Postmortems in Markdown: a file, a folder of them, or a zip archive of one."""

from collections.abc import Iterator, Mapping
from pathlib import Path

from incidents.importers.documents.files import Written, texts_in
from incidents.importers.documents.pictures import with_files
from incidents.importers.documents.reading import read_document
from incidents.importers.documents.times import day_named
from incidents.importers.found import Found, FoundIncident, FoundUnread
from incidents.importers.runbooks.reading import NotARunbook, split
from incidents.importers.trees.files import beside

ENDINGS = (".md", ".markdown", ".mdown", ".txt")


def read(path: Path) -> Iterator[Found]:
    files = beside(path, ENDINGS)
    for each in texts_in(path, ENDINGS):
        yield each if isinstance(each, FoundUnread) else read_text(each, files)


def read_text(written: Written, files: Mapping[str, str]) -> Found:
    try:
        told, body = split(written.text)

        def read_body(text: str) -> FoundIncident:
            return read_document(
                text,
                key=f"file:{written.name}",
                where=written.name,
                name=written.title,
                told=told,
                day=day_named(written.name),
            )

        return with_files(written.name, body, files, read_body)
    except NotARunbook as refusal:
        return FoundUnread(where=written.name, why=str(refusal))
    except RecursionError:
        return FoundUnread(where=written.name, why="Its lists and quotes are nested too deeply.")
