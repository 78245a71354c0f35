"""Giving lines of history their numbers and seals."""

from collections import defaultdict
from itertools import groupby

from django.db import connection, transaction

from incidents.history.documents import Document
from incidents.history.seals import HALF, is_sealed_as_last, seal, was_sealed_as_last
from incidents.models import Change

WHOLE = 2 * HALF
AT_ONCE = 500
NO_LONGER_THE_LAST = """
    UPDATE incidents_change SET last_seal = substr(last_seal, 1, %s)
    WHERE length(last_seal) = %s AND id = (
        SELECT MAX(id) FROM incidents_change WHERE document_type = %s AND document_id = %s
    )
    RETURNING number, last_seal
"""


def next_number(document: Document) -> int:
    """The number of the line that is about to be written.

    What was the last line is so no more, and is held until the transaction ends: two that write
    into one history do so one after the other.
    """
    while True:
        with connection.cursor() as cursor:
            cursor.execute(NO_LONGER_THE_LAST, [HALF, WHOLE, *document])
            found = cursor.fetchall()
        if found:
            number, half = found[0]
            last = Change(document_type=document.type, document_id=document.id, number=number)
            last.last_seal = half
            return number_after(last, was_last=was_sealed_as_last(last))
        lines = Change.objects.filter(document_type=document.type, document_id=document.id)
        end = lines.select_for_update().order_by("-id").first()
        if end is None:
            return 1
        # Else somebody wrote another line while this one waited for them.
        if len(end.last_seal or "") != WHOLE and not lines.filter(pk__gt=end.pk).exists():
            return lines.count() + 1 if end.number is None else number_after(end, was_last=False)


def number_after(change: Change, *, was_last: bool) -> int:
    """Two on after a line that was not the last: that there was another one stays to be seen."""
    return (change.number or 0) + (1 if was_last else 2)


def seal_what_has_none() -> int:
    """Lines from before there were seals, or that the version before wrote beside this one.

    Those that have one keep it, whatever it says. Returns how many got one.
    """
    without = Change.objects.filter(seal=None).order_by()
    keys: dict[str, list[int]] = defaultdict(list)
    for kind, key in without.values_list("document_type", "document_id").distinct():
        keys[kind].append(key)
    return sum(
        seal_documents(kind, some)
        for kind, found in keys.items()
        for some in in_lots(sorted(found))
    )


def in_lots(keys: list[int]) -> list[list[int]]:
    return [keys[start : start + AT_ONCE] for start in range(0, len(keys), AT_ONCE)]


@transaction.atomic
def seal_documents(kind: str, keys: list[int]) -> int:
    lines = Change.objects.filter(document_type=kind, document_id__in=keys)
    held = lines.select_for_update().order_by("id")
    by_document = sorted(held, key=lambda line: (line.document_id, line.pk))
    newly = 0
    written: list[Change] = []
    for _, some in groupby(by_document, key=lambda line: line.document_id):
        of_one = list(some)
        newly += sum(line.seal is None for line in of_one)
        written += seal_in_order(of_one)
    with connection.cursor() as cursor:
        cursor.executemany(
            "UPDATE incidents_change SET number = %s, seal = %s, last_seal = %s WHERE id = %s",
            [(line.number, line.seal, line.last_seal, line.pk) for line in written],
        )
    return newly


def seal_in_order(lines: list[Change]) -> list[Change]:
    """All lines of one document: those that have no number get the next, and a seal."""
    before: Change | None = None
    for line in lines:
        if line.seal is None:
            was_last = before is not None and is_sealed_as_last(before)
            line.number = number_after(before, was_last=was_last) if before else 1
            seal(line)
        if before is not None and is_sealed_as_last(before):
            before.last_seal = (before.last_seal or "")[:HALF]
        before = line
    return lines


def unseal_all() -> None:
    Change.objects.update(number=None, seal=None, last_seal=None)
