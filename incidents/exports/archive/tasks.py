"""Keeping the archive in step with the records."""

from datetime import timedelta
from pathlib import Path

from django.conf import settings
from django.template.defaultfilters import pluralize

from incidents.exports.archive.operations import REFUSALS, export_archive
from incidents.exports.archive.since import LAST
from incidents.jobs.kinds import job_kind
from incidents.jobs.work import CannotBeDone, Work
from incidents.models import Queue


@job_kind(
    "exports.archive",
    queue=Queue.HEAVY,
    attempts=3,
    outside_transaction=True,
    every=timedelta(hours=settings.ARCHIVE_HOURS) if settings.ARCHIVE_DIR else None,
)
def archive(work: Work) -> str:
    """Safe to run twice: what is written and committed already is left as it is."""
    if not settings.ARCHIVE_DIR:
        return "No archive is wanted any more"
    try:
        done = export_archive(
            Path(settings.ARCHIVE_DIR), tell=work.progress, since=LAST, commit_at=work.at
        )
    except REFUSALS as refusal:
        raise CannotBeDone(str(refusal)) from refusal
    return (
        f"Archive: {len(done.written):,} file{pluralize(done.written)} written,"
        f" {len(done.removed):,} removed, {done.commits:,} commit{pluralize(done.commits)}"
    )
