"""Files that somebody sent, opened without trust: how many there are, how large, and whose names.

Nothing is written to disk. What a zip archive claims of itself is checked before the first file of
it is unpacked, and the claims bind: no more is unpacked than was claimed.
"""

import codecs
import contextlib
import re
import stat
import struct
import zipfile
import zlib
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import IO, BinaryIO

LARGEST_FILE = 32_000_000
"""Bytes of a file that is read as a whole."""

_STEP = 65_536
_METHODS = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)
_ENCRYPTED = 0x1
_NAME_IS_UTF8 = 0x800
_LEFT_BY_SYSTEMS = (".DS_Store", "Thumbs.db", "desktop.ini")
_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f]")
_DRIVE = re.compile(r"[A-Za-z]:")
_ARCHIVES = (b"PK\x03\x04", b"PK\x05\x06", b"\x1f\x8b", b"7z\xbc\xaf\x27\x1c", b"Rar!", b"BZh")


class CannotUnpack(ValueError):
    """The archive as a whole is refused; the message says why, for whoever sent it."""


class TooLarge(ValueError):
    """The message says how much may be sent."""


class NotText(ValueError):
    """The message says at which place it is no text, and what to save it as."""


@dataclass(frozen=True, kw_only=True)
class Limits:
    """`ratio` is how many times larger a file may become, asked of those above `small`."""

    files: int = 20_000
    file_bytes: int = LARGEST_FILE
    all_bytes: int = 500_000_000
    directory_bytes: int = 4_000_000
    ratio: int = 200
    small: int = 1_000_000


LIMITS = Limits()


@dataclass(frozen=True)
class Unpacked:
    """`name` is the path in the archive, with `/` between the folders."""

    name: str
    content: bytes


@dataclass(frozen=True)
class Refused:
    """One file of an archive that is not unpacked, and why, in a sentence."""

    name: str
    why: str


class _Bounded:
    """A file of which no more is read at once than the list of files of an archive may have.

    `zipfile` makes an object for each entry of that list, however many there are.
    """

    def __init__(self, file: BinaryIO, largest: int) -> None:
        self._file = file
        self._largest = largest
        self.seek = file.seek
        self.tell = file.tell
        self.seekable = file.seekable

    def read(self, size: int = -1) -> bytes:
        if size > self._largest:
            raise CannotUnpack(
                f"Its list of files is longer than {self._largest:,} bytes: it holds too many "
                "files. Send it in parts."
            )
        # Without a size only the end of the file is read, a comment of 64 KiB at most in it.
        return self._file.read(2 * _STEP if size < 0 else size)


def unpacked(
    path: Path, limits: Limits = LIMITS, *, only: Collection[str] | None = None
) -> Iterator[Unpacked | Refused]:
    """The files of a zip archive, one at a time, in the order of their names; `only` some of them.

    Raises `CannotUnpack` before the first. Folders, and what systems leave behind, are not told.
    """
    with path.open("rb") as file, _opened(file, limits) as archive:
        before = None
        for name, info in sorted(_named(archive, limits), key=lambda entry: entry[0]):
            why = _refusal(name, info, limits)
            if name == before:
                why = "There is another file of this name in the archive."
            before = name
            if only is not None and name not in only:
                continue
            yield Refused(name, why) if why else _read(archive, name, info)


def names_in(path: Path, limits: Limits = LIMITS) -> list[str]:
    """Of the files of a zip archive; nothing is unpacked. Raises `CannotUnpack`."""
    with path.open("rb") as file, _opened(file, limits) as archive:
        return sorted(name for name, _info in _named(archive, limits))


def require_safe(path: Path, limits: Limits = LIMITS) -> None:
    """That a zip archive which another library will open claims nothing beyond the limits.

    Raises `CannotUnpack`; here also for a single file that would be refused.
    """
    with path.open("rb") as file, _opened(file, limits) as archive:
        for name, info in _named(archive, limits):
            why = _refusal(name, info, limits)
            if why:
                raise CannotUnpack(f"“{name}” in it is refused. {why}")


def content_of(path: Path, largest: int = LARGEST_FILE) -> bytes:
    """Raises `TooLarge`, having read no more than may be sent."""
    with path.open("rb") as file:
        content = file.read(largest + 1)
    if len(content) > largest:
        raise TooLarge(f"It is larger than {largest:,} bytes. Send it in parts.")
    return content


