"""The work of looking after lookups."""

from datetime import timedelta

from django.conf import settings

from incidents.jobs.kinds import job_kind
from incidents.jobs.work import Work
from incidents.lookup.learning.operations import forget_before
from incidents.models import Queue


@job_kind("lookup.forget", queue=Queue.LIGHT, every=timedelta(hours=6), outside_transaction=True)
def forget(work: Work) -> str:
    """What was asked longer ago than `LOOKUP_DAYS`; with 0, all of it."""
    before = work.at - timedelta(days=settings.LOOKUP_DAYS)
    return f"Forgot {forget_before(before)} that were asked before {before:%Y-%m-%d}"
