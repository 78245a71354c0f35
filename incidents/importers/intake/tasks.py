"""Reading, applying and undoing imports, and forgetting their files."""

from datetime import timedelta
from time import monotonic

from incidents.importers.intake.operations import (
    APPLY,
    READ,
    UNDO,
    Tell,
    apply_rows,
    finish,
    finish_reading,
    forget_files,
    place_of,
    undo_rows,
)
from incidents.importers.intake.reading import spooled
from incidents.jobs.kinds import job_kind
from incidents.jobs.work import CannotBeDone, Work
from incidents.models import Import, ImportState, Queue

LONGEST_RUN = timedelta(hours=6)
LOOK_EVERY = 1.0
"""Seconds between two looks whether somebody has cancelled it."""


class Cancelled(Exception):
    """Its owner wishes for it no more."""


def heeding(work: Work, found: Import, state: ImportState) -> Tell:
    """Says how far it is. Raises `Cancelled`, or what says that another worker has the job."""
    looked = -LOOK_EVERY

    def tell(done: int, total: int | None) -> None:
        nonlocal looked
        work.progress(done, total)
        if monotonic() - looked < LOOK_EVERY:
            return
        looked = monotonic()
        if not Import.objects.filter(pk=found.pk, state=state).exists():
            raise Cancelled

    return tell


@job_kind(READ, queue=Queue.HEAVY, attempts=3, outside_transaction=True)
def read(work: Work, *, number: int) -> str:
    """Safe to run twice: what was found before is replaced, in one transaction with its end."""
    found = Import.objects.select_related("owner").filter(pk=number).first()
    if found is None or found.state != ImportState.READING:
        return "Nobody waits for it any more"
    if not found.folder or not place_of(found).exists():
        raise CannotBeDone("The files are not here any more: bring them in again.")
    # The outcome is told once all are counted.
    try:
        spool = spooled(found, place_of(found), heeding(work, found, ImportState.READING))
    except Cancelled:
        return "Cancelled"
    with spool, work.completing(f"Read: {work.done:,} records"):
        finish_reading(found, spool)
    return "Read"


@job_kind(APPLY, queue=Queue.HEAVY, attempts=5, outside_transaction=True, longest_run=LONGEST_RUN)
def apply(work: Work, *, number: int) -> str:
    """Safe to run twice: each row says whether it was written, in the transaction that wrote it.

    Who cancels it has it undone by the same worker, so that nothing is written behind its back.
    """
    found = Import.objects.select_related("owner").filter(pk=number).first()
    if found is None or found.state not in {ImportState.APPLYING, ImportState.UNDOING}:
        return "It was applied already"
    try:
        tell = heeding(work, found, ImportState.APPLYING)
        tell(0, None)
        apply_rows(found, by=found.owner, at=work.at, tell=tell)
        with work.completing(f"Applied: {work.done:,} records"):
            if not finish(found, ImportState.APPLYING, at=work.at):
                raise Cancelled
    except Cancelled:
        return take_back(work, found)
    return "Applied"


@job_kind(UNDO, queue=Queue.HEAVY, attempts=5, outside_transaction=True, longest_run=LONGEST_RUN)
def undo(work: Work, *, number: int) -> str:
    """Safe to run twice, as `apply`."""
    found = Import.objects.select_related("owner").filter(pk=number).first()
    if found is None or found.state != ImportState.UNDOING:
        return "It was undone already"
    return take_back(work, found)


def take_back(work: Work, found: Import) -> str:
    undo_rows(found, by=found.owner, at=work.at, tell=work.progress)
    with work.completing(f"Undone: {work.done:,} records"):
        finish(found, ImportState.UNDOING, at=work.at)
    return "Undone"


@job_kind("imports.forget", queue=Queue.LIGHT, every=timedelta(hours=1))
def forget(work: Work) -> str:
    return f"Files of imports forgotten: {forget_files(at=work.at)}"
