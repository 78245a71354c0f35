"""The site's own workers: they look for work in the database, and need no broker."""

import sys
from argparse import ArgumentParser
from threading import Event
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand
from django.db import DatabaseError, InterfaceError

from incidents.jobs.apart import let_go_of_connections
from incidents.jobs.working import Worker
from incidents.lib.supervising import Program, asked_to_stop, keep_running
from incidents.models import Queue

LOOK_EVERY = 0.25
"""Seconds between two looks when there was nothing to do."""
PAUSE = 2.0
"""Seconds after the database could not be reached."""
AT_A_TIME = 100


class Command(BaseCommand):
    help = "Does what is owed, until it is stopped: one process for each queue."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--queue",
            action="append",
            choices=Queue.values,
            help="may be given again; without it, both",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        queues = [Queue(name) for name in options["queue"] or Queue.values]
        if len(queues) > 1:
            keep_running(workers(queues), tell=self.stderr.write)
            return
        with asked_to_stop() as stop:
            self.work(Worker(queues[0], stopping=stop.is_set), stop)
        let_go_of_connections()

    def work(self, worker: Worker, stop: Event) -> None:
        while not stop.is_set():
            try:
                if not worker.look(most=AT_A_TIME, seconds=float("inf")):
                    stop.wait(LOOK_EVERY)
            except (DatabaseError, InterfaceError) as error:
                self.stderr.write(f"The {worker.queue} queue cannot be read: {error}")
                let_go_of_connections()
                stop.wait(PAUSE)


def workers(queues: list[Queue]) -> list[Program]:
    """Without the checks that whoever starts them has made: they would double each start."""
    work = [sys.executable, str(settings.BASE_DIR / "manage.py"), "work", "--skip-checks"]
    return [
        Program(f"The worker of the {queue} queue", [*work, "--queue", queue]) for queue in queues
    ]
