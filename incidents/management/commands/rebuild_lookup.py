"""Write what finds the records from scratch: after a restored copy, or a change made by SQL."""

from typing import Any

from django.core.management.base import BaseCommand

from incidents.lookup.operations import rebuild


class Command(BaseCommand):
    help = "Write the search index anew from the records. People may work meanwhile."

    def handle(self, *args: Any, **options: Any) -> None:
        self.stdout.write(f"{rebuild()} records can be found.")
