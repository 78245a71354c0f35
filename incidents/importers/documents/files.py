"""The texts of a file, of a folder, or of a zip archive, each by its name in it."""

import os
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from incidents.importers.found import FoundUnread
from incidents.lib.unpacking import (
    CannotUnpack,
    NotText,
    Refused,
    TooLarge,
    content_of,
    text_of,
    unpacked,
)

LARGEST = 2_000_000
"""Bytes of one text."""
ABOUT_THE_FOLDER = {
    "readme", "index", "_index", "contributing", "license", "licence", "changelog",
    "code_of_conduct", "template", "postmortem-template", "postmortem_template", "summary",
}  # fmt: skip
"""Names of texts that tell of the other ones."""


@dataclass(frozen=True)
class Written:
    """`name` is the path within what was given, with `/` between folders."""

    name: str
    text: str

    @property
    def title(self) -> str:
        """For a text that has none: "2024-03-01-pool-empty.md" → "2024 03 01 pool empty"."""
        stem = PurePosixPath(self.name).stem
        return " ".join(stem.replace("-", " ").replace("_", " ").split()) or self.name


def texts_in(path: Path, endings: tuple[str, ...]) -> Iterator[Written | FoundUnread]:
    """Those with such an ending, in the order of their names; never raises."""
    try:
        if path.is_dir():
            yield from _of_folder(path, endings)
        elif path.name.lower().endswith(".zip"):
            yield from _of_archive(path, endings)
        else:
            yield _decoded(path.name, content_of(path, LARGEST))
    except (CannotUnpack, TooLarge) as refusal:
        yield FoundUnread(where=path.name, why=str(refusal))
    except OSError as error:
        yield FoundUnread(where=path.name, why=f"It cannot be read: {error.strerror}.")


def _of_folder(folder: Path, endings: tuple[str, ...]) -> Iterator[Written | FoundUnread]:
    for root, below, names in os.walk(folder):
        below[:] = sorted(name for name in below if not name.startswith((".", "node_modules")))
        for name in sorted(names):
            file = Path(root, name)
            place = file.relative_to(folder).as_posix()
            if not name.lower().endswith(endings) or name.startswith("."):
                continue
            if file.is_symlink():
                yield FoundUnread(where=place, why="It is a link to another file: name that one.")
            elif about := _about_the_folder(place):
                yield about
            else:
                yield _read(place, file)


def _read(place: str, file: Path) -> Written | FoundUnread:
    try:
        return _decoded(place, content_of(file, LARGEST))
    except TooLarge as refusal:
        return FoundUnread(where=place, why=str(refusal))
    except OSError as error:
        return FoundUnread(where=place, why=f"It cannot be read: {error.strerror}.")


def _of_archive(path: Path, endings: tuple[str, ...]) -> Iterator[Written | FoundUnread]:
    for each in unpacked(path):
        if not each.name.lower().endswith(endings):
            continue
        if isinstance(each, Refused):
            yield FoundUnread(where=each.name, why=each.why)
        elif about := _about_the_folder(each.name):
            yield about
        elif len(each.content) > LARGEST:
            yield FoundUnread(where=each.name, why=f"It is larger than {LARGEST:,} bytes.")
        else:
            yield _decoded(each.name, each.content)


def _about_the_folder(place: str) -> FoundUnread | None:
    if PurePosixPath(place).stem.lower() not in ABOUT_THE_FOLDER:
        return None
    why = "By its name it tells of the other files. Bring it in by itself if it is a record."
    return FoundUnread(where=place, why=why)


def _decoded(name: str, content: bytes) -> Written | FoundUnread:
    try:
        text = text_of(content).replace("\r\n", "\n").replace("\r", "\n")
    except NotText as refusal:
        return FoundUnread(where=name, why=str(refusal))
    if not text.strip():
        return FoundUnread(where=name, why="It is empty.")
    return Written(name, text)
