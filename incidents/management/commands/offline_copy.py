"""The runbooks in one file, for a stick or a shared folder: from cron."""

from argparse import ArgumentParser
from pathlib import Path
from tempfile import NamedTemporaryFile
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.template.defaultfilters import filesizeformat, pluralize
from django.utils import timezone

from incidents.models import Service
from incidents.runbooks.offline.copies import copy_of
from incidents.runbooks.offline.file import file_of
from incidents.runbooks.offline.queries import runbooks_to_copy

READABLE = 0o644


class Command(BaseCommand):
    help = (
        "Write all active runbooks into one HTML file that needs no server: it has its own search, "
        "and opens in any browser. What stands in FILE is replaced at once, or not at all."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path, metavar="FILE")
        parser.add_argument(
            "--service",
            action="append",
            default=[],
            metavar="NAME",
            help="only runbooks of this service (its name in addresses), and those that name none; "
            "may be given several times",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        services = options["service"]
        known = set(Service.objects.filter(slug__in=services).values_list("slug", flat=True))
        if unknown := [name for name in services if name not in known]:
            raise CommandError(f"There is no service “{unknown[0]}”.")
        runbooks = runbooks_to_copy(services)
        text = file_of(copy_of(runbooks, site=settings.SITE_URL, at=timezone.now()))
        path: Path = options["file"]
        try:
            replace(path, text.encode())
        except OSError as error:
            raise CommandError(f"{path} cannot be written: {error.strerror}.") from error
        size = filesizeformat(path.stat().st_size).replace("\xa0", " ")
        count = len(runbooks)
        self.stdout.write(f"{path}: {count} runbook{pluralize(count)}, {size}")


def replace(path: Path, content: bytes) -> None:
    """Whoever opens the file meanwhile sees the old one or the new one, never a part."""
    with NamedTemporaryFile(dir=path.parent, prefix=f".{path.name}-", delete=False) as file:
        try:
            file.write(content)
            file.close()
            Path(file.name).chmod(READABLE)
            Path(file.name).replace(path)
        except BaseException:
            Path(file.name).unlink(missing_ok=True)
            raise
