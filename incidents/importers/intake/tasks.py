"""Reading, applying and undoing imports, and forgetting their files."""

from datetime import timedelta

from incidents.importers.intake.operations import (
    APPLY,
    READ,
    UNDO,
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


@job_kind(READ, queue=Queue.HEAVY, attempts=3, outside_transaction=True)
def read(work: Work, *, number: int) -> str:
    """Safe to run twice: what was found before is replaced, in one transaction with its end."""
    found = Import.objects.select_related("owner").filter(pk=number).first()
    if found is None or found.state != ImportState.READING:
        return "Nobody waits for it any more"
    if not found.folder or not place_of(found).exists():
        raise CannotBeDone("The files are not here any more: bring them in again.")
    # The outcome is told once all are counted.
    spool = spooled(found, place_of(found), work.progress)
    with spool, work.completing(f"Read: {work.done:,} records"):
        finish_reading(found, spool)
    return "Read"


@job_kind(APPLY, queue=Queue.HEAVY, attempts=5, outside_transaction=True, longest_run=LONGEST_RUN)
def apply(work: Work, *, number: int) -> str:
    """Safe to run twice: each row says whether it was written, in the transaction that wrote it."""
    found = Import.objects.select_related("owner").filter(pk=number).first()
    if found is None or found.state != ImportState.APPLYING:
        return "It was applied already"
    apply_rows(found, by=found.owner, at=work.at, tell=work.progress)
    with work.completing(f"Applied: {work.done:,} records"):
        finish(found, at=work.at)
    return "Applied"


@job_kind(UNDO, queue=Queue.HEAVY, attempts=5, outside_transaction=True, longest_run=LONGEST_RUN)
def undo(work: Work, *, number: int) -> str:
    """Safe to run twice, as `apply`."""
    found = Import.objects.select_related("owner").filter(pk=number).first()
    if found is None or found.state != ImportState.UNDOING:
        return "It was undone already"
    undo_rows(found, by=found.owner, at=work.at, tell=work.progress)
    with work.completing(f"Undone: {work.done:,} records"):
        finish(found, at=work.at)
    return "Undone"


@job_kind("imports.forget", queue=Queue.LIGHT, every=timedelta(hours=1))
def forget(work: Work) -> str:
    return f"Files of imports forgotten: {forget_files(at=work.at)}"