def text_of(content: bytes) -> str:
    """Text in UTF-8, with a byte order mark or without, or in UTF-16 with one. Raises `NotText`."""
    encoding, told = "utf-8-sig", "UTF-8"
    if content.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        encoding = told = "UTF-16"
    try:
        text = content.decode(encoding)
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        raise NotText(
            f"It is not {told} text: byte {error.start + 1:,}, in line {line:,}, cannot be read. "
            "Save it as UTF-8."
        ) from None
    place = text.find("\0")
    if place >= 0:
        line = text.count("\n", 0, place) + 1
        raise NotText(f"There is a NUL character in line {line:,}: it is no text.")
    return text


def _opened(file: BinaryIO, limits: Limits) -> zipfile.ZipFile:
    bounded: IO[bytes] = _Bounded(file, limits.directory_bytes)  # type: ignore[assignment]
    try:
        return zipfile.ZipFile(bounded)
    except CannotUnpack:
        raise
    except (zipfile.BadZipFile, NotImplementedError, ValueError, OSError, struct.error):
        raise CannotUnpack("It cannot be read as a zip archive.") from None


def _named(archive: zipfile.ZipFile, limits: Limits) -> list[tuple[str, zipfile.ZipInfo]]:
    """The files with the names that they are told by. Raises `CannotUnpack`."""
    infos = archive.infolist()
    if len(infos) > limits.files:
        raise CannotUnpack(
            f"It holds {len(infos):,} files; {limits.files:,} are the most. Send it in parts."
        )
    if sum(info.file_size for info in infos) > limits.all_bytes:
        raise CannotUnpack(
            f"Unpacked it would be larger than {limits.all_bytes:,} bytes. Send it in parts."
        )
    for info in infos:
        if info.file_size > limits.small and info.file_size > limits.ratio * info.compress_size:
            raise CannotUnpack(
                f"“{_shown(info.filename)}” in it would be more than {limits.ratio:,} times as "
                "large unpacked: nothing of such an archive is unpacked."
            )
    found = [(_name_of(info), info) for info in infos]
    return [(name, info) for name, info in found if not _is_left_out(name)]


def _name_of(info: zipfile.ZipInfo) -> str:
    """The name as it was meant: many programs write UTF-8 and do not say so."""
    name = info.orig_filename
    if not info.flag_bits & _NAME_IS_UTF8:
        with contextlib.suppress(UnicodeError):
            name = name.encode("cp437").decode("utf-8")
    return name.replace("\\", "/")


def _is_left_out(name: str) -> bool:
    last = name.rsplit("/", 1)[-1]
    return not last or last in _LEFT_BY_SYSTEMS or name.startswith("__MACOSX/")


def _refusal(name: str, info: zipfile.ZipInfo, limits: Limits) -> str:
    """Why this file is not unpacked; empty if it is."""
    kind = stat.S_IFMT(info.external_attr >> 16)
    if not _is_plain(name):
        return "Its name is no plain path below the archive."
    if kind not in (0, stat.S_IFREG):
        return "It is a link or a device: what is behind it is not read."
    if info.flag_bits & _ENCRYPTED:
        return "It is locked with a password."
    if info.compress_type not in _METHODS:
        return "It is packed in a way that is not read here: pack it anew, as an ordinary zip."
    if info.file_size > limits.file_bytes:
        return f"It is larger than {limits.file_bytes:,} bytes."
    return ""


def _is_plain(name: str) -> bool:
    parts = name.split("/")
    return (
        not _CONTROL.search(name)
        and not _DRIVE.match(name)
        and not any(part in ("", ".", "..") for part in parts)
    )


def _read(archive: zipfile.ZipFile, name: str, info: zipfile.ZipInfo) -> Unpacked | Refused:
    parts = []
    try:
        with archive.open(info) as file:
            # No more than a step comes out of the packed data at once.
            while part := file.read(_STEP):
                parts.append(part)
    except (zipfile.BadZipFile, zlib.error, EOFError, OSError, ValueError, NotImplementedError):
        return Refused(name, "It is damaged: it cannot be unpacked.")
    content = b"".join(parts)
    if content.startswith(_ARCHIVES):
        return Refused(name, "It is an archive in an archive: unpack it, and send it by itself.")
    return Unpacked(name, content)


def _shown(name: str) -> str:
    """A name as it can stand in a sentence."""
    return "".join(char if char.isprintable() else "�" for char in name)[:200]
