"""Whether the clocks by which the site measures agree."""

from collections.abc import Iterator
from datetime import datetime, timedelta

from django.db.backends.base.base import BaseDatabaseWrapper

from incidents.models import Change

APART = timedelta(seconds=5)
BEHIND = timedelta(minutes=5)


def clock_problems(connection: BaseDatabaseWrapper, *, at: datetime) -> Iterator[str]:
    """`at` is what this machine takes for the present."""
    if connection.vendor == "postgresql":
        theirs = time_of(connection)
        if abs(theirs - at) > APART:
            yield (
                f"The clocks of this machine and of the database are {in_words(theirs - at)} apart:"
                " times in records and in history are off by as much, and so is when work is due."
            )
    newest = Change.objects.order_by("-pk").values_list("at", flat=True).first()
    if newest and newest - at > BEHIND:
        yield (
            f"The newest change is of {newest:%Y-%m-%d %H:%M} UTC, which is"
            f" {in_words(newest - at)} ahead of this machine's clock."
        )


def time_of(connection: BaseDatabaseWrapper) -> datetime:
    with connection.cursor() as cursor:
        cursor.execute("SELECT clock_timestamp()")
        found: tuple[datetime] = cursor.fetchone()
    return found[0]


def in_words(apart: timedelta) -> str:
    """Right: "7 seconds", "12 minutes", "3 hours"."""
    seconds = round(abs(apart.total_seconds()))
    for size, name in ((3600, "hours"), (60, "minutes")):
        if seconds >= 2 * size:
            return f"{seconds // size} {name}"
    return f"{seconds} seconds"
