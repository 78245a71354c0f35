"""The work of looking after work."""

from datetime import timedelta

from django.conf import settings

from incidents.jobs.kinds import job_kind
from incidents.jobs.slots import present_keys
from incidents.jobs.work import Work
from incidents.models import Batch, Job, JobState, Queue


@job_kind("jobs.forget", queue=Queue.LIGHT, every=timedelta(days=1))
def forget(work: Work) -> str:
    """What has been done for `JOB_DAYS`; a batch goes when all of it may, and what failed stays."""
    before = work.at - timedelta(days=settings.JOB_DAYS)
    kept = Job.objects.exclude(state=JobState.DONE, ended_at__lt=before)
    batches = Batch.objects.filter(made_at__lt=before).exclude(
        pk__in=kept.filter(batch__isnull=False).values("batch")
    )
    _, removed = batches.delete()
    old = Job.objects.filter(batch__isnull=True, state=JobState.DONE, ended_at__lt=before)
    gone, _ = old.exclude(key__in=present_keys(at=work.at)).delete()
    count = removed.get("incidents.Job", 0) + gone
    return f"Forgot {count} that were done before {before:%Y-%m-%d}"
