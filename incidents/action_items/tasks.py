"""What is done about action items in the background."""

from datetime import timedelta

from incidents.jobs.kinds import job_kind
from incidents.jobs.work import Work
from incidents.models import Queue, TrackerDelivery

DELIVERIES_KEPT = timedelta(days=30)


@job_kind("actions.forget_deliveries", queue=Queue.LIGHT, every=timedelta(days=1))
def forget_deliveries(work: Work) -> str:
    """A message that comes again after that is older than what is known of its issue."""
    old = TrackerDelivery.objects.filter(received_at__lt=work.at - DELIVERIES_KEPT)
    count, _ = old.delete()
    return f"Messages of trackers forgotten: {count}"
