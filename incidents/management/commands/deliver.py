"""Does what is owed once, for those who run it from cron instead of a worker."""

from typing import Any

from django.core.management.base import BaseCommand

from incidents.jobs.working import Worker
from incidents.lib.supervising import asked_to_stop
from incidents.models import Job, JobState, Queue

ALL = 1_000_000


class Command(BaseCommand):
    help = "Does everything that is owed and due, and ends. Two at once do no harm."

    def handle(self, *args: Any, **options: Any) -> None:
        with asked_to_stop() as stop:
            done = sum(
                Worker(queue, stopping=stop.is_set).look(most=ALL, seconds=float("inf"))
                for queue in Queue
            )
        failed = Job.objects.filter(state=JobState.FAILED).count()
        self.stdout.write(f"{done} done now, {failed} failed and are left to be looked at")
