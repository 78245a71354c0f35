"""The work of looking after runs."""

from datetime import timedelta

from django.conf import settings

from incidents.guard.runs.operations import forget_before
from incidents.jobs.kinds import job_kind
from incidents.jobs.work import Work
from incidents.models import Queue


@job_kind(
    "guard.forget_runs", queue=Queue.LIGHT, every=timedelta(hours=6), outside_transaction=True
)
def forget_runs(work: Work) -> str:
    """What was checked longer ago than `GUARD_RUN_DAYS`; with 0, all of it."""
    before = work.at - timedelta(days=settings.GUARD_RUN_DAYS)
    return f"Forgot {forget_before(before)} that were checked before {before:%Y-%m-%d}"
