"""Keeping what was asked, offered and opened."""

import logging
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import datetime
from hashlib import sha256
from itertools import count
from json import dumps

from django.conf import settings
from django.db import DatabaseError, IntegrityError, InterfaceError, transaction
from django.db.models import Exists, OuterRef
from django.utils.translation import gettext

from incidents.lib.brief_writes import brief_write
from incidents.lib.removing import remove_in_steps
from incidents.lookup.evaluation import DEPTH
from incidents.lookup.learning.lately import FEW, REPLACED, Lately
from incidents.lookup.learning.row import SAME_QUESTION, gist_of
from incidents.lookup.queries import best_runbooks
from incidents.lookup.question import read_question
from incidents.models import KeptQuery, Lookup, Opening, Runbook, User

logger = logging.getLogger(__name__)

BATCH = 500
"""Lookups that go at a time when they are too old."""

_dropped = count(1)


class NothingOffered(Exception):
    """A runbook was named that the lookup did not offer."""

    def __init__(self) -> None:
        super().__init__(gettext("This runbook was not among what was offered."))


def keep(rows: Sequence[Lookup]) -> None:
    """Keep the lookups, in their order, or bring the rows up to date that they go on from.

    Where the database cannot be written, or is locked by somebody else, they are lost and the log
    says so: they were answered, and the next answer must not wait for them.
    """
    if settings.LOOKUP_DAYS == 0:
        return
    with lost_if_unwritable(len(rows)):
        try:
            keep_together(rows)
        except IntegrityError:
            if len(rows) == 1:
                raise
            # Somebody who asked is gone since; the others are not to lose theirs.
            for row in rows:
                row.pk = None
                keep([row])


def keep_together(rows: Sequence[Lookup]) -> None:
    lately: dict[Asker, Lately] = {}
    for row in rows:
        asker = asker_of(row)
        if asker not in lately:
            lately[asker] = Lately(just_asked(row))
        lately[asker].take(row)
    with brief_write():
        for one in lately.values():
            Lookup.objects.bulk_create(one.new)
            for row in one.replaced:
                replace(row)
            again = [row.pk for row in one.asked_again]
            Lookup.objects.filter(pk__in=again).update(asked_again=True)


Asker = tuple[int | None, str]


def asker_of(row: Lookup) -> Asker:
    """Of nobody's questions those belong together that were asked in the same way."""
    return row.asked_by_id, row.way if row.asked_by_id is None else ""


def just_asked(row: Lookup) -> list[tuple[Lookup, bool]]:
    """What the person of this lookup asked in the last minutes, the latest first, and of which of
    it something was opened."""
    rows = Lookup.objects.filter(
        asked_by=row.asked_by_id, asked_at__gt=row.asked_at - SAME_QUESTION
    )
    if row.asked_by_id is None:
        rows = rows.filter(way=row.way)
    was_opened = Exists(Opening.objects.filter(lookup=OuterRef("pk")))
    latest = rows.annotate(was_opened=was_opened).order_by("-asked_at", "-id")[:FEW]
    return [(one, one.was_opened) for one in latest]


def replace(row: Lookup) -> None:
    """Only where no later text came first, and nothing was opened from it."""
    values = {name: getattr(row, name) for name in REPLACED}
    unopened = ~Exists(Opening.objects.filter(lookup=OuterRef("pk")))
    Lookup.objects.filter(unopened, pk=row.pk, asked_at__lte=row.asked_at).update(**values)


def forget_before(moment: datetime) -> int:
    """How many went, with what was opened from them; what was said of a runbook stays."""
    old = Lookup.objects.filter(asked_at__lt=moment).order_by("asked_at")
    return sum(remove_in_steps(old, at_a_time=BATCH))


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
def lost_if_unwritable(number: int = 1) -> Iterator[None]:
    try:
        yield
    except (DatabaseError, InterfaceError) as error:
        for _ in range(number):
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
