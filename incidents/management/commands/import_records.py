"""An archive in, into a site that has nothing yet."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from incidents.importers.archive.operations import NotEmpty, import_archive
from incidents.importers.archive.reading import BrokenArchive
from incidents.management.bars import Bar


class Command(BaseCommand):
    help = (
        "Read what `export_records` wrote into a site that has nothing yet: all of it, or nothing."
        " Nobody has a password afterwards: `changepassword USERNAME` gives one."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("folder", type=Path, metavar="DIR")

    def handle(self, *args: Any, **options: Any) -> None:
        with Bar(self.stderr, "rows") as bar:
            try:
                counts = import_archive(options["folder"], tell=bar)
            except (BrokenArchive, NotEmpty) as refusal:
                raise CommandError(f"Nothing was imported. {refusal}") from refusal
            except OSError as error:
                raise CommandError(f"Nothing was imported: {error}.") from error
        told = ", ".join(f"{count:,} {name}" for name, count in sorted(counts.items()))
        self.stdout.write(f"Imported: {told}.")
