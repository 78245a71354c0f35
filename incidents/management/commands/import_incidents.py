"""Incidents and runbooks in, from whatever their old home wrote."""

from argparse import ArgumentParser
from collections import Counter
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from incidents.importers.formats import FORMATS, Format, UnknownFormat, format_named, guess
from incidents.importers.intake.operations import (
    NotInThatState,
    apply_now,
    forget_import,
    import_now,
    undo_now,
)
from incidents.lib.zones import NoSuchZone, zone_named
from incidents.management.bars import Bar
from incidents.models import Import, ImportRow, RowAction

WORDS = {
    RowAction.MAKE: "made",
    RowAction.CHANGE: "changed",
    RowAction.LEAVE: "left alone",
    RowAction.UNREAD: "not read",
}


def reference_of(row: ImportRow) -> str:
    if row.runbook:
        return row.runbook.slug
    return row.incident.reference if row.incident else ""


def zone_for(wanted: Format, name: str) -> str:
    """Raises `CommandError`."""
    if wanted.columns is None:
        raise CommandError(f"{wanted.title} tells its zones itself: --zone is for tables.")
    try:
        return zone_named(name).key
    except NoSuchZone as refusal:
        raise CommandError(str(refusal)) from refusal


class Command(BaseCommand):
    help = (
        "Import incidents as drafts, and runbooks, from files and folders. Safe to repeat: what is "
        "the same is left alone, and so is what was edited here. Each path is an import of its "
        "own, which `--undo` takes back as one."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("paths", nargs="*", type=Path, metavar="PATH")
        parser.add_argument("--format", help=f"one of {', '.join(FORMATS)}; else it is guessed")
        parser.add_argument("--dry-run", action="store_true", help="say what would be done, only")
        parser.add_argument("--undo", type=int, metavar="N", help="take import N back")
        parser.add_argument(
            "--services", action="store_true", help="make the services that are not here yet"
        )

        parser.add_argument(
            "--zone", help="of a table: the zone of times that name none, as Europe/Berlin; or UTC"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        if options["undo"] is not None:
            self.undo(options["undo"])
        elif not options["paths"]:
            raise CommandError("Name a file or a folder, or an import to --undo.")
        for path in options["paths"]:
            self.bring_in(path, options)

    def bring_in(self, path: Path, options: dict[str, Any]) -> None:
        if not path.exists():
            raise CommandError(f"There is no file or folder {path}.")
        try:
            wanted = format_named(options["format"]) if options["format"] else guess(path)
        except UnknownFormat as refusal:
            raise CommandError(str(refusal)) from refusal
        at = timezone.now()
        chosen: dict[str, Any] = {"makes_services": options["services"]}
        if options["zone"]:
            chosen["reading"] = {"zone": zone_for(wanted, options["zone"])}
        with Bar(self.stderr, "records read") as bar:
            found = import_now(
                path,
                wanted=wanted.name,
                options=chosen,
                by=None,
                at=at,
                tell=lambda done, total: bar(done, total or done),
            )
        if options["dry_run"]:
            self.tell(found, options, would="would be ")
            forget_import(found, by=None, at=at)
            return
        with Bar(self.stderr, "records written") as bar:
            apply_now(
                found,
                by=None,
                at=at,
                tell=lambda done, total: bar(done, total or done),
                place=path,
            )
        self.tell(found, options)
        if found.rows.filter(applied_at__isnull=False).exists():
            self.stdout.write(f"It is import {found.pk}: --undo {found.pk} takes it back.")

    def tell(self, found: Import, options: dict[str, Any], *, would: str = "") -> None:
        counts: Counter[str] = Counter()
        rows = found.rows.select_related("incident", "runbook").defer("found", "made")
        rows = rows.order_by("position")
        for row in rows.iterator(chunk_size=500):
            word = WORDS[RowAction(row.action)]
            counts[word] += 1
            reference = reference_of(row)
            line = "  ".join(filter(None, (reference, row.where, row.title)))
            if row.action == RowAction.UNREAD:
                self.stderr.write(f"{word:12}{row.where}: {row.why}")
            elif options["verbosity"] > 0:
                self.stdout.write(f"{word:12}{line}" + (f"  ({row.why})" if row.why else ""))
        told = (
            f"{counts[word]} {would if action in {RowAction.MAKE, RowAction.CHANGE} else ''}{word}"
            for action, word in WORDS.items()
        )
        self.stdout.write(f"{', '.join(told)}.")

    def undo(self, number: int) -> None:
        found = Import.objects.filter(pk=number).first()
        if found is None:
            raise CommandError(f"There is no import {number}.")
        try:
            with Bar(self.stderr, "records undone") as bar:
                undo_now(
                    found,
                    by=None,
                    at=timezone.now(),
                    tell=lambda done, total: bar(done, total or done),
                )
        except NotInThatState as refusal:
            raise CommandError(str(refusal)) from refusal
        for row in found.rows.filter(undone_at__isnull=False).select_related("incident", "runbook"):
            reference = reference_of(row) or row.where
            self.stdout.write(f"{reference:12}{row.why}")
