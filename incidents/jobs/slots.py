"""Work that is owed again and again: one job for each stretch of time, however many look."""

from datetime import UTC, datetime, timedelta

from django.db import transaction

from incidents.jobs.kinds import KINDS
from incidents.jobs.operations import owe
from incidents.models import Job

BEGINNING = datetime(1970, 1, 1, tzinfo=UTC)


class Slots:
    """Remembers what is owed already, so that looking costs nothing until the next stretch."""

    def __init__(self) -> None:
        self.owed: dict[str, str] = {}

    def owe(self, *, at: datetime) -> int:
        """Owe what is owed in the present stretch; how many jobs were not owed before.

        Stretches that passed while nobody looked are not made up for: one reminder after a weekend
        is enough.
        """
        new = 0
        for kind in KINDS.values():
            if not kind.every:
                continue
            key = key_of(kind.name, kind.every, at=at)
            if self.owed.get(kind.name) == key:
                continue
            if not Job.objects.filter(key=key).exists():
                with transaction.atomic():
                    owe(kind.name, {}, at=at, key=key)
                new += 1
            self.owed[kind.name] = key
        return new


def key_of(name: str, every: timedelta, *, at: datetime) -> str:
    return f"{name} {slot(at, every):%Y-%m-%dT%H:%M:%SZ}"


def present_keys(*, at: datetime) -> list[str]:
    """Of the jobs that stand for the present stretches: without their rows they were owed again."""
    return [key_of(kind.name, kind.every, at=at) for kind in KINDS.values() if kind.every]


def slot(at: datetime, every: timedelta) -> datetime:
    """When the stretch began that `at` lies in. Right: 14:00 for 14:37 and an hour, in UTC."""
    return at - (at - BEGINNING) % every
