"""A made-up archive, to try the site at a size that it does not have yet."""

import sys
import time
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from incidents.importers.synthetic.operations import (
    Archive,
    CannotMakeHistory,
    check_wish,
    make_history,
)
from incidents.lib.periods import NotAPeriod, read_period
from incidents.models import Incident, Runbook

SECONDS_BETWEEN_LINES = 10
WIDTH = 30


class Command(BaseCommand):
    help = (
        "Fill the site with made-up incidents, runbooks, lessons, action items, people and services"
        " of ten years, for tests of scale. The same seed gives the same archive. Stopped, it"
        " leaves what is made so far; the same command goes on from there. Never for a site that"
        " is in use: nothing of it can be deleted."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--incidents", type=int, required=True, metavar="N")
        parser.add_argument(
            "--runbooks", type=int, metavar="M", help="one for each 50 incidents if not given"
        )
        parser.add_argument("--seed", type=int, default=1, metavar="S")
        parser.add_argument(
            "--period", metavar="P", help="all of them in one period: 2025Q4, 2025, 2025-12"
        )
        parser.add_argument(
            "--into-existing",
            action="store_true",
            help="also where people have recorded incidents of their own",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        incidents, runbooks = options["incidents"], options["runbooks"]
        if runbooks is None:
            runbooks = max(10, incidents // 50)
        try:
            period = read_period(options["period"]) if options["period"] else None
        except NotAPeriod as refusal:
            raise CommandError(str(refusal)) from refusal
        wish = Archive(incidents, runbooks, options["seed"], period)
        progress = Progress(self.stderr)
        try:
            check_wish(wish, into_existing=options["into_existing"])
            make_history(wish, report=progress)
        except CannotMakeHistory as error:
            raise CommandError(str(error)) from error
        except KeyboardInterrupt:
            progress.end()
            raise CommandError(
                f"Stopped. {progress.so_far()}, whole and findable; the same command goes on from"
                " there."
            ) from None
        progress.end()
        self.stdout.write(
            f"The site has {Incident.objects.count():,} incidents and"
            f" {Runbook.objects.count():,} runbooks."
        )


class Progress:
    """A bar on a terminal; elsewhere a line now and then."""

    def __init__(self, stream: Any) -> None:
        self.stream = stream
        self.is_terminal = sys.stderr.isatty()
        self.begun = time.monotonic()
        self.next_line = self.begun + SECONDS_BETWEEN_LINES
        self.counts: dict[str, tuple[int, int]] = {}

    def __call__(self, what: str, done: int, total: int) -> None:
        self.counts[what] = (done, total)
        if self.is_terminal:
            filled = WIDTH * done // total
            bar = "#" * filled + "." * (WIDTH - filled)
            self.stream.write(f"\r{what:9} [{bar}] {done:,} of {total:,}", ending="")
            if done == total:
                self.stream.write("")
        elif time.monotonic() >= self.next_line:
            self.next_line = time.monotonic() + SECONDS_BETWEEN_LINES
            self.stream.write(f"{done:,} of {total:,} {what}")

    def so_far(self) -> str:
        made = [f"{done:,} of {total:,} {what}" for what, (done, total) in self.counts.items()]
        return f"There are {' and '.join(made)}" if made else "Nothing was made yet"

    def end(self) -> None:
        if self.is_terminal:
            self.stream.write("")
