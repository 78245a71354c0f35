"""Seal the lines of history that have no seal."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand

from incidents.directory.operations import write_down_accounts_from_before
from incidents.history.sealing import seal_what_has_none, unseal_all


class Command(BaseCommand):
    help = (
        "Seal the lines of history that have no seal: those from before there were seals; and "
        "write the first line of accounts from before each had one. Run it once, after the "
        "upgrade, when the version before is stopped."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--anew",
            action="store_true",
            help="seal every line anew, as it is now: only after a new HISTORY_KEY, and after "
            "check_history found nothing with the old one",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        if options["anew"]:
            unseal_all()
        if accounts := write_down_accounts_from_before():
            self.stdout.write(f"{accounts:,} accounts from before have their first line.")
        self.stdout.write(f"{seal_what_has_none():,} lines of history sealed.")
