"""What follows from a change in the directory."""

from incidents.jobs.kinds import job_kind
from incidents.jobs.work import CannotBeDone, Work
from incidents.lookup.operations import keep_findable
from incidents.models import Queue, Service

AT_A_TIME = 50


@job_kind("directory.find_by_new_name", queue=Queue.LIGHT, outside_transaction=True)
def find_by_new_name(work: Work, *, service: int) -> str:
    """In small transactions: who edits one of the records meanwhile waits for few others."""
    row = Service.objects.filter(pk=service).first()
    if row is None:
        raise CannotBeDone("There is no such service any more.")
    records = [*row.runbooks.order_by("pk"), *row.incidents.order_by("pk")]
    for start in range(0, len(records), AT_A_TIME):
        work.progress(start, len(records))
        keep_findable(*records[start : start + AT_A_TIME])
    work.progress(len(records), len(records))
    return f"Found by the service's new name: {len(records)}"
