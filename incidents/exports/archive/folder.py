"""The folder that an archive is written to: it changes what is different, and nothing of others."""

import fcntl
import os
from collections.abc import Iterator
from hashlib import file_digest
from pathlib import Path
from typing import Self

from incidents.archive.files import (
    ATTRIBUTES,
    ATTRIBUTES_TEXT,
    MARKER,
    Marker,
    NoArchive,
    read_marker,
)
from incidents.archive.kinds import ATTACHED, CONTENTS, Kind

LARGEST_MARKER = 100_000
"""Bytes."""


class NotOurFolder(ValueError):
    """Nothing was written; the message says why, and what would help."""


class Folder:
    """Only what differs is written: each file at once or not at all. One process at a time."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.written: list[Path] = []
        self.removed: list[Path] = []
        self.is_begun = False

    def __enter__(self) -> Self:
        """Raises `NotOurFolder`."""
        try:
            if self.path.exists() and not self.path.is_dir():
                raise NotOurFolder(f"{self.path} is a file: name a folder.")
            self.path.mkdir(parents=True, exist_ok=True)
            self.lock = os.open(self.path, os.O_RDONLY)
        except OSError as error:
            raise NotOurFolder(f"{self.path} cannot be used: {error.strerror}.") from error
        try:
            # The system takes it back from a process that is killed.
            fcntl.flock(self.lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as error:
            os.close(self.lock)
            raise NotOurFolder(f"Another export is writing to {self.path}.") from error
        return self

    def __exit__(self, *_: object) -> None:
        os.close(self.lock)

    def open(self) -> Marker:
        """What the archive says that is there, or that there is none yet. Raises `NotOurFolder`."""
        marker = self.path / MARKER
        if marker.exists():
            return marker_of(marker)
        names = sorted(each.name for each in self.path.iterdir())
        if others := [name for name in names if not name.startswith(".")]:
            raise NotOurFolder(
                f"{self.path} is no archive and not empty (it has {others[0]}): name a folder that"
                " is new, empty, or an archive."
            )
        self.begin()
        self.write(ATTRIBUTES, ATTRIBUTES_TEXT)
        return Marker()

    def begin(self) -> None:
        """From now on the folder is ours, and says that it is not finished."""
        if not self.is_begun:
            self.is_begun = True
            self.put(self.path / MARKER, Marker().text.encode())

    def write(self, name: str, content: str | bytes) -> bool:
        """Whether it was another content before; a text is written in UTF-8.

        Raises `NotOurFolder` where a link leads elsewhere.
        """
        path = self.ours(name)
        content = content.encode() if isinstance(content, str) else content
        if is_there(path, content):
            return False
        self.begin()
        path.parent.mkdir(parents=True, exist_ok=True)
        self.put(path, content)
        self.written.append(Path(name))
        return True

    def put(self, path: Path, content: bytes) -> None:
        """Whoever opens the file meanwhile sees the old one or the new one, never a part."""
        draft = path.with_name(f".{path.name}.new")
        draft.unlink(missing_ok=True)
        with draft.open("xb") as file:
            file.write(content)
        draft.replace(path)

    def remove(self, name: str) -> None:
        path = self.ours(name)
        if path.is_symlink() or path.exists():
            self.begin()
            path.unlink()
            self.removed.append(Path(name))

    def ours(self, name: str) -> Path:
        """Raises `NotOurFolder` where a link stands on the way: what is behind it is not ours."""
        path = self.path / name
        for folder in path.parents:
            if folder == self.path:
                break
            if folder.is_symlink():
                raise NotOurFolder(f"{folder} is a link, and leads out of the archive.")
        return path

    def has(self, name: str, *, sha256: str) -> bool:
        """Whether the file is there, and has this content."""
        path = self.ours(name)
        if path.is_symlink() or not path.is_file():
            return False
        with path.open("rb") as file:
            return file_digest(file, "sha256").hexdigest() == sha256

    def keep_only(self, name: str, names: set[str]) -> None:
        """Remove from a folder of attachments what is not among these, and an empty folder."""
        path = self.ours(name)
        if path.is_symlink():
            raise NotOurFolder(f"{path} is a link, and leads out of the archive.")
        if not path.is_dir():
            return
        for each in sorted(path.iterdir()):
            if each.name not in names and ATTACHED.fullmatch(each.name):
                self.remove(f"{name}/{each.name}")
        if not any(path.iterdir()):
            path.rmdir()

    def clear(self, kind: Kind, names: set[str]) -> None:
        """Remove the files of records of a kind that are not among these names any more.

        What is not one of ours stays, and the folder with it.
        """
        for folder in folders(self.path / kind.folder):
            if folder.name in names:
                continue
            for name in (kind.file, *kind.files):
                self.remove(f"{kind.folder}/{folder.name}/{name}")
            self.keep_only(f"{kind.folder}/{folder.name}/{CONTENTS}", set())
            if not any(folder.iterdir()):
                folder.rmdir()


def is_there(path: Path, content: bytes) -> bool:
    try:
        same_length = path.lstat().st_size == len(content)
    except (FileNotFoundError, NotADirectoryError):
        return False
    return same_length and not path.is_symlink() and path.read_bytes() == content


def marker_of(path: Path) -> Marker:
    """Raises `NotOurFolder`."""
    try:
        if path.is_symlink() or path.stat().st_size > LARGEST_MARKER:
            raise NoArchive("It is a link, or too large.")
        return read_marker(path.read_text(encoding="utf-8"))
    except (NoArchive, UnicodeDecodeError) as error:
        raise NotOurFolder(f"{path} is not the mark of an archive of ours. {error}") from error


def folders(path: Path) -> Iterator[Path]:
    if path.is_dir() and not path.is_symlink():
        for each in sorted(path.iterdir()):
            if each.is_dir() and not each.is_symlink() and not each.name.startswith("."):
                yield each
