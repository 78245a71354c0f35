"""The files that lie beside what is brought in, attached to its records."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from pathlib import Path

from django.conf import settings

from incidents.attachments.operations import (
    MOST,
    CannotAttach,
    NewFile,
    attach,
    bring_back_attachment,
    remove_attachment,
)
from incidents.attachments.operations import NothingToDo as DoneBefore
from incidents.importers.found import FoundFile
from incidents.importers.trees.files import contents_of
from incidents.lib.unpacking import CannotUnpack, TooLarge
from incidents.models import Attachment, Incident, Runbook, User

Made = dict[str, int]
"""By their paths, the keys of what is attached."""


@dataclass(frozen=True)
class Beside:
    """`place` is the file or the folder that was read; None where nobody has it any more."""

    place: Path | None = None

    def files_for(self, wanted: Sequence[FoundFile]) -> tuple[dict[str, bytes], list[str]]:
        """Those that are what they were when they were read, and in sentences what is not."""
        digests = {file.path: file.sha256 for file in wanted}
        try:
            found = self.unchanged(digests)
        except (CannotUnpack, TooLarge, OSError):
            found = {}
        missing = [path for path in digests if path not in found]
        large = [path for path, data in found.items() if len(data) > settings.ATTACHMENT_BYTES]
        empty = [path for path, data in found.items() if not data]
        for path in (*large, *empty):
            del found[path]
        more = list(found)[MOST:]
        for path in more:
            del found[path]
        return found, [
            f"{words}: {', '.join(paths)}."
            for words, paths in (
                ("Not attached, as they are not there any more", missing),
                ("Not attached, as they are too large", large),
                ("Not attached, as they are empty", empty),
                (f"Not attached, as a record has {MOST} files at most", more),
            )
            if paths
        ]

    def unchanged(self, digests: Mapping[str, str]) -> dict[str, bytes]:
        if self.place is None or not digests:
            return {}
        return {
            path: content
            for path, content in contents_of(self.place, only=digests.keys())
            if isinstance(content, bytes) and sha256(content).hexdigest() == digests[path]
        }


def attach_found(
    record: Incident | Runbook,
    wanted: Sequence[FoundFile],
    beside: Beside,
    *,
    by: User | None,
    at: datetime,
) -> tuple[Made, str]:
    """What was attached, or was there already; and what could not be, in sentences."""
    contents, sentences = beside.files_for(wanted)
    if not contents:
        return {}, " ".join(sentences)
    try:
        files = [NewFile(path, data) for path, data in contents.items()]
        attached = attach(record, files, by=by, at=at)
    except CannotAttach as refusal:
        return {}, " ".join([*sentences, f"Its files are not attached: {refusal}"])
    made = {path: one.pk for path, one in zip(contents, attached, strict=True)}
    return made, " ".join(sentences)


def addresses_of(made: Made) -> dict[str, str]:
    files = Attachment.objects.in_bulk(made.values())
    return {path: files[key].get_absolute_url() for path, key in made.items() if key in files}


def remove_others(old: Made, new: Made, *, by: User | None, at: datetime) -> None:
    """Those of an earlier import that the source shows no more."""
    for file in Attachment.objects.there().filter(pk__in=set(old.values()) - set(new.values())):
        remove_attachment(file, by=by, at=at)


def bring_back(made: Made, *, by: User | None, at: datetime) -> None:
    for file in Attachment.objects.filter(pk__in=made.values(), removed_at__isnull=False):
        try:
            bring_back_attachment(file, by=by, at=at)
        except DoneBefore:
            continue
