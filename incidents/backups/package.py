"""The file of a backup: a tar archive, and behind its end the SHA-256 of every byte before."""

import hashlib
import os
import re
import shutil
import tarfile
from collections.abc import Mapping
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path
from typing import IO

from incidents.backups.manifest import Manifest, Member, NotWhole, read_manifest

MANIFEST = "manifest.json"
SEAL = re.compile(rb"sha256 ([0-9a-f]{64})\n")
SEAL_LENGTH = len("sha256 ") + 64 + len("\n")
PIECE = 1024 * 1024
LARGEST_MANIFEST = 10_000_000
FOR_OWNER = 0o600


def sha256_of(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def member_of(path: Path) -> Member:
    return Member(bytes=path.stat().st_size, sha256=sha256_of(path))


def write_package(path: Path, manifest: Manifest, files: Mapping[str, Path]) -> None:
    """Only its owner can read it: it has all that the site knows. On the disk when this returns."""
    path.touch(mode=FOR_OWNER, exist_ok=False)
    text = manifest.text.encode()
    with path.open("r+b") as file:
        with tarfile.open(fileobj=file, mode="w", format=tarfile.PAX_FORMAT) as archive:
            add(archive, MANIFEST, BytesIO(text), len(text), manifest)
            for name, source in files.items():
                with source.open("rb") as content:
                    add(archive, name, content, source.stat().st_size, manifest)
        file.flush()
        end = file.tell()
        file.seek(0)
        digest = sha256_of_first(file, end)
        file.seek(end)
        file.write(f"sha256 {digest}\n".encode())
        file.flush()
        os.fsync(file.fileno())


def add(
    archive: tarfile.TarFile, name: str, content: IO[bytes], size: int, manifest: Manifest
) -> None:
    entry = tarfile.TarInfo(name)
    entry.size, entry.mode = size, FOR_OWNER
    entry.mtime = int(manifest.made_at.timestamp())
    archive.addfile(entry, content)


def sha256_of_first(file: IO[bytes], length: int) -> str:
    digest = hashlib.sha256()
    while length > 0:
        piece = file.read(min(PIECE, length))
        if not piece:
            raise NotWhole("It is cut short.")
        digest.update(piece)
        length -= len(piece)
    return digest.hexdigest()


@dataclass(frozen=True)
class Package:
    """A file that has been read to its end, and is what was written."""

    path: Path
    manifest: Manifest

    def extract(self, name: str, folder: Path) -> Path:
        """Raises `NotWhole`."""
        target = folder / name
        with self.path.open("rb") as file, tarfile.open(fileobj=file, mode="r:") as archive:
            content = archive.extractfile(name)
            if content is None:
                raise NotWhole(f"It has no {name}.")
            target.touch(mode=FOR_OWNER, exist_ok=False)
            with target.open("wb") as copy:
                shutil.copyfileobj(content, copy, PIECE)
                copy.flush()
                os.fsync(copy.fileno())
        if member_of(target) != self.manifest.members[name]:
            raise NotWhole(f"Its {name} is not what was written.")
        return target


def read_package(path: Path) -> Package:
    """Read every byte of it. Raises `NotWhole`, and `OSError` where it cannot be read at all."""
    with path.open("rb") as file:
        length = file.seek(0, os.SEEK_END) - SEAL_LENGTH
        file.seek(max(0, length))
        seal = SEAL.fullmatch(file.read())
        if length <= 0 or seal is None:
            raise NotWhole("It is no backup of this program, or it is cut short or damaged.")
        file.seek(0)
        if sha256_of_first(file, length) != seal[1].decode():
            raise NotWhole("It is damaged: its SHA-256 is not the one that was written with it.")
        file.seek(0)
        try:
            with tarfile.open(fileobj=file, mode="r:") as archive:
                manifest = manifest_in(archive)
                require_members(archive, manifest)
        except tarfile.TarError as error:
            raise NotWhole("It is damaged: its parts cannot be told apart.") from error
    return Package(path, manifest)


def manifest_in(archive: tarfile.TarFile) -> Manifest:
    entry = archive.next()
    content = archive.extractfile(entry) if entry and entry.name == MANIFEST else None
    if entry is None or content is None or entry.size > LARGEST_MANIFEST:
        raise NotWhole("It is no backup of this program.")
    return read_manifest(content.read())


def require_members(archive: tarfile.TarFile, manifest: Manifest) -> None:
    found = {}
    for entry in archive.getmembers()[1:]:
        content = archive.extractfile(entry)
        if content is None:
            raise NotWhole(f"It has {entry.name}, which is no file.")
        digest = sha256_of_first(content, entry.size)
        found[entry.name] = Member(bytes=entry.size, sha256=digest)
    if found != manifest.members:
        raise NotWhole("Its parts are not those that it tells of.")
