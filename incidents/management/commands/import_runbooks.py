"""Runbooks in, from folders of Markdown."""

import sys
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from incidents.importers.runbooks.operations import import_runbooks
from incidents.importers.runbooks.reading import read_tree


class Command(BaseCommand):
    help = (
        "Import runbooks from Markdown files and folders, with front matter (title, alerts, "
        "services, summary) or without. The file's name becomes the address. Safe to repeat: what "
        "is the same is left alone, and so is what was edited here."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("paths", nargs="+", type=Path, metavar="PATH")
        parser.add_argument("--dry-run", action="store_true", help="say what would be done, only")
        parser.add_argument(
            "--overwrite", action="store_true", help="also change what was edited here since"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            tree = read_tree(options["paths"])
        except FileNotFoundError as missing:
            raise CommandError(str(missing)) from None
        counted = 0

        def told() -> None:
            nonlocal counted
            counted += 1
            if sys.stderr.isatty() and options["verbosity"] > 0:
                self.stderr.write(f"\r{counted} of {len(tree.pages)}", ending="")

        done = import_runbooks(
            tree.pages,
            by=None,
            at=timezone.now(),
            dry_run=options["dry_run"],
            overwrite=options["overwrite"],
            told=told,
        )
        if options["verbosity"] > 0:
            for word, runbooks in (
                ("made", done.made),
                ("changed", done.changed),
                ("edited here", done.edited_here),
            ):
                for runbook in runbooks:
                    self.stdout.write(f"{word:12}{runbook.slug}  {runbook.title}")
        for unread in (*tree.unread, *done.refused):
            self.stderr.write(f"not read    {unread.path}: {unread.why}")
        would = "would be " if options["dry_run"] else ""
        self.stdout.write(
            f"{len(done.made)} {would}made, {len(done.changed)} {would}changed, "
            f"{len(done.left_alone)} the same, {len(done.edited_here)} edited here and left alone, "
            f"{len(tree.unread) + len(done.refused)} not read."
        )
        if not tree.pages and not tree.unread:
            raise CommandError("There is no Markdown file in what was named.")
