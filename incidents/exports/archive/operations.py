"""Writing the archive."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

from django.db.models import Max, Q

from incidents.archive.files import (
    ATTRIBUTES,
    ATTRIBUTES_TEXT,
    LARGEST,
    MARKER,
    Marker,
    line_text,
    record_text,
)
from incidents.archive.kinds import (
    ATTACHMENTS,
    CONTENTS,
    KINDS,
    LISTS,
    Kind,
    content_name,
    tables,
)
from incidents.exports.archive.commits import commit_changes
from incidents.exports.archive.folder import Folder, NotOurFolder
from incidents.exports.archive.repository import CannotCommit
from incidents.exports.archive.rows import Names, PlainRow, Record, loose, records
from incidents.exports.archive.since import LAST, NotAMoment, Since
from incidents.lib.one_moment import one_moment
from incidents.models import AttachmentContent, Change

Tell = Callable[[int, int], None]
"""Told how many records are looked through, and how many there are."""


class NothingToGoOnFrom(ValueError):
    """The folder does not have what did not change."""


class TooLarge(ValueError):
    """What was written could not be read back."""


REFUSALS = (NotOurFolder, NotAMoment, NothingToGoOnFrom, TooLarge, CannotCommit)
"""Each says in a sentence what would help."""


@dataclass
class Exported:
    """The names of files, from the folder."""

    records: int = 0
    written: list[Path] = field(default_factory=list)
    removed: list[Path] = field(default_factory=list)
    commits: int = 0


def export_archive(
    path: Path, *, tell: Tell, since: str = "", commit_at: datetime | None = None
) -> Exported:
    """Bring the folder to what the site knows now.

    All of it is of one moment, and nobody waits meanwhile. What is in the folder already, and the
    same, is left untouched. Interrupted, it leaves a folder that says of itself that it is not
    finished; the same call again finishes it.

    With `since` (a moment, or `last`) only records are looked at that history says have changed:
    the others are in the folder. Where that cannot be known, all are.

    With `commit_at`, what changed is committed in the folder's repository, also what an earlier
    call has written.

    Raises `NotOurFolder`, `NotAMoment` and `NothingToGoOnFrom`, nothing being written; `TooLarge`,
    `CannotCommit` and `OSError`.
    """
    with Folder(path) as folder:
        with one_moment():
            done = write_all(folder, tell, start(folder, since))
        if commit_at:
            done.commits = commit_changes(path, at=commit_at)
        return done


def start(folder: Folder, since: str) -> Since | None:
    """From when on records are looked at; None for all of them."""
    moment = Since.moment(since) if since not in {"", LAST} else None
    marker = folder.open()
    if moment and marker.rows is None:
        raise NothingToGoOnFrom(
            f"{folder.path} has no finished archive yet: export once without a moment."
        )
    if since == LAST and marker.rows is not None:
        moment = Since.change(marker.last_change)
    return None if moment and moment.renames() else moment


def write_all(folder: Folder, tell: Tell, since: Since | None) -> Exported:
    rows = {table.name: table.model._base_manager.count() for table in tables()}
    wanted = {kind: since.wanted(kind) if since else Q() for kind in KINDS}
    total = sum(kind.table.model._base_manager.filter(wanted[kind]).count() for kind in KINDS)
    done, names = 0, Names()
    for kind in KINDS:
        written = set()
        for record in records(kind, names, wanted[kind]):
            written.add(write_record(folder, kind, record))
            done += 1
            tell(done, total)
        # No record ever goes, and one with another name is no reason to look at a few only.
        if since is None:
            folder.clear(kind, written)
    for name, table in LISTS.items():
        write_list(folder, name, loose(table, names))
    last = Change.objects.aggregate(last=Max("pk"))["last"] or 0
    folder.write(ATTRIBUTES, ATTRIBUTES_TEXT)
    folder.write(MARKER, Marker(last, dict(sorted(rows.items()))).text)
    return Exported(done, folder.written, folder.removed)


def write_record(folder: Folder, kind: Kind, record: Record) -> str:
    """What the record's folder is called."""
    called = kind.called(record.values)
    place = f"{kind.folder}/{called}"
    text = record_text(kind.table, record.values)
    folder.write(f"{place}/{kind.file}", checked(text, place))
    for name, rows in record.files.items():
        write_list(folder, f"{place}/{name}", rows)
    write_contents(folder, f"{place}/{CONTENTS}", record.files.get(ATTACHMENTS, []))
    return called


def write_contents(folder: Folder, place: str, attachments: Iterable[PlainRow]) -> None:
    """Each file is read from the database only where it is not in the folder yet."""
    names = {content_name(row): row for row in attachments}
    for name, row in names.items():
        if not folder.has(f"{place}/{name}", sha256=str(row["sha256"])):
            content = AttachmentContent.objects.get(pk=int(str(row["id"])))
            folder.write(f"{place}/{name}", bytes(content.data))
    folder.keep_only(place, set(names))


def write_list(folder: Folder, name: str, rows: Iterable[PlainRow]) -> None:
    """A list without rows has no file."""
    lines = [checked(line_text(row), name) for row in rows]
    if lines:
        folder.write(name, "".join(f"{line}\n" for line in lines))
    else:
        folder.remove(name)


def checked(text: str, place: str) -> str:
    """Raises `TooLarge`."""
    if len(text.encode()) > LARGEST:
        raise TooLarge(
            f"{place} has a text of more than {LARGEST:,} bytes, which could not be read back."
        )
    return text
