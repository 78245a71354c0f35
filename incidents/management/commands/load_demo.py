"""The six stories, with their runbooks, lessons and guards."""

from typing import Any

from django.core.management.base import BaseCommand
from django.utils import timezone

from incidents.importers.demo.operations import load_stories


class Command(BaseCommand):
    help = "Record the six demo stories. Safe to repeat: what is here already is left alone."

    def handle(self, *args: Any, **options: Any) -> None:
        loaded = load_stories(by=None, at=timezone.now())
        if options["verbosity"] > 0:
            for name in loaded.made:
                self.stdout.write(f"made        {name}")
            for name in loaded.left_alone:
                self.stdout.write(f"left alone  {name}")
        self.stdout.write(
            f"{len(loaded.made)} records made, {len(loaded.left_alone)} stories left alone."
        )
