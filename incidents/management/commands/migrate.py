"""Django's own, for a site that people read meanwhile."""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.core.management.base import CommandError, CommandParser
from django.core.management.commands import migrate
from django.db import DatabaseError, connections

from incidents.lib.database_trouble import Trouble, trouble_of
from incidents.lib.postgresql.holding import Holders, holders_of

GIVE_UP_AFTER = 600
"""Seconds."""
LONGEST_PAUSE = 10.0


class Command(migrate.Command):
    def add_arguments(self, parser: CommandParser) -> None:
        super().add_arguments(parser)
        parser.add_argument(
            "--give-up-after",
            type=int,
            default=GIVE_UP_AFTER,
            metavar="SECONDS",
            help="A migration waits for locks of others for less than a second, since everybody who"
            f" comes after it waits too, and then tries again: for so long, by default"
            f" {GIVE_UP_AFTER}.",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        deadline, pause = time.monotonic() + options["give_up_after"], 1.0
        while held := self.held_by(*args, **options):
            if time.monotonic() + pause > deadline:
                raise CommandError(
                    f"{held} Nothing of that migration was done; those before it hold. When that"
                    " has ended, or is ended, run this again."
                )
            self.stderr.write(f"\n{held} Trying again in {pause:g} s.")
            time.sleep(pause)
            pause = min(2 * pause, LONGEST_PAUSE)

    def held_by(self, *args: Any, **options: Any) -> str:
        """Empty where all was done."""
        with holders(options["database"]) as found:
            try:
                super().handle(*args, **options)
            except DatabaseError as error:
                if trouble_of(error) is not Trouble.BUSY:
                    raise
                return in_words(found)
        return ""


@contextmanager
def holders(database: str) -> Iterator[Holders]:
    connection = connections[database]
    if connection.vendor != "postgresql":
        # SQLite does not tell.
        yield Holders()
        return
    with holders_of(connection) as found:
        yield found


def in_words(found: Holders) -> str:
    held = "; ".join(map(str, found.last)) or "somebody who does not say so"
    return f"What a migration has to change is in use by {held}."
