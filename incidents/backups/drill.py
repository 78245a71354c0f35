"""Whether a backup taken now could be restored: by doing it, beside the site."""

from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from pathlib import Path
from time import monotonic

from incidents.backups.engines import Tell
from incidents.backups.engines.chosen import engine
from incidents.backups.manifest import Manifest, NotWhole
from incidents.backups.operations import CannotWrite, in_words, take_backup
from incidents.backups.package import read_package
from incidents.backups.places import work_folder
from incidents.backups.restoring import bring_up_to_date, drafted, read
from incidents.models import AttachmentContent

DAMAGES = 20
"""So many copies are spoilt by one byte each, evenly over the file."""


class DrillFailed(Exception):
    """The message says what a restore would have lost."""


@dataclass(frozen=True)
class Drilled:
    """`took` and `restored_in` are seconds."""

    manifest: Manifest
    bytes: int
    took: float
    restored_in: float
    attachments: int
    refused: int


def drill(folder: Path, *, at: datetime, tell: Tell) -> Drilled:
    """Take a backup, restore it into an empty place, compare, and spoil it.

    Nothing of it is left. Raises what `take_backup` and `restore_backup` raise, and `DrillFailed`.
    """
    try:
        with work_folder(folder) as work:
            begun = monotonic()
            path = take_backup(work / "drill.backup", at=at, tell=tell).path
            taken = monotonic()
            package = read(path)
            with drafted(package, work, near=work, tell=tell) as draft:
                bring_up_to_date(engine(), draft, package.manifest)
                restored = monotonic()
                with engine().at(draft):
                    attachments = compare_attachments()
            return Drilled(
                package.manifest,
                path.stat().st_size,
                taken - begun,
                restored - taken,
                attachments,
                refused_when_damaged(path, tell),
            )
    except OSError as error:
        raise CannotWrite(f"{folder} cannot be used: {in_words(error, folder / '.')}.") from error


def compare_attachments() -> int:
    """How many there are, each by the hash that was written down when it was attached."""
    count = 0
    contents = AttachmentContent._base_manager.select_related("attachment").order_by("pk")
    for content in contents.iterator(chunk_size=10):
        if sha256(content.data).hexdigest() != content.attachment.sha256:
            raise DrillFailed(f"Attachment {content.pk} is not what was attached.")
        count += 1
    return count


def refused_when_damaged(path: Path, tell: Tell) -> int:
    """One byte after the other is changed, and changed back."""
    size = path.stat().st_size
    for number in range(DAMAGES):
        place = number * (size - 1) // (DAMAGES - 1)
        change_byte(path, place)
        try:
            read_package(path)
        except NotWhole:
            change_byte(path, place)
            tell("damages refused", number + 1, DAMAGES)
        else:
            raise DrillFailed(f"The file was taken for whole with byte {place:,} changed.")
    return DAMAGES


def change_byte(path: Path, place: int) -> None:
    with path.open("r+b") as file:
        file.seek(place)
        byte = file.read(1)[0]
        file.seek(place)
        file.write(bytes([byte ^ 1]))
