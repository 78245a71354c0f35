"""Keeps what can be found in step with the records, in the transaction that writes them."""

from collections.abc import Sequence

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

BATCH = 100
"""Records of one transaction when all are written anew."""


@transaction.atomic
def keep_findable(*rows: Model) -> None:
    """Write anew what the rows are found by. Called by every operation that changes it.

    1. Hold each row's entry: who writes the same record next waits here, and so reads what is
       written now. Entries are held in one order, so that two writers never wait for each other.
    2. Read the row again, and write its words to the entry; of a runbook also to the database's
       index, its alert matchers, and what copies of it need. The archive's index reads the entry by
       itself.
    """
    number = write_number()
    for row in sorted(rows, key=lambda row: (kind_of(row), row.pk)):
        entry = held_entry(row)
        current = type(row)._default_manager.filter(pk=row.pk).first()
        if current is None or not is_findable(current):
            forget(row)
            continue
        [words] = words_of(current)
        entry.title, entry.names, entry.body = words.title, words.names, words.body
        entry.written = number
        entry.save()
        if isinstance(current, Runbook):
            engine().write(Index.RUNBOOKS, [terms_of(entry)])
            keep_matchers(current)
            keep_copied_words(current)


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
    for runbook in runbooks:
        keep_matchers(runbook)
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


def keep_matchers(runbook: Runbook) -> None:
    """The rows that say which alerts the runbook answers; a retired one answers none."""
    lines = readable_alerts(runbook.alerts) if runbook.state == RunbookState.ACTIVE else []
    wanted = [
        AlertMatcher(runbook=runbook, position=position, line=line.text, alertname=line.alertname)
        for position, line in enumerate(lines)
    ]
    for row in wanted:
        if row.alertname and len(row.alertname) > LONGEST_INDEXED_NAME:
            row.alertname = None
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


def held_entry(row: Model) -> SearchEntry:
    """The row's entry, made if there is none, held until the transaction ends."""
    kind = kind_of(row)
    SearchEntry.objects.bulk_create(
        [SearchEntry(kind=kind, record_id=row.pk, title="")], ignore_conflicts=True
    )
    return SearchEntry.objects.select_for_update().get(kind=kind, record_id=row.pk)
