"""The files of an archive, one at a time, as plain values. Nothing is trusted: anybody may have
written them."""

import json
import os
import stat
from collections.abc import Iterator
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import Any, BinaryIO

from incidents.archive.files import LARGEST, LARGEST_CONTENT, MARKER, Marker, NoArchive, read_marker
from incidents.archive.kinds import ATTACHMENTS, CONTENTS, KINDS, LISTS, Kind
from incidents.lib.front_matter import NotFrontMatter, read

BYTE_ORDER_MARK = "\ufeff"


class BrokenArchive(ValueError):
    """The message begins with the place, from the folder, and says what is wrong there."""

    def __init__(self, place: str, why: str) -> None:
        super().__init__(f"{place}: {why}")


@dataclass(frozen=True)
class Found:
    """A record as its file has it. `place` is its folder, `size` how many bytes were read."""

    place: str
    name: str
    values: dict[str, Any]
    size: int


@dataclass(frozen=True)
class Line:
    place: str
    values: dict[str, Any]
    size: int


@dataclass(frozen=True)
class Source:
    """A folder that says that it is an archive."""

    path: Path

    def marker(self) -> Marker:
        """Raises `BrokenArchive`."""
        if not self.path.is_dir():
            raise BrokenArchive(str(self.path), "There is no such folder.")
        try:
            marker = read_marker(self.text(MARKER))
        except NoArchive as refusal:
            raise BrokenArchive(MARKER, str(refusal)) from refusal
        if marker.rows is None:
            raise BrokenArchive(MARKER, "This archive was not written to its end: export it again.")
        return marker

    def records(self, kind: Kind) -> Iterator[Found]:
        """Raises `BrokenArchive`."""
        for name in self.folders(kind.folder):
            place = f"{kind.folder}/{name}"
            more = {CONTENTS} if ATTACHMENTS in kind.files else set()
            self.require_known(place, {kind.file, *kind.files, *more})
            text = self.text(f"{place}/{kind.file}")
            try:
                values, texts = read(text)
            except NotFrontMatter as refusal:
                raise BrokenArchive(f"{place}/{kind.file}", str(refusal)) from refusal
            for text_name in texts.keys() & values.keys():
                raise BrokenArchive(f"{place}/{kind.file}", f"“{text_name}” is there twice.")
            prose = {column.name for column in kind.table.columns if column.is_prose}
            for text_name in texts.keys() - prose:
                why = f"No text of such a record is called “{text_name}”."
                raise BrokenArchive(f"{place}/{kind.file}", why)
            yield Found(f"{place}/{kind.file}", name, {**values, **texts}, len(text))

    def lines(self, name: str) -> Iterator[Line]:
        """The rows of a list; none where it has no file. Raises `BrokenArchive`."""
        if not (self.path / name).exists() and not (self.path / name).is_symlink():
            return
        with self.opened(name, largest=None) as file:
            number = 0
            # One byte more than may be there shows that there is more.
            while content := file.readline(LARGEST + 1):
                number += 1
                place = f"{name}, line {number}"
                if len(content) > LARGEST:
                    raise BrokenArchive(place, f"It is longer than {LARGEST:,} bytes.")
                if not content.endswith(b"\n"):
                    raise BrokenArchive(place, "It ends in the middle.")
                yield Line(place, values_of(decoded(content, place), place), len(content))

    def require_known(self, place: str, names: set[str]) -> None:
        """Raises `BrokenArchive` where there is what nobody would read: it would be lost."""
        for entry in sorted(each.name for each in (self.path / place).iterdir()):
            if entry not in names and not entry.startswith("."):
                why = "No file of an archive is called so: take it away first."
                raise BrokenArchive(f"{place}/{shown(entry)}", why)

    def content(self, name: str, *, size: int, digest: str) -> bytes:
        """The bytes of an attachment. Raises `BrokenArchive` where they are others."""
        with self.opened(name, largest=LARGEST_CONTENT) as file:
            content = file.read(LARGEST_CONTENT + 1)
        if len(content) != size or sha256(content).hexdigest() != digest:
            why = "It is not the file that was attached: its size or its SHA-256 is another one."
            raise BrokenArchive(name, why)
        return content

    def require_contents(self, place: str, names: set[str]) -> None:
        """Raises `BrokenArchive` for files that no row tells of."""
        path = self.path / place
        if path.is_symlink():
            raise BrokenArchive(place, "It is a link: what is behind it is not read.")
        if path.exists() and not path.is_dir():
            raise BrokenArchive(place, NOT_READ)
        if path.is_dir():
            self.require_known(place, names)

    def folders(self, name: str) -> list[str]:
        """The names of the folders in one of ours, in order. Raises `BrokenArchive`."""
        path = self.path / name
        if path.is_symlink():
            raise BrokenArchive(name, "It is a link: what is behind it is not read.")
        if not path.is_dir():
            return []
        names = []
        for entry in sorted(path.iterdir()):
            if entry.name.startswith("."):
                continue
            if entry.is_symlink() or not entry.is_dir():
                why = "Only folders of records belong there: take it away first."
                raise BrokenArchive(f"{name}/{shown(entry.name)}", why)
            names.append(entry.name)
        return names

    def text(self, name: str) -> str:
        """Raises `BrokenArchive`."""
        with self.opened(name, largest=LARGEST) as file:
            return decoded(file.read(LARGEST + 1), name)

    def opened(self, name: str, *, largest: int | None) -> BinaryIO:
        """Raises `BrokenArchive` for what is no file of its own, or is too large."""
        try:
            descriptor = os.open(self.path / name, os.O_RDONLY | NOT_A_LINK)
        except OSError as error:
            why = "It is missing." if isinstance(error, FileNotFoundError) else NOT_READ
            raise BrokenArchive(name, why) from error
        file = os.fdopen(descriptor, "rb")
        state = os.fstat(descriptor)
        if not stat.S_ISREG(state.st_mode):
            file.close()
            raise BrokenArchive(name, NOT_READ)
        if largest is not None and state.st_size > largest:
            file.close()
            raise BrokenArchive(name, f"It is larger than {largest:,} bytes.")
        return file


NOT_READ = "It is no file that can be read: a link, a device or somebody else's."
# Where a system has no such links, none has to be refused. A pipe would be waited for.
NOT_A_LINK = getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_NONBLOCK", 0)


def decoded(content: bytes, place: str) -> str:
    """Raises `BrokenArchive` for what is no text as an archive has it."""
    try:
        text = content.decode("utf-8")
    except UnicodeDecodeError as error:
        raise BrokenArchive(place, f"It is not UTF-8 text (byte {error.start}).") from None
    if text.startswith(BYTE_ORDER_MARK):
        raise BrokenArchive(place, "It begins with a byte order mark: a program has changed it.")
    if "\r" in text:
        why = "Its lines end as on Windows: a program has changed it (Git does with core.autocrlf)."
        raise BrokenArchive(place, why)
    return text


def values_of(text: str, place: str) -> dict[str, Any]:
    """Raises `BrokenArchive`."""
    try:
        values = json.loads(text, object_pairs_hook=once)
    except (ValueError, RecursionError) as error:
        raise BrokenArchive(place, f"It cannot be read: {error}.") from None
    if not isinstance(values, dict):
        raise BrokenArchive(place, "It is no list of names with values.")
    return values


def once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) < len(pairs):
        raise ValueError("a name is there twice")
    return found


def shown(name: str) -> str:
    """A file's name as it can be printed, whatever it is made of."""
    return name.encode("utf-8", "backslashreplace").decode()[:200]


__all__ = ["KINDS", "LISTS", "BrokenArchive", "Found", "Line", "Source"]
