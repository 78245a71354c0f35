"""Keeps what can be found in step with the records, in the transaction that writes them."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from itertools import groupby
from operator import itemgetter

from django.db import transaction
from django.db.models import Exists, Model, OuterRef

from incidents.lookup.copied_words import copied_words
from incidents.lookup.engines import Index, Rows, engine
from incidents.lookup.engines.reading import read_on
from incidents.lookup.engines.writes import write_number
from incidents.lookup.matchers import readable_alerts
from incidents.lookup.terms import indexed
from incidents.lookup.words import KINDS, is_findable, kind_of, words_of
from incidents.models import (
    LONGEST_INDEXED_NAME,
    AlertMatcher,
    Runbook,
    RunbookState,
    RunbookWords,
    SearchEntry,
)

WRITTEN = ("kind", "record_id", "title", "names", "body", "written")
BATCH = 100
"""Records of one transaction when all are written anew."""


_waiting: ContextVar[dict[tuple[str, int], Model] | None] = ContextVar("waiting", default=None)


@contextmanager
def findable_together() -> Iterator[None]:
    """What is written within is made findable at its end, at one go and each record once.

    For operations on many records, in the transaction that holds them all.
    """
    waiting: dict[tuple[str, int], Model] = {}
    token = _waiting.set(waiting)
    try:
        yield
    finally:
        _waiting.reset(token)
    if waiting:
        keep_findable(*waiting.values())


@transaction.atomic
def keep_findable(*rows: Model) -> None:
    """Write anew what the rows are found by. Called by every operation that changes it.

    1. Hold each row's entry: who writes the same record next waits here, and so reads what is
       written now. Entries are held in one order, so that two writers never wait for each other.
    2. Read the row again, and write its words to the entry; of a runbook also to the database's
       index, its alert matchers, and what copies of it need. The archive's index reads the entry by
       itself.
    """
    wanted = {(str(kind_of(row)), int(row.pk)): row for row in rows}
    waiting = _waiting.get()
    if waiting is not None:
        waiting |= wanted
        return
    number = write_number()
    for kind, keys in groupby(sorted(wanted), key=itemgetter(0)):
        write_entries([wanted[kind, key] for _, key in keys], number)


def write_entries(rows: list[Model], number: int) -> None:
    """Of rows of one table, in the order of their keys."""
    entries = held_entries(rows)
    there = type(rows[0])._default_manager.in_bulk([row.pk for row in rows])
    current = [each for row in rows if (each := there.get(row.pk)) and is_findable(each)]
    found = {row.pk for row in current}
    if gone := [row for row in rows if row.pk not in found]:
        forget(*gone)
    for row, words in zip(current, words_of(*current), strict=True):
        entry = entries[row.pk]
        entry.title, entry.names, entry.body = words.title, words.names, words.body
        entry.written = number
    keep_entries([entries[row.pk] for row in current])
    for runbook in current:
        if isinstance(runbook, Runbook):
            engine().write(Index.RUNBOOKS, [terms_of(entries[runbook.pk])])
            keep_matchers(runbook)
            keep_copied_words(runbook)


def keep_entries(entries: list[SearchEntry]) -> None:
    """Write what entries that are held say, in one statement."""
    SearchEntry.objects.bulk_create(
        [SearchEntry(**{name: getattr(entry, name) for name in WRITTEN}) for entry in entries],
        update_conflicts=True,
        unique_fields=["kind", "record_id"],
        update_fields=["title", "names", "body", "written"],
    )


@transaction.atomic
def make_findable(rows: Sequence[Model]) -> None:
    """Write what new rows of one table are found by: nobody else can know of them yet."""
    rows = [row for row in rows if is_findable(row)]
    number = write_number()
    entries = [
        SearchEntry(
            kind=words.kind,
            record_id=row.pk,
            title=words.title,
            names=words.names,
            body=words.body,
            written=number,
        )
        for row, words in zip(rows, words_of(*rows), strict=True)
    ]
    SearchEntry.objects.bulk_create(entries)
    runbooks = [row for row in rows if isinstance(row, Runbook)]
    if runbooks:
        engine().write(Index.RUNBOOKS, map(terms_of, entries))
    AlertMatcher.objects.bulk_create(each for one in runbooks for each in matchers_of(one))
    RunbookWords.objects.bulk_create(copied_words(*runbooks))


@transaction.atomic
def forget(*rows: Model) -> None:
    """The rows are no longer found."""
    for row in rows:
        for entry in SearchEntry.objects.filter(kind=kind_of(row), record_id=row.pk):
            if isinstance(row, Runbook):
                engine().erase(Index.RUNBOOKS, [entry.pk])
            entry.delete()
        if isinstance(row, Runbook):
            AlertMatcher.objects.filter(runbook=row).delete()
            RunbookWords.objects.filter(runbook=row).delete()


def matchers_of(runbook: Runbook) -> list[AlertMatcher]:
    """Which alerts the runbook answers, not saved; a retired one answers none."""
    lines = readable_alerts(runbook.alerts) if runbook.state == RunbookState.ACTIVE else []
    wanted = [
        AlertMatcher(runbook=runbook, position=position, line=line.text, alertname=line.alertname)
        for position, line in enumerate(lines)
    ]
    for row in wanted:
        if row.alertname and len(row.alertname) > LONGEST_INDEXED_NAME:
            row.alertname = None
    return wanted


def keep_matchers(runbook: Runbook) -> None:
    wanted = matchers_of(runbook)
    kept = AlertMatcher.objects.filter(runbook=runbook)
    told = [(row.line, row.alertname) for row in kept.order_by("position")]
    if told != [(row.line, row.alertname) for row in wanted]:
        kept.delete()
        AlertMatcher.objects.bulk_create(wanted)


def keep_copied_words(runbook: Runbook) -> None:
    """Who writes the same meanwhile waits for the runbook's entry, so no write goes uncounted."""
    [words] = copied_words(runbook)
    kept = RunbookWords.objects.filter(runbook=runbook).values_list("version", flat=True).first()
    words.version = (kept or 0) + 1
    words.save(force_insert=kept is None)


def rebuild() -> int:
    """Write anew what every record is found by; how many records that are.

    People may write meanwhile: each batch is a transaction of its own, and holds its entries as an
    operation does. Entries and index rows that belong to no record go.
    """
    for model, kind in KINDS.items():
        manager = model._default_manager
        record = manager.filter(pk=OuterRef("record_id"))
        SearchEntry.objects.filter(~Exists(record), kind=kind).delete()
        keys = list(manager.order_by("pk").values_list("pk", flat=True))
        for start in range(0, len(keys), BATCH):
            keep_findable(*manager.filter(pk__in=keys[start : start + BATCH]))
    engine().erase_orphans(Index.RUNBOOKS)
    read_on(wait=True, from_scratch=True)
    return SearchEntry.objects.count()


def terms_of(entry: SearchEntry) -> Rows:
    return Rows(entry.pk, indexed(f"{entry.title}\n{entry.names}"), indexed(entry.body))


def held_entries(rows: list[Model]) -> dict[int, SearchEntry]:
    """The entries of rows of one table, made where there are none, held until the transaction
    ends; by the keys of the rows."""
    kind = kind_of(rows[0])
    SearchEntry.objects.bulk_create(
        [SearchEntry(kind=kind, record_id=row.pk, title="") for row in rows], ignore_conflicts=True
    )
    held = SearchEntry.objects.select_for_update().filter(
        kind=kind, record_id__in=[row.pk for row in rows]
    )
    return {entry.record_id: entry for entry in held.order_by("record_id")}
