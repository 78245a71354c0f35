"""What is done about runbooks in the background."""

from datetime import timedelta

from incidents.jobs.kinds import job_kind
from incidents.jobs.work import Work
from incidents.models import Queue
from incidents.runbooks.operations import remind_of_verification


@job_kind("runbooks.remind", queue=Queue.LIGHT, every=timedelta(days=1))
def remind(work: Work) -> str:
    """Safe to run twice: who was told of a day is not told of it again."""
    count = remind_of_verification(by=None, at=work.at)
    return f"Runbooks to be verified: {count}"
