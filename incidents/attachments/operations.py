"""Attaching files, removing them and bringing them back."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from pathlib import PurePosixPath

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext

from incidents.attachments.media_types import media_type_of
from incidents.history.operations import write_change
from incidents.lib.one_line import one_line
from incidents.models import Attachment, AttachmentContent, Incident, Runbook, User
from incidents.models.editable import LONG

MOST = 100
"""Of one record."""
MEGABYTE = 1_000_000


class CannotAttach(ValueError):
    """Nothing was attached; the sentence says why, and what would help."""


class NothingToDo(Exception):
    """Somebody else did it before."""


@dataclass(frozen=True)
class NewFile:
    name: str
    data: bytes


@transaction.atomic
def attach(
    record: Incident | Runbook, files: Sequence[NewFile], *, by: User | None, at: datetime
) -> list[Attachment]:
    """All of them or none. What is there already, under this name, is not attached again.

    Raises `CannotAttach`.
    """
    # One at a time, so that two together are no more than may be.
    row = type(record).objects.select_for_update().get(pk=record.pk)
    there = {(one.name, one.sha256): one for one in row.attachments.there()}
    found, made = [], []
    for file in files:
        require_size(file)
        name, digest = shown_name(file.name), sha256(file.data).hexdigest()
        attachment = there.get((name, digest))
        if attachment is None:
            attachment = there[name, digest] = row.attachments.create(
                name=name,
                media_type=media_type_of(file.data),
                size=len(file.data),
                sha256=digest,
                added_by=by,
                added_at=at,
            )
            AttachmentContent.objects.create(attachment=attachment, data=file.data)
            made.append(attachment)
        found.append(attachment)
    if len(there) > MOST:
        raise CannotAttach(
            gettext("A record has %(most)s files at most: remove one first.") % {"most": MOST}
        )
    if made:
        summary = f"Attached {', '.join(one.name for one in made)}"
        write_change(row, by=by, at=at, summary=summary, parts=[])
    return found


def require_size(file: NewFile) -> None:
    """Raises `CannotAttach`."""
    most = settings.ATTACHMENT_BYTES
    if not file.data:
        raise CannotAttach(gettext("%(name)s is empty.") % {"name": shown_name(file.name)})
    if len(file.data) > most:
        raise CannotAttach(
            gettext(
                "%(name)s is larger than %(megabytes)s MB: cut it to what matters, or link "
                "to where it is."
            )
            % {"name": shown_name(file.name), "megabytes": f"{most / MEGABYTE:,.3g}"}
        )


def shown_name(name: str) -> str:
    """Without folders and what is not seen, and not too long; its ending is kept."""
    path = PurePosixPath(name.replace("\\", "/"))
    plain = one_line(path.name, 10 * LONG)
    plain = plain if plain.strip(" .") else "file"
    ending = PurePosixPath(plain).suffix
    if len(plain) > LONG and len(ending) < LONG // 2:
        return f"{plain[: LONG - len(ending) - 1]}…{ending}"
    return one_line(plain, LONG)


@transaction.atomic
def remove_attachment(attachment: Attachment, *, by: User | None, at: datetime) -> None:
    """It is shown no more. Raises `NothingToDo`."""
    rows = Attachment.objects.there().filter(pk=attachment.pk)
    if not rows.update(removed_by=by, removed_at=at):
        raise NothingToDo(gettext("%(name)s was removed already.") % {"name": attachment.name})
    summary = f"Removed {attachment.name}"
    write_change(attachment.record, by=by, at=at, summary=summary, parts=[])


@transaction.atomic
def bring_back_attachment(attachment: Attachment, *, by: User | None, at: datetime) -> None:
    """Raises `NothingToDo`, also where the same file was attached anew."""
    record = attachment.record
    type(record).objects.select_for_update().get(pk=record.pk)
    same = record.attachments.there().filter(name=attachment.name, sha256=attachment.sha256)
    if same.exists():
        raise NothingToDo(gettext("%(name)s is there already.") % {"name": attachment.name})
    Attachment.objects.filter(pk=attachment.pk).update(removed_by=None, removed_at=None)
    summary = f"Brought back {attachment.name}"
    write_change(record, by=by, at=at, summary=summary, parts=[])
