"""Asking for an export, writing it, cancelling it, and forgetting it."""

from datetime import datetime, timedelta
from functools import partial
from pathlib import Path

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext

from incidents.exports import files
from incidents.exports.documents import document_of
from incidents.exports.formats import FORMATS, Check, never
from incidents.exports.packs import Pack
from incidents.exports.queries import Whole, some_whole
from incidents.exports.reviews import ReviewPack, Tell
from incidents.jobs.operations import owe
from incidents.lib.periods import Period, day_in_words, read_period
from incidents.lib.small_cache import small_cache
from incidents.lib.words.own import OWN_LANGUAGE
from incidents.models import Export, ExportFormat, Incident, JobState, Service, Team, User
from incidents.review.scope import Scope

WRITE = "exports.write"


class TooManyExports(Exception):
    """So many are under way for one person already."""

    MOST = 10

    def __init__(self) -> None:
        super().__init__(
            gettext("%(most)s of your exports are still being written. Wait for one, or cancel it.")
            % {"most": self.MOST}
        )


class NotOpen(Exception):
    """The record is not there, or its owner may not see it any more."""

    def __init__(self) -> None:
        super().__init__("The record is not open to its owner any more.")


class NothingToCancel(Exception):
    def __init__(self) -> None:
        super().__init__(gettext("It is finished already."))


READ_BY_PEOPLE = frozenset({ExportFormat.PDF, ExportFormat.HTML})


def language_of(wanted: str, reader: User | None) -> str:
    """What programs read, and what can be read in again, is in the site's own words; so is what
    nobody in particular reads."""
    return reader.reads if reader and wanted in READ_BY_PEOPLE else OWN_LANGUAGE


@transaction.atomic
def export_incident(incident: Incident, *, wanted: ExportFormat, by: User, at: datetime) -> Export:
    """Owe the file. Raises `TooManyExports`."""
    return owe_export(Export(owner=by, format=wanted, incident=incident), by=by, at=at)


@transaction.atomic
def export_review(
    period: Period,
    *,
    wanted: ExportFormat,
    by: User,
    at: datetime,
    team: Team | None = None,
    service: Service | None = None,
) -> Export:
    """Owe the pack of a review. Raises `TooManyExports`."""
    export = Export(owner=by, format=wanted, period=period.key, team=team, service=service)
    return owe_export(export, by=by, at=at)


def owe_export(export: Export, *, by: User, at: datetime) -> Export:
    unfinished = Export.objects.filter(
        owner=by, file="", cancelled_at=None, job__state__in=[JobState.OWED, JobState.RUNNING]
    )
    if unfinished.count() >= TooManyExports.MOST:
        raise TooManyExports
    export.made_at, export.expires_at = at, at + timedelta(days=settings.EXPORT_DAYS)
    export.save(force_insert=True)
    export.job = owe(WRITE, {"export": export.pk}, at=at, by=by)
    export.save(update_fields=["job"])
    return export


@small_cache()
def write_file(export: Export, *, tell: Tell, check: Check = never) -> tuple[str, list[int]]:
    """The name of the file, and the keys of the incidents that it tells something of.

    `tell` hears how many parts of how many are done. Raises `NotOpen`,
    `incidents.exports.typesetting.CannotBeLaidOut`, and what `tell` and `check` raise.
    """
    if export.incident_id is None:
        period = read_period(export.period)
        scope = Scope(period=period, user=export.owner, team=export.team, service=export.service)
        review = ReviewPack(scope, at=export.made_at, tell=tell)
        name = write_named(export, review.pack, check)
        return name, sorted(review.touched)
    whole = next(iter(some_whole([export.incident_id], user=export.owner)), None)
    if whole is None:
        raise NotOpen
    tell(0, 1)
    name = write_named(export, pack_of(whole), check)
    return name, sorted(whole.touched)


def write_named(export: Export, pack: Pack, check: Check) -> str:
    return files.write_whole(export.ending, partial(write_pack, pack, export.format, check))


def write_pack(pack: Pack, wanted: str, check: Check, path: Path) -> None:
    FORMATS[ExportFormat(wanted)].write(pack, path, check)


def pack_of(whole: Whole) -> Pack:
    incident = whole.incident
    document = document_of(whole)
    return Pack(
        title=f"{incident.reference} {incident.title}",
        foot=gettext("%(reference)s · as of %(day)s")
        % {"reference": incident.reference, "day": day_in_words(whole.changed_at.date())},
        as_of=whole.changed_at,
        documents=lambda: iter([document]),
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
