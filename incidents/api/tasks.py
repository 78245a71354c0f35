"""Forgetting requests that came once."""

from datetime import timedelta

from incidents.api.operations import forget_requests
from incidents.jobs.kinds import job_kind
from incidents.jobs.work import Work
from incidents.models import Queue


@job_kind("api.forget", queue=Queue.LIGHT, every=timedelta(hours=6), outside_transaction=True)
def forget(work: Work) -> str:
    return f"Requests of programs forgotten: {forget_requests(at=work.at)}"
