"""Django's own; the account has its line of history, as any other."""

from typing import Any

from django.contrib.auth.management.commands import createsuperuser
from django.utils import timezone

from incidents.directory.operations import write_down_account
from incidents.models import User


class Command(createsuperuser.Command):
    def handle(self, *args: Any, **options: Any) -> None:
        # Not one transaction: it may ask for a password, and nobody else can write meanwhile.
        last = User.objects.order_by("-pk").values_list("pk", flat=True).first() or 0
        super().handle(*args, **options)
        for person in User.objects.filter(is_superuser=True, pk__gt=last):
            write_down_account(person, at=timezone.now())
