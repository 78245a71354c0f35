"""What is done about action items in the background."""

from datetime import timedelta

from incidents.action_items.reminders import ask_to_verify, remind
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


@job_kind("actions.remind", queue=Queue.LIGHT, every=timedelta(hours=1))
def remind_of_action_items(work: Work) -> str:
    """Each hour, so that a day begins with it in every zone; told is each only once."""
    pressing = remind(by=None, at=work.at)
    return f"Items that press: {pressing}; to be verified: {ask_to_verify(by=None, at=work.at)}"
