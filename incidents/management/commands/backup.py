"""A copy of everything that is data, in one file; whether a file is whole; and the drill."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.template.defaultfilters import pluralize
from django.utils import timezone

from incidents.backups.drill import Drilled, DrillFailed, drill
from incidents.backups.manifest import Manifest, NotWhole
from incidents.backups.operations import REFUSALS, take_backup
from incidents.backups.package import read_package
from incidents.backups.places import keep_newest
from incidents.management.bars import Stages

NOT_WHOLE, NOT_READ = 1, 2


class Command(BaseCommand):
    help = (
        "Write all that is data into one file, of one moment, while people write on: the database,"
        " and what is beside it. TARGET is a new file, or a folder, which gets one more. Only its"
        " owner can read it: it holds restricted records, and what signs sessions."
    )
    requires_system_checks = ()

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("target", type=Path, metavar="TARGET")
        parser.add_argument(
            "--keep",
            type=int,
            metavar="N",
            help="TARGET is a folder: afterwards remove backups that are older than the newest N"
            " whole ones",
        )
        only = parser.add_mutually_exclusive_group()
        only.add_argument(
            "--verify",
            action="store_true",
            help="read TARGET to its end and say whether it is whole; exit 1 if not, 2 if it cannot"
            " be read",
        )
        only.add_argument(
            "--drill",
            action="store_true",
            help="take a backup in the folder TARGET, restore it beside the site, compare every row"
            " and attachment, spoil it by one byte twenty times, and leave nothing",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        target, keep = options["target"], options["keep"]
        if options["verify"]:
            self.verify(target)
            return
        if keep is not None and (keep < 1 or not target.is_dir()):
            raise CommandError("--keep takes a number from 1 on, and a folder as TARGET.")
        try:
            with Stages(self.stderr) as stages:
                if options["drill"]:
                    self.stdout.write(in_words(drill(target, at=timezone.now(), tell=stages)))
                    return
                taken = take_backup(target, at=timezone.now(), tell=stages)
        except (*REFUSALS, DrillFailed) as refusal:
            raise CommandError(str(refusal)) from refusal
        size = taken.path.stat().st_size
        self.stdout.write(f"{taken.path}: {what(taken.manifest)}, {size:,} bytes.")
        if keep:
            self.clear(target, keep)

    def verify(self, path: Path) -> None:
        try:
            manifest = read_package(path).manifest
        except NotWhole as error:
            raise CommandError(f"{path} is not whole. {error}", returncode=NOT_WHOLE) from error
        except OSError as error:
            words = f"{path} cannot be read: {error.strerror}."
            raise CommandError(words, returncode=NOT_READ) from error
        self.stdout.write(
            f"{path} is whole: {what(manifest)}, of {manifest.made_at:%Y-%m-%d %H:%M} UTC,"
            f" {manifest.vendor} {manifest.server}."
        )

    def clear(self, folder: Path, keep: int) -> None:
        removed, broken = keep_newest(folder, keep)
        for path in removed:
            self.stdout.write(f"{path}: removed.")
        for path in broken:
            self.stderr.write(f"{path} is not whole: it is not counted, and left there.")


def what(manifest: Manifest) -> str:
    count = len(manifest.tables)
    return f"{manifest.rows:,} row{pluralize(manifest.rows)} in {count} tables"


def in_words(done: Drilled) -> str:
    files = f"{done.attachments:,} attachment{pluralize(done.attachments)}"
    return (
        f"The drill went well. Taken in {done.took:.1f} s ({done.bytes:,} bytes), restored in"
        f" {done.restored_in:.1f} s; {what(done.manifest)} are equal, {files} by hash;"
        f" {done.refused} of {done.refused} damaged files refused."
    )
