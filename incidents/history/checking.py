"""Whether history is as it was written: each line by its seal, and each document by its numbers."""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import groupby

from django.db.models import Exists, OuterRef

from incidents.history.documents import PARTS, TABLES, Document
from incidents.history.seals import is_sealed, is_sealed_as_last, was_sealed_as_last
from incidents.models import Change

AT_ONCE = 2000
NOT_SEALED = "has no seal"
CHANGED = "is not as it was written, or is not where it was"
MISSING = "comes after others that are not there"
OUT_OF_ORDER = "does not stand in its place"
NOT_THE_LAST = "was not the last line: what came after it is not there"
MARKED = "is marked otherwise than a line that others follow"
NO_HISTORY = "has no history at all"


@dataclass(frozen=True)
class Finding:
    """What is wrong with one line; `line` is its key, None where there is none."""

    document: Document
    line: int | None
    wrong: str


@dataclass
class Checked:
    lines: int = 0


def check(told: Checked | None = None) -> Iterator[Finding]:
    """Everything that is wrong, in the order of documents and lines."""
    told = told or Checked()
    lines = Change.objects.order_by("document_type", "document_id", "id").iterator(AT_ONCE)
    for key, some in groupby(lines, key=lambda line: (line.document_type, line.document_id)):
        document = Document(*key)
        before, wrong = None, None
        for line in some:
            told.lines += 1
            wrong = wrong_with(line, before)
            if wrong is not None:
                yield Finding(document, line.pk, wrong)
            elif before is not None and before.seal and not was_sealed_as_last(before):
                yield Finding(document, before.pk, MARKED)
            before = line
        if before is not None and wrong is None and not is_sealed_as_last(before):
            yield Finding(document, before.pk, NOT_THE_LAST)
    yield from without_history()


def wrong_with(line: Change, before: Change | None) -> str | None:
    if line.seal is None or line.number is None:
        return NOT_SEALED
    if not is_sealed(line):
        return CHANGED
    expected = 1 if before is None else (before.number or 0) + 1
    if line.number == expected or (before is not None and before.number is None):
        return None
    return MISSING if line.number > expected else OUT_OF_ORDER


def without_history() -> Iterator[Finding]:
    """Records that nobody made."""
    parts = {table for tables in PARTS.values() for table in tables}
    for kind, table in TABLES.items():
        if table in parts:
            continue
        lines = Change.objects.filter(document_type=kind, document_id=OuterRef("pk"))
        found = (
            table._base_manager.filter(~Exists(lines)).order_by("pk").values_list("pk", flat=True)
        )
        for key in found.iterator(AT_ONCE):
            yield Finding(Document(kind, key), None, NO_HISTORY)
