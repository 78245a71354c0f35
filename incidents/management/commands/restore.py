"""A backup back."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.template.defaultfilters import pluralize
from django.utils import timezone

from incidents.backups.operations import REFUSALS
from incidents.backups.restoring import Restored, restore_backup
from incidents.management.bars import Stages


class Command(BaseCommand):
    help = (
        "Make the site what it was when `backup` wrote FILE, or change nothing: all of it is read"
        " and compared before it takes the place of what is there. Stop the web server and the"
        " workers first."
    )
    # There may be no database yet, or a spoilt one.
    requires_system_checks = ()

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path, metavar="FILE")
        parser.add_argument(
            "--replace",
            action="store_true",
            help="also where there are records; what was there is kept beside it",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        path = options["file"]
        try:
            with Stages(self.stderr) as stages:
                done = restore_backup(
                    path, replace=options["replace"], at=timezone.now(), tell=stages
                )
        except REFUSALS as refusal:
            raise CommandError(f"Nothing was restored from {path}. {refusal}") from refusal
        self.stdout.write(in_words(path, done))


def in_words(path: Path, done: Restored) -> str:
    told = done.manifest
    first = (
        f"Restored from {path}, of {told.made_at:%Y-%m-%d %H:%M} UTC: {told.rows:,}"
        f" row{pluralize(told.rows)} in {len(told.tables)} tables, each as it was."
    )
    lines = [first]
    if done.migrated:
        lines.append(f"{done.migrated} migration{pluralize(done.migrated)} brought it up to date.")
    lines += [f"What was there before is kept: {name}" for name in done.kept]
    return "\n".join(lines)
