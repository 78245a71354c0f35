"""Writing exports, and forgetting them."""

from collections.abc import Callable
from datetime import timedelta
from time import monotonic

from django.utils import timezone, translation

from incidents.exports import files
from incidents.exports.keeping import forget_exports
from incidents.exports.operations import (
    WRITE,
    NotOpen,
    keep_file,
    language_of,
    write_file,
)
from incidents.exports.typesetting import CannotBeLaidOut
from incidents.jobs.kinds import job_kind
from incidents.jobs.work import CannotBeDone, Work
from incidents.models import Export, Queue

LOOK_EVERY = 0.5
"""Seconds between two looks whether its owner has cancelled it."""


class Cancelled(Exception):
    """Nobody wants the file any more."""


@job_kind(
    WRITE,
    queue=Queue.HEAVY,
    attempts=3,
    outside_transaction=True,
    first_wait=timedelta(seconds=5),
    longest_wait=timedelta(minutes=1),
    longest_run=timedelta(minutes=30),
)
def write(work: Work, *, export: int) -> str:
    """Safe to run twice: each run has a file of its own, and the row names the one that counts."""
    found = Export.objects.select_related("owner", "team", "service").filter(pk=export).first()
    if found is None or found.cancelled_at:
        return "Nobody wants it any more"
    if found.file:
        return "It was written already"
    check = checking(work, found)

    def tell(done: int, total: int) -> None:
        # After the last record the file is made of them: one step more.
        work.progress(done, total + 1)
        check()

    try:
        with translation.override(language_of(found.format, found.owner)):
            name, touched = write_file(found, tell=tell, check=check)
    except Cancelled:
        return "Cancelled by its owner"
    except (NotOpen, CannotBeLaidOut) as refusal:
        raise CannotBeDone(str(refusal)) from refusal
    work.progress(work.total or 0, work.total)
    is_kept = False
    try:
        with work.completing(f"Written: {files.kept(name).stat().st_size:,} bytes"):
            is_kept = keep_file(found, name, touched, at=timezone.now())
    except BaseException:
        is_kept = False
        raise
    finally:
        if not is_kept:
            files.remove(name)
    return "Written"


def checking(work: Work, export: Export) -> Callable[[], None]:
    """Raises `Cancelled`, or what says that another worker has the job."""
    looked = monotonic()

    def check() -> None:
        nonlocal looked
        work.progress(work.done, work.total)
        if monotonic() - looked < LOOK_EVERY:
            return
        looked = monotonic()
        if not Export.objects.filter(pk=export.pk, cancelled_at=None).exists():
            raise Cancelled

    return check


@job_kind("exports.forget", queue=Queue.LIGHT, every=timedelta(hours=1))
def forget(work: Work) -> str:
    return f"Exports forgotten: {forget_exports(at=work.at)}"
