"""Where exports are kept until somebody fetches them: files that only the site can read."""

import os
import tempfile
import time
from collections.abc import Callable, Collection
from pathlib import Path
from secrets import token_hex

from django.conf import settings

ABANDONED = 24 * 3600.0
"""Seconds after which what no row knows of is nobody's: its worker was killed."""


def kept(name: str) -> Path:
    return Path(settings.EXPORT_DIR) / name


def write_whole(ending: str, write: Callable[[Path], None]) -> str:
    """A new file by what `write` puts there, under a name that nobody can guess; or none at all."""
    folder = Path(settings.EXPORT_DIR)
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    name = f"{token_hex(16)}.{ending}"
    replace_whole(folder / name, write)
    return name


def replace_whole(path: Path, write: Callable[[Path], None]) -> None:
    """Whoever opens the file meanwhile sees the old one or the new one, never a part."""
    with tempfile.NamedTemporaryFile(dir=path.parent, prefix=".", delete=False) as file:
        draft = Path(file.name)
    try:
        write(draft)
        draft.replace(path)
    except BaseException:
        draft.unlink(missing_ok=True)
        raise


def remove(name: str) -> None:
    kept(name).unlink(missing_ok=True)


def remove_abandoned(known: Collection[str]) -> int:
    """Files that no export has, and that nobody has written to for a day; how many those were."""
    folder = Path(settings.EXPORT_DIR)
    if not folder.is_dir():
        return 0
    count = 0
    for path in folder.iterdir():
        if path.name in known or time.time() - path.stat().st_mtime < ABANDONED:
            continue
        if path.is_dir():
            remove_folder(path)
        else:
            path.unlink(missing_ok=True)
        count += 1
    return count


def remove_folder(path: Path) -> None:
    for root, folders, names in os.walk(path, topdown=False):
        for name in names:
            (Path(root) / name).unlink(missing_ok=True)
        for name in folders:
            (Path(root) / name).rmdir()
    path.rmdir()
