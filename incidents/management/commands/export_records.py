"""Everything that the site knows, in a folder that can be read back."""

import json
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.template.defaultfilters import pluralize
from django.utils import timezone

from incidents.archive.schema import schema
from incidents.exports.archive.operations import REFUSALS, Exported, export_archive
from incidents.exports.archive.since import LAST
from incidents.management.bars import Bar


class Command(BaseCommand):
    help = (
        "Write everything that the site knows into DIR: a folder for each record, Markdown with"
        " YAML front matter, its history beside it. Restricted records are in it, marked as such."
        " What is there already and the same is left untouched."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("folder", type=Path, metavar="DIR", nargs="?")
        parser.add_argument(
            "--since",
            default="",
            metavar="WHEN",
            help="look only at what has changed since 2026-03-14, 2026-03-14T12:00, or"
            f" “{LAST}”: since DIR was written",
        )
        parser.add_argument(
            "--commit",
            action="store_true",
            help="commit what has changed in the Git repository at DIR, as by those who changed it",
        )
        parser.add_argument(
            "--schema", action="store_true", help="print the JSON Schema of the files, only"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        if options["schema"]:
            self.stdout.write(json.dumps(schema(), ensure_ascii=False, indent=1))
            return
        if options["folder"] is None:
            raise CommandError("Name the folder: export_records DIR")
        with Bar(self.stderr, "records") as bar:
            try:
                done = export_archive(
                    options["folder"],
                    tell=bar,
                    since=options["since"],
                    commit_at=timezone.now() if options["commit"] else None,
                )
            except REFUSALS as refusal:
                raise CommandError(str(refusal)) from refusal
            except OSError as error:
                raise CommandError(f"It cannot be written: {error}.") from error
        self.stdout.write(
            f"{options['folder']}: {done.records:,} record{pluralize(done.records)},"
            f" {len(done.written):,} file{pluralize(done.written)} written,"
            f" {len(done.removed):,} removed{self.commits(done, options)}."
        )

    def commits(self, done: Exported, options: dict[str, Any]) -> str:
        if not options["commit"]:
            return ""
        return f", {done.commits:,} commit{pluralize(done.commits)}"
