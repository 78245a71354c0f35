"""The pack of a review, in a terminal: from cron, or for what is too large for a page."""

from argparse import ArgumentParser
from functools import partial
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.template.defaultfilters import filesizeformat, pluralize
from django.utils import timezone, translation

from incidents.access.permissions import everybody
from incidents.exports.files import replace_whole
from incidents.exports.formats import never
from incidents.exports.operations import language_of, write_pack
from incidents.exports.reviews import ReviewPack
from incidents.exports.typesetting import CannotBeLaidOut
from incidents.lib.periods import NotAPeriod, read_period
from incidents.lib.small_cache import small_cache
from incidents.management.bars import Bar
from incidents.models import ExportFormat, Service, Team, User
from incidents.review.scope import OneOrTheOther, Scope


class Command(BaseCommand):
    help = (
        "Write the figures and records of a period into one file: 2026Q3, 2026H2, 2026, 2026-07 or"
        " 2026-07-01..2026-09-15. Restricted records are in it only with --as somebody who may see"
        " them. What stands in FILE is replaced at once, or not at all."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("period", metavar="PERIOD")
        parser.add_argument("--format", choices=ExportFormat.values, required=True)
        parser.add_argument("--output", type=Path, required=True, metavar="FILE")
        parser.add_argument("--as", dest="reader", metavar="USERNAME", help="what they may see")
        parser.add_argument("--team", metavar="NAME", help="its name in addresses")
        parser.add_argument("--service", metavar="NAME", help="its name in addresses")

    @small_cache()
    def handle(self, *args: Any, **options: Any) -> None:
        path: Path = options["output"]
        try:
            scope = Scope(
                period=read_period(options["period"]),
                user=reader_named(options["reader"]),
                team=found(Team, options["team"]),
                service=found(Service, options["service"]),
            )
        except (NotAPeriod, OneOrTheOther) as refusal:
            raise CommandError(str(refusal)) from refusal
        in_language = translation.override(language_of(options["format"], scope.user))
        with in_language, Bar(self.stderr, "records", then="; writing the file") as bar:
            review = ReviewPack(scope, at=timezone.now(), tell=bar)
            try:
                replace_whole(path, partial(write_pack, review.pack, options["format"], never))
            except OSError as error:
                raise CommandError(f"{path} cannot be written: {error.strerror}.") from error
            except CannotBeLaidOut as refusal:
                raise CommandError(str(refusal)) from refusal
        size = filesizeformat(path.stat().st_size).replace("\xa0", " ")
        count = len(review.keys)
        self.stdout.write(
            f"{path}: {review.pack.title}, {count:,} incident{pluralize(count)}, {size}"
        )


def reader_named(username: str | None) -> User:
    """Without a name somebody who sees what is open to all, and nothing else."""
    if username is None:
        return everybody()
    reader = User.objects.filter(username=username, is_active=True).first()
    if reader is None:
        raise CommandError(f"There is no active account “{username}”.")
    return reader


def found(table: type[Any], slug: str | None) -> Any:
    row = table._default_manager.filter(slug=slug).first() if slug else None
    if slug and row is None:
        raise CommandError(f"There is no {table._meta.verbose_name} “{slug}”.")
    return row
