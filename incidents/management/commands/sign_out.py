"""`manage.py sign_out USERNAME…` or `--everybody`: sessions end, and people sign in anew."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from incidents.access.sessions import end_sessions
from incidents.models import User


class Command(BaseCommand):
    help = "Sign people out wherever they are signed in."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("usernames", nargs="*", metavar="USERNAME")
        parser.add_argument("--everybody", action="store_true")

    def handle(self, *_: Any, usernames: list[str], everybody: bool, **__: Any) -> None:
        if bool(usernames) == everybody:
            raise CommandError("Name people, or say --everybody.")
        people = list(User.objects.filter(username__in=usernames))
        if unknown := set(usernames) - {person.username for person in people}:
            raise CommandError(f"There is nobody called {', '.join(sorted(unknown))}.")
        ended = end_sessions() if everybody else sum(map(end_sessions, people))
        self.stdout.write(f"Ended {ended} session{'' if ended == 1 else 's'}.")
