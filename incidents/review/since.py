"""Which records that a frozen review counted have changed since. History keeps their versions."""

from collections import Counter
from collections.abc import Mapping
from typing import NamedTuple

from django.core.paginator import Page
from django.db.models import Max, Model
from django.urls import reverse

from incidents.history.documents import TABLES, VISIBLE_DOCUMENTS
from incidents.history.words import shown_kind
from incidents.lib.lists import page_of
from incidents.models import Change, ReviewEdition, User
from incidents.review.keys import Keys


class Versions(NamedTuple):
    """Which version of a record was counted, and which it has now: 1 is as it was made."""

    then: int
    now: int


class Changed(NamedTuple):
    document: str
    key: int
    line: int
    """Of its history, up to which it was counted; 0 where there was none."""
    last: int


class ChangedRecord(NamedTuple):
    row: Model
    kind: str
    versions: Versions
    url: str
    """Of what changed."""


def frozen_lines(edition: ReviewEdition, document: str) -> dict[int, int]:
    """By the key of each record that was counted, the last line of its history then."""
    return dict(edition.record_versions.get(document, []))


def changed_since(edition: ReviewEdition, user: User) -> list[Changed]:
    """Those of which the person may know now, what changed last first."""
    found = []
    for document in edition.record_versions:
        then = frozen_lines(edition, document)
        lines = Change.objects.filter(document_type=document, document_id__in=Keys(then))
        last = lines.order_by().values_list("document_id").annotate(Max("id"))
        changed = {key: line for key, line in last if line > then[key]}
        rows = VISIBLE_DOCUMENTS[document](user).filter(pk__in=Keys(changed))
        found += [
            Changed(document, key, then[key], changed[key])
            for key in rows.values_list("pk", flat=True)
        ]
    return sorted(found, key=lambda one: one.last, reverse=True)


def page_of_changed(
    changed: list[Changed], wanted: str | None
) -> tuple[Page[Changed], list[ChangedRecord]]:
    """A page of them, and what it shows. The person has been found to know of each."""
    page = page_of(changed, wanted)
    rows: dict[str, dict[int, Model]] = {}
    versions: dict[str, dict[int, Versions]] = {}
    for document in {one.document for one in page}:
        then = {one.key: one.line for one in page if one.document == document}
        rows[document] = TABLES[document]._base_manager.in_bulk(then.keys())
        versions[document] = versions_since(document, then)
    return page, [
        ChangedRecord(
            rows[one.document][one.key],
            shown_kind(one.document),
            versions[one.document][one.key],
            address_of(one),
        )
        for one in page
    ]


def versions_since(document: str, then: Mapping[int, int]) -> dict[int, Versions]:
    """Of records of one kind, by their keys and the lines up to which they were counted."""
    lines = Change.objects.filter(document_type=document, document_id__in=Keys(then))
    before: Counter[int] = Counter()
    after: Counter[int] = Counter()
    for key, line in lines.order_by().values_list("document_id", "id"):
        (before if line <= then[key] else after)[key] += 1
    # What was there before history began is a version of its own.
    known = {key: max(before[key], 1) for key in then}
    return {key: Versions(known[key], known[key] + after[key]) for key in then}


def address_of(one: Changed) -> str:
    if not one.line:
        return reverse("history:history", args=[one.document, one.key])
    url = reverse("history:compare", args=[one.document, one.key])
    return f"{url}?from={one.line}"
