"""The work of looking after lookups."""

from datetime import timedelta

from django.conf import settings

from incidents.jobs.kinds import job_kind
from incidents.jobs.work import Work
from incidents.lookup.learning.operations import forget_before
from incidents.lookup.operations import keep_findable
from incidents.models import Queue, Runbook

AT_A_TIME = 20
"""Runbooks of one transaction: on SQLite everybody else who writes waits for its end."""


@job_kind("lookup.forget", queue=Queue.LIGHT, every=timedelta(hours=6), outside_transaction=True)
def forget(work: Work) -> str:
    """What was asked longer ago than `LOOKUP_DAYS`; with 0, all of it."""
    before = work.at - timedelta(days=settings.LOOKUP_DAYS)
    return f"Forgot {forget_before(before)} that were asked before {before:%Y-%m-%d}"


@job_kind("lookup.read_runbooks", queue=Queue.HEAVY, outside_transaction=True)
def read_runbooks(work: Work) -> str:
    """What copies need of those that were written by a version which did not keep it."""
    unread = Runbook.objects.filter(copied_words__isnull=True).order_by("pk")
    keys = list(unread.values_list("pk", flat=True))
    for start in range(0, len(keys), AT_A_TIME):
        work.progress(start, len(keys))
        keep_findable(*Runbook.objects.filter(pk__in=keys[start : start + AT_A_TIME]))
    work.progress(len(keys), len(keys))
    return f"Runbooks read for their copies: {len(keys)}"
