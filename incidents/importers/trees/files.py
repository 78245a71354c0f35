"""What lies in a folder or a zip archive: its texts, and the files that they show or link to."""

import os
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from hashlib import sha256
from pathlib import Path

from incidents.importers.found import FoundUnread
from incidents.lib.unpacking import (
    LIMITS,
    CannotUnpack,
    NotText,
    Refused,
    TooLarge,
    content_of,
    text_of,
    unpacked,
)

LARGEST_TEXT = 1_000_000
MOST_TEXT = 50_000_000
"""Characters of all texts together."""
PAGES = (".md", ".markdown")


@dataclass
class Lying:
    """All by their paths, with `/` between folders. `digests` are SHA-256 of what is no text."""

    pages: dict[str, str] = field(default_factory=dict)
    settings: dict[str, str] = field(default_factory=dict)
    digests: dict[str, str] = field(default_factory=dict)
    unread: list[FoundUnread] = field(default_factory=list)
    _length: int = 0

    def take(self, name: str, content: bytes, *, settings: Collection[str]) -> None:
        is_page = name.lower().endswith(PAGES)
        if not is_page and name.rsplit("/", 1)[-1] not in settings:
            self.digests[name] = sha256(content).hexdigest()
            return
        if len(content) > LARGEST_TEXT:
            self.refuse(name, f"It is larger than {LARGEST_TEXT:,} bytes.")
            return
        try:
            text = text_of(content).replace("\r\n", "\n").replace("\r", "\n")
        except NotText as refusal:
            self.refuse(name, str(refusal))
            return
        self._length += len(text)
        if self._length > MOST_TEXT:
            self.refuse(name, f"All texts together are longer than {MOST_TEXT:,} characters.")
        elif is_page:
            self.pages[name] = text
        else:
            self.settings[name] = text
            self.digests[name] = sha256(content).hexdigest()

    def refuse(self, name: str, why: str) -> None:
        self.unread.append(FoundUnread(where=name, why=why))


def lying_in(path: Path, settings: Collection[str] = ()) -> Lying:
    """`settings` are names of files that are read as texts, too. Raises `CannotUnpack`, `TooLarge`
    and `OSError`; what is wrong with one file only is among `unread`."""
    found = Lying()
    for name, content in contents_of(path):
        if isinstance(content, str):
            if name.lower().endswith(PAGES):
                found.refuse(name, content)
        else:
            found.take(name, content, settings=settings)
    return found


def contents_of(
    path: Path, only: Collection[str] | None = None
) -> Iterator[tuple[str, bytes | str]]:
    """Each file with its bytes, or with the sentence why it is not read; all of them, or some."""
    if path.is_dir():
        for name in names_below(path):
            if only is None or name in only:
                yield name, read_or_why(path / name)
    elif path.name.lower().endswith(".zip"):
        for each in unpacked(path, only=only):
            if not is_hidden(each.name):
                yield each.name, each.why if isinstance(each, Refused) else each.content
    elif only is None or path.name in only:
        yield path.name, content_of(path)


def names_below(folder: Path) -> Iterator[str]:
    """In the order of their names. Raises `CannotUnpack` for more than an archive may have."""
    count = 0
    for root, below, names in os.walk(folder):
        below[:] = sorted(name for name in below if not is_hidden(name))
        for name in sorted(names):
            if is_hidden(name):
                continue
            count += 1
            if count > LIMITS.files:
                raise CannotUnpack(
                    f"It holds more than {LIMITS.files:,} files. Bring in a part of it."
                )
            yield Path(root, name).relative_to(folder).as_posix()


def is_hidden(name: str) -> bool:
    return any(part.startswith(".") or part == "node_modules" for part in name.split("/"))


def read_or_why(file: Path) -> bytes | str:
    if file.is_symlink():
        return "It is a link to another file: name that one."
    try:
        return content_of(file)
    except TooLarge as refusal:
        return str(refusal)
    except OSError as error:
        return f"It cannot be read: {error.strerror}."


def beside(path: Path, texts: tuple[str, ...]) -> Mapping[str, str]:
    """The files that lie beside texts with these endings: by their paths, the SHA-256 of each.

    Of a folder a file is read when somebody asks for it. Never raises: what cannot be read is not
    there, and the texts are read without it.
    """
    try:
        if path.is_dir():
            return InFolder(path, [name for name in names_below(path) if not is_text(name, texts)])
        if not path.name.lower().endswith(".zip"):
            return {}
        return {
            name: sha256(content).hexdigest()
            for name, content in contents_of(path)
            if isinstance(content, bytes) and not is_text(name, texts)
        }
    except (CannotUnpack, OSError):
        return {}


def is_text(name: str, texts: tuple[str, ...]) -> bool:
    return name.lower().endswith(texts)


class InFolder(Mapping[str, str]):
    """Raises `KeyError` also for what is there and cannot be read."""

    def __init__(self, folder: Path, names: Iterable[str]) -> None:
        self.folder = folder
        self.names = dict.fromkeys(names)

    def __getitem__(self, name: str) -> str:
        if name in self.names:
            content = read_or_why(self.folder / name)
            if isinstance(content, bytes):
                return sha256(content).hexdigest()
        raise KeyError(name)

    def __iter__(self) -> Iterator[str]:
        return iter(self.names)

    def __len__(self) -> int:
        return len(self.names)
