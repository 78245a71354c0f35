"""Keeping what was asked, offered and opened."""

import logging
from collections.abc import Collection, Iterable, Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime, timedelta
from hashlib import sha256
from itertools import count
from json import dumps

from django.conf import settings
from django.db import DatabaseError, InterfaceError, transaction
from django.db.models import Exists, OuterRef

from incidents.lib.brief_writes import brief_write
from incidents.lookup.evaluation import DEPTH
from incidents.lookup.learning.row import (
    SAME_QUESTION,
    gist_of,
    is_asked_again,
    is_erased,
    is_typed_on,
    same_question,
)
from incidents.lookup.queries import best_runbooks
from incidents.lookup.question import read_question
from incidents.models import KeptQuery, Lookup, Opening, Runbook, User

logger = logging.getLogger(__name__)

FEW = 5
"""Lookups of a person at which is looked for one that goes on."""
BATCH = 500
"""Lookups that go at a time when they are too old."""
REPLACED = ["asked_at", "way", "typing", "text", "labels", "gist", "answered_by", "offered"]

_dropped = count(1)


class NothingOffered(Exception):
    """A runbook was named that the lookup did not offer."""

    def __init__(self) -> None:
        super().__init__("This runbook was not among what was offered.")


def keep(row: Lookup) -> None:
    """Keep the lookup, or bring the row up to date that it goes on from.

    1. What is typed on goes into the row of what was typed before.
    2. The same question of the same person, asked again at once, is kept already.
    3. Anything else is a row of its own; and if its person has just asked the same in other words
       and opened nothing, that one is marked.

    Where the database cannot be written, or is locked by somebody else, the lookup is lost and the
    log says so: it was answered, and the next answer must not wait for it.
    """
    with lost_if_unwritable():
        if settings.LOOKUP_DAYS == 0:
            forget_before(row.asked_at)
            return
        earlier, unopened = just_asked(row)
        typed_from = next((one for one in unopened if is_typed_on(one, row)), None)
        if any(same_question(one, row) for one in ([typed_from] if typed_from else earlier)):
            return
        if typed_from is not None and is_erased(typed_from, row):
            return
        with brief_write():
            if typed_from is not None:
                replace(typed_from, row)
            else:
                add(row, after=next((one for one in unopened if one in earlier[:1]), None))
        forget_before(row.asked_at - timedelta(days=settings.LOOKUP_DAYS))


def just_asked(row: Lookup) -> tuple[list[Lookup], list[Lookup]]:
    """What the person of this lookup asked in the last minutes, the latest first: all of it, and
    that of which nothing was opened."""
    rows = Lookup.objects.filter(
        asked_by=row.asked_by_id, asked_at__gt=row.asked_at - SAME_QUESTION
    )
    if row.asked_by_id is None:
        # Of nobody's questions those count that were asked in the same way.
        rows = rows.filter(way=row.way)
    was_opened = Exists(Opening.objects.filter(lookup=OuterRef("pk")))
    latest = rows.annotate(was_opened=was_opened).order_by("-asked_at", "-id")[:FEW]
    return list(latest), [one for one in latest if not one.was_opened]


def replace(earlier: Lookup, row: Lookup) -> None:
    """Only where no later text came first, and nothing was opened from it."""
    values = {name: getattr(row, name) for name in REPLACED}
    unopened = ~Exists(Opening.objects.filter(lookup=OuterRef("pk")))
    Lookup.objects.filter(unopened, pk=earlier.pk, asked_at__lte=row.asked_at).update(**values)


def add(row: Lookup, *, after: Lookup | None) -> None:
    """`after` is what its person asked just before, where nothing was opened from that."""
    row.save(force_insert=True)
    if after is not None and is_asked_again(after, row):
        Lookup.objects.filter(pk=after.pk).update(asked_again=True)


def forget_before(moment: datetime) -> None:
    """The oldest go, with what was opened from them; what was said of a runbook stays."""
    old = Lookup.objects.filter(asked_at__lt=moment).order_by("asked_at")
    if keys := list(old.values_list("pk", flat=True)[:BATCH]):
        with brief_write():
            Lookup.objects.filter(pk__in=keys).delete()


@transaction.atomic
def forget(lookup: Lookup) -> None:
    """As if it had never been asked; what was said of a runbook stays."""
    lookup.delete()


def note_opening(lookup: Lookup, *, runbook: Runbook, at: datetime) -> None:
    """That the runbook was opened from what the lookup offered. Lost as `keep` loses."""
    with lost_if_unwritable(), brief_write():
        add_opening(lookup, runbook=runbook, at=at)


def add_opening(lookup: Lookup, *, runbook: Runbook, at: datetime) -> None:
    """Raises `NothingOffered`."""
    if runbook.pk not in lookup.offered:
        raise NothingOffered
    place = lookup.offered.index(runbook.pk) + 1
    Opening.objects.bulk_create(
        [Opening(lookup=lookup, runbook=runbook, place=place, opened_at=at)],
        ignore_conflicts=True,
    )


@contextmanager
def lost_if_unwritable() -> Iterator[None]:
    try:
        yield
    except (DatabaseError, InterfaceError) as error:
        # Not what was asked: a log is read by others than the lookups are.
        logger.warning("What was looked up was not kept (loss %d): %s", next(_dropped), error)


@transaction.atomic
def keep_query(
    text: str,
    labels: Mapping[str, str],
    *,
    relevant: Collection[Runbook],
    by: User,
    at: datetime,
) -> KeptQuery:
    """Keep the question with its right runbooks; those of the same question are replaced.

    The place at which one of them stands now is the best that is known.
    """
    told = dumps([text, sorted(labels.items())])
    query, _ = KeptQuery.objects.update_or_create(
        sha256=sha256(told.encode()).hexdigest(),
        defaults={
            "text": text,
            "labels": dict(labels),
            "gist": gist_of(text, labels),
            "best_rank": rank_now(text, labels, relevant=relevant),
            "kept_at": at,
            "kept_by": by,
        },
    )
    query.relevant.set(relevant)
    return query


def rank_now(text: str, labels: Mapping[str, str], *, relevant: Collection[Runbook]) -> int | None:
    found = best_runbooks(read_question(text, labels), limit=DEPTH)
    right = {runbook.pk for runbook in relevant}
    return next((at for at, runbook in enumerate(found, 1) if runbook.pk in right), None)


def remove_query(query: KeptQuery) -> None:
    query.delete()


def remember_ranks(queries: Iterable[KeptQuery], ranks: Iterable[int | None]) -> None:
    """Where the queries stand now, each where it is better than ever."""
    for query, rank in zip(queries, ranks, strict=False):
        if rank is not None and (query.best_rank is None or rank < query.best_rank):
            KeptQuery.objects.filter(pk=query.pk).update(best_rank=rank)
