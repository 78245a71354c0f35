"""Leaving a server alone that does not answer: each attempt would hold a worker for as long as we
have patience, and everything else that is light would wait behind it."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import F

from incidents.jobs.work import NotYet
from incidents.models import Endpoint, Pause
from incidents.notifications.channels.parcel import Gone, NoServer, NotBrought, NotNow

MOST_FAILURES = 3
"""In a row; then nothing is brought for a while."""
FIRST, LONGEST = timedelta(minutes=1), timedelta(minutes=15)
EMAIL = "email"


def way_to(endpoint: Endpoint | None) -> str:
    return EMAIL if endpoint is None else f"endpoint {endpoint.pk}"


@contextmanager
def unless_paused(way: str, *, at: datetime) -> Iterator[None]:
    """Raises `NotYet` instead of trying, where there is a pause; else notes how trying went.

    Whatever the server answers, it is there; what is not taken may not even have been brought.
    One that does not answer is tried once after each pause, by every worker at most, and the
    pauses grow.
    """
    if until := paused_until(way, at=at):
        words = (
            f"Its server did not answer {MOST_FAILURES} times or more: it is left alone for now."
        )
        raise NotYet(words, until=until)
    try:
        yield
    except NoServer:
        note_failure(way, at=at)
        raise
    except (Gone, NotNow, NotBrought):
        note_answer(way)
        raise
    note_answer(way)


def paused_until(way: str, *, at: datetime) -> datetime | None:
    return Pause.objects.filter(way=way, until__gt=at).values_list("until", flat=True).first()


@transaction.atomic
def note_failure(way: str, *, at: datetime) -> None:
    Pause.objects.bulk_create([Pause(way=way)], ignore_conflicts=True)
    Pause.objects.filter(way=way).update(failures=F("failures") + 1)
    failures = Pause.objects.values_list("failures", flat=True).get(way=way)
    if failures >= MOST_FAILURES:
        until = at + min(FIRST * 2 ** min(failures - MOST_FAILURES, 10), LONGEST)
        Pause.objects.filter(way=way).update(until=until)


def note_answer(way: str) -> None:
    # Nearly always there is none: looking takes no lock.
    if Pause.objects.filter(way=way).exists():
        Pause.objects.filter(way=way).delete()
