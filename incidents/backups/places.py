"""Where backups lie, which of them are whole, and which of them go."""

import os
import re
import shutil
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from tempfile import mkdtemp

from incidents.backups.manifest import NotWhole
from incidents.backups.package import read_package

NAME = re.compile(r"postmortems-(\d{8}T\d{6}Z)(-\d+)?\.backup")
WORK = ".postmortems-backup-"
ABANDONED = 24 * 3600.0
"""Seconds after which what is half done is nobody's: its process was killed."""


def name_at(at: datetime) -> str:
    return f"postmortems-{at.astimezone(UTC):%Y%m%dT%H%M%SZ}.backup"


def backups_in(folder: Path) -> list[Path]:
    """By their names, the newest first."""
    found = [path for path in folder.iterdir() if NAME.fullmatch(path.name)]
    return sorted(found, key=lambda path: path.name, reverse=True)


def taken_at(path: Path) -> datetime:
    """As its name tells."""
    named = NAME.fullmatch(path.name)
    moment = named[1] if named else "19700101T000000Z"
    return datetime.strptime(moment, "%Y%m%dT%H%M%SZ").replace(tzinfo=UTC)


def is_whole(path: Path) -> bool:
    try:
        read_package(path)
    except (NotWhole, OSError):
        return False
    return True


def keep_newest(
    folder: Path, count: int, *, whole: Callable[[Path], bool] = is_whole
) -> tuple[list[Path], list[Path]]:
    """Remove what is older than the newest `count` that are whole: what was removed, and what is
    newer and not whole. While so many are not whole, nothing goes."""
    kept, broken = 0, list[Path]()
    found = backups_in(folder)
    for place, path in enumerate(found):
        if kept == count:
            for old in found[place:]:
                old.unlink(missing_ok=True)
            return found[place:], broken
        if whole(path):
            kept += 1
        else:
            broken.append(path)
    return [], broken


@contextmanager
def work_folder(near: Path) -> Iterator[Path]:
    """On the same disk, for its owner only, and gone afterwards; so is what a killed one left."""
    remove_abandoned(near, WORK)
    folder = Path(mkdtemp(prefix=WORK, dir=near))
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def remove_abandoned(folder: Path, beginning: str) -> None:
    """What a process has left that was killed a day ago or earlier."""
    for left in folder.glob(f"{beginning}*"):
        if time.time() - left.stat().st_mtime < ABANDONED:
            continue
        if left.is_dir():
            shutil.rmtree(left, ignore_errors=True)
        else:
            left.unlink(missing_ok=True)


def put_in_place(draft: Path, target: Path) -> None:
    """Raises `FileExistsError`: what is there is never replaced."""
    os.link(draft, target)
    number = os.open(target.parent, os.O_RDONLY)
    try:
        os.fsync(number)
    finally:
        os.close(number)
