"""Asking for an export, writing it, cancelling it, and forgetting it."""

from datetime import datetime, timedelta
from functools import partial
from pathlib import Path

from django.conf import settings
from django.db import transaction

from incidents.exports import files
from incidents.exports.documents import document_of
from incidents.exports.formats import FORMATS, Check, never
from incidents.exports.packs import Pack
from incidents.exports.queries import Whole, whole_records
from incidents.jobs.operations import owe
from incidents.models import Export, ExportFormat, Incident, JobState, User

WRITE = "exports.write"


class TooManyExports(Exception):
    """So many are under way for one person already."""

    MOST = 10

    def __init__(self) -> None:
        super().__init__(
            f"{self.MOST} of your exports are still being written. Wait for one, or cancel it."
        )


class NotOpen(Exception):
    """The record is not there, or its owner may not see it any more."""

    def __init__(self) -> None:
        super().__init__("The record is not open to its owner any more.")


class NothingToCancel(Exception):
    def __init__(self) -> None:
        super().__init__("It is finished already.")


@transaction.atomic
def export_incident(
    incident: Incident,
    *,
    wanted: ExportFormat,
    by: User,
    at: datetime,
) -> Export:
    """Owe the file. Raises `TooManyExports`."""
    unfinished = Export.objects.filter(
        owner=by, file="", cancelled_at=None, job__state__in=[JobState.OWED, JobState.RUNNING]
    )
    if unfinished.count() >= TooManyExports.MOST:
        raise TooManyExports
    export = Export.objects.create(
        owner=by,
        format=wanted,
        incident=incident,
        made_at=at,
        expires_at=at + timedelta(days=settings.EXPORT_DAYS),
    )
    export.job = owe(WRITE, {"export": export.pk}, at=at, by=by)
    export.save(update_fields=["job"])
    return export


def write_file(export: Export, *, check: Check = never) -> tuple[str, list[int]]:
    """The name of the file, and the keys of the incidents that it tells something of.

    Raises `NotOpen`, `incidents.exports.typesetting.CannotBeLaidOut`, and what `check` raises.
    """
    whole = next(iter(whole_records([export.incident_id], user=export.owner)), None)
    if whole is None:
        raise NotOpen
    pack = pack_of(whole)
    name = files.write_whole(export.format, partial(write_pack, pack, export.format, check))
    return name, sorted(whole.touched)


def write_pack(pack: Pack, wanted: str, check: Check, path: Path) -> None:
    FORMATS[ExportFormat(wanted)].write(pack, path, check)


def pack_of(whole: Whole) -> Pack:
    incident = whole.incident
    return Pack(
        title=f"{incident.reference} {incident.title}",
        foot=f"{incident.reference} · as of {whole.changed_at:%-d %b %Y}",
        as_of=whole.changed_at,
        documents=[document_of(whole)],
    )


def keep_file(export: Export, name: str, touched: list[int], *, at: datetime) -> bool:
    """To be called with the end of its job, in one transaction; False where nobody wants it."""
    wanted = Export.objects.filter(pk=export.pk, cancelled_at=None)
    size = files.kept(name).stat().st_size
    return bool(wanted.update(file=name, size=size, written_at=at, touched=touched))


def cancel_export(export: Export, *, at: datetime) -> None:
    """Its worker hears of it within a second. Raises `NothingToCancel`."""
    unfinished = Export.objects.filter(pk=export.pk, file="", cancelled_at=None)
    if not unfinished.update(cancelled_at=at):
        raise NothingToCancel
