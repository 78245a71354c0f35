"""Taking a backup."""

import errno
import shutil
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from django.conf import settings

from incidents.backups.engines import CannotCopy, CannotRestore, Tell
from incidents.backups.engines.chosen import engine
from incidents.backups.manifest import Manifest, NotWhole
from incidents.backups.package import Package, member_of, read_package, write_package
from incidents.backups.places import name_at, put_in_place, work_folder

FILES = ("secret-key", "demo-sign-in")
"""What is data beside the database, in VAR_DIR. All else there is derived, or waits for days."""


class CannotWrite(Exception):
    """No backup was left; the message says why, and what would help."""


REFUSALS = (CannotCopy, CannotRestore, CannotWrite, NotWhole)
"""Each says in a sentence what would help."""


@dataclass(frozen=True)
class Taken:
    path: Path
    manifest: Manifest


def take_backup(target: Path, *, at: datetime, tell: Tell) -> Taken:
    """Write a backup into a folder, or to a name that nothing has yet.

    1. Everything is written into a folder of its own beside the target, and onto the disk.
    2. It is read back to its last byte.
    3. Only then it gets its name. A process that is killed leaves nothing that looks like a backup.

    Raises `CannotCopy` and `CannotWrite`.
    """
    path = target / name_at(at) if target.is_dir() else target
    if path.exists():
        raise CannotWrite(f"{path} is there already: name another file, or a folder.")
    if not path.parent.is_dir():
        raise CannotWrite(f"{path.parent} is no folder: make it first, or name another.")
    try:
        with work_folder(path.parent) as work:
            package = write_into(work, at=at, tell=tell)
            put_in_place(package.path, path)
    except FileExistsError as error:
        raise CannotWrite(f"{path} is there already: another backup was faster.") from error
    except NotWhole as error:
        raise CannotWrite(f"What was written could not be read back. {error}") from error
    except OSError as error:
        raise CannotWrite(f"{path} cannot be written: {in_words(error, path)}.") from error
    return Taken(path, package.manifest)


def write_into(work: Path, *, at: datetime, tell: Tell) -> Package:
    database = engine()
    copy = work / database.member
    copied = database.copy(copy, tell=tell)
    files = {database.member: copy}
    for name in FILES:
        if (source := Path(settings.VAR_DIR, name)).exists():
            shutil.copyfile(source, work / name)
            files[name] = work / name
    manifest = Manifest(
        made_at=at,
        site=settings.SITE_URL,
        vendor=database.vendor,
        server=copied.server,
        migrations=copied.migrations,
        tables=copied.tables,
        members={name: member_of(path) for name, path in files.items()},
    )
    draft = work / "draft"
    write_package(draft, manifest, files)
    copy.unlink()
    tell("bytes read back", 0, draft.stat().st_size)
    return read_package(draft)


def in_words(error: OSError, path: Path) -> str:
    if error.errno in {errno.ENOSPC, errno.EDQUOT, errno.EFBIG}:
        free = shutil.disk_usage(path.parent).free
        return f"no room is left on the disk ({free:,} bytes are free), and nothing was left there"
    if error.errno in {errno.EACCES, errno.EPERM, errno.EROFS}:
        return f"this user may not write there ({error.strerror})"
    return error.strerror or str(error)
