"""How to sign in to the demo."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from incidents.directory.demo import (
    DemoPasswordUnknown,
    NoDemoAccount,
    read_sign_in,
    reset_demo_password,
)


class Command(BaseCommand):
    help = "Shows how to sign in to the demo that `make run` starts."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--reset", action="store_true", help="draw a new password first")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            sign_in = reset_demo_password() if options["reset"] else read_sign_in()
        except DemoPasswordUnknown as error:
            raise CommandError(
                f"{error} For a new one: .venv/bin/python manage.py show_sign_in --reset"
            ) from error
        except NoDemoAccount as error:
            raise CommandError(str(error)) from error
        self.stdout.write(f"User      {sign_in.username}")
        self.stdout.write(f"Password  {sign_in.password}")
