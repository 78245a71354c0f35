"""What past incidents say of configuration files, in a terminal or in CI."""

import sys
from argparse import ArgumentParser, ArgumentTypeError
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand
from django.utils import timezone

from incidents.access.permissions import everybody
from incidents.guard.configuration import CannotRead
from incidents.guard.files import Given
from incidents.guard.findings import Report
from incidents.guard.queries import check_files
from incidents.guard.readers import contents
from incidents.guard.reports import FORMATS
from incidents.guard.repository import NAME
from incidents.guard.runs.operations import with_run
from incidents.guard.runs.rows import Subject
from incidents.models import LONG, CheckDoor

FINDINGS, UNREADABLE = 1, 2


class Command(BaseCommand):
    help = (
        "Check configuration files against the guards of lessons and, with --before, against what "
        "incidents have turned. Uses the records that are open to everybody who signs in. A "
        f"{NAME} in this folder says what the files are. Exit code 0: clean, 1: findings, 2: a "
        "file could not be read."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("files", nargs="+", type=Path, metavar="FILE")
        parser.add_argument(
            "--before", nargs="+", type=Path, metavar="FILE", help="the same files as they were"
        )
        parser.add_argument("--component", metavar="NAME", help="what all the files configure")
        parser.add_argument("--format", choices=list(FORMATS), default="text")
        parser.add_argument("--name", type=short, default="", help="what the run is kept as")
        parser.add_argument(
            "--revision", type=short, default="", help="of what is checked: a commit, a tag"
        )
        parser.add_argument("--no-keep", action="store_true", help="keep nothing of the run")

    def handle(self, *args: Any, **options: Any) -> None:
        unread: list[CannotRead] = []
        paths = options["files"]
        here = Path(NAME)
        if here.is_file() and here.resolve() not in {path.resolve() for path in paths}:
            paths = [*paths, here]
        subject = Subject(
            files=given(paths, unread),
            before=given(options["before"] or [], unread),
            component=options["component"] or "",
            name=options["name"],
            revision=options["revision"],
        )
        report = check_files(
            subject.files,
            everybody(),
            before=subject.before if options["before"] else None,
            component=subject.component or None,
            site=settings.SITE_URL,
        )
        report.unreadable.extend(unread)
        if not options["no_keep"]:
            report = kept(report, subject)
        if report.not_kept:
            self.stderr.write(report.not_kept)
        self.stdout.write(FORMATS[options["format"]](report), ending="")
        if report.unreadable:
            sys.exit(UNREADABLE)
        if report.verdicts:
            sys.exit(FINDINGS)


def kept(report: Report, subject: Subject) -> Report:
    return with_run(
        report,
        subject,
        door=CheckDoor.TERMINAL,
        by=None,
        at=timezone.now(),
        site=settings.SITE_URL,
    )


def short(text: str) -> str:
    if len(text.strip()) > LONG:
        raise ArgumentTypeError(f"it has more than {LONG} characters")
    return text.strip()


def given(paths: Iterable[Path], unread: list[CannotRead]) -> list[Given]:
    """The files that are there and not too large; the others are told as unreadable."""
    found = []
    for path in paths:
        try:
            found.append(Given(str(path), contents(path)))
        except CannotRead as error:
            unread.append(error)
    return found
