"""Where files wait to be read: each import has a folder that only the site can read."""

import re
from collections.abc import Iterable
from pathlib import Path, PurePosixPath
from secrets import token_hex
from shutil import rmtree

from django.conf import settings
from django.core.files.uploadedfile import UploadedFile

_UNUSUAL = re.compile(r"[^\w. ()+@=-]+")
_LONGEST = 120


def kept(folder: str) -> Path:
    """What is to be read: the file, where there is one only."""
    place = Path(settings.IMPORT_DIR) / folder
    files = list(place.iterdir()) if place.is_dir() else []
    return files[0] if len(files) == 1 else place


def keep(uploads: Iterable[UploadedFile]) -> str:
    """A new folder with the files under their own names, by which records are known again."""
    folder = token_hex(16)
    place = Path(settings.IMPORT_DIR) / folder
    place.mkdir(parents=True, mode=0o700)
    try:
        for upload in uploads:
            with (place / free_name(place, upload.name or "")).open("xb") as file:
                for chunk in upload.chunks():
                    file.write(chunk)
    except BaseException:
        remove(folder)
        raise
    return folder


def free_name(place: Path, name: str) -> str:
    """Never a path, a hidden file, or the name of another file."""
    name = PurePosixPath(name.replace("\\", "/")).name
    name = _UNUSUAL.sub("_", name).lstrip(". ")[-_LONGEST:] or "file"
    stem, ending = PurePosixPath(name).stem, PurePosixPath(name).suffix
    number = 1
    while (place / name).exists():
        number += 1
        name = f"{stem}-{number}{ending}"
    return name


def remove(folder: str) -> None:
    rmtree(Path(settings.IMPORT_DIR) / folder, ignore_errors=True)
