"""Doing what is owed in the test's own process, without a worker."""

from datetime import datetime

from incidents.jobs.claims import take
from incidents.jobs.kinds import KINDS
from incidents.jobs.running import run
from incidents.models import Queue

ENDLESS = 10_000


def do_all_jobs(at: datetime | None = None) -> int:
    """Run all that is due, also what it owes in turn; how many jobs those were.

    What is put off for later is not waited for: `at` does as if it were later. What is owed every
    hour or day is not among it: `owe_slots` of `incidents.jobs.slots` makes it.
    """
    for count in range(ENDLESS):
        job = next((job for queue in Queue if (job := take(queue, KINDS.keys(), at=at))), None)
        if job is None:
            return count
        run(job, at=at)
    raise AssertionError("Jobs that owe jobs, without an end.")
