"""Writing many new records at once: rows, history and search entries, in one transaction.

What the operations of each capability do for one record is done here for hundreds, with the same
outcome: a test compares it with theirs.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from itertools import chain
from typing import Any, Generic, TypeVar

from django.db import transaction
from django.db.models import Model

from incidents.history.documents import document_of
from incidents.history.rows import PartChange, part
from incidents.history.values import EMPTY, Plain, to_plain
from incidents.importers.synthetic.prose import quick_html
from incidents.lookup.operations import make_findable
from incidents.lookup.words import KINDS
from incidents.models import Change, Editable, User

Row_co = TypeVar("Row_co", bound=Editable | User, covariant=True)


@dataclass
class Document(Generic[Row_co]):
    """A new record: its own row, its parts in order, and what it is linked with."""

    row: Row_co
    summary: str
    by: User | None
    at: datetime
    parts: list[Editable] = field(default_factory=list)
    many: dict[str, list[Model]] = field(default_factory=dict)

    @property
    def rows(self) -> list[Editable | User]:
        return [self.row, *self.parts]


@transaction.atomic
def write_documents(documents: Sequence[Document[Any]]) -> None:
    """All or none of them. They may be of several tables: rows are written in the order given."""
    for document in documents:
        for row in document.rows:
            if isinstance(row, Editable):
                row.created_at = row.changed_at = document.at
    for rows in by_table(document.row for document in documents):
        write_rows(rows)
    for rows in by_table(chain.from_iterable(document.parts for document in documents)):
        write_rows(rows)
    for table, links in links_of(documents).items():
        table._default_manager.bulk_create(links)
    Change.objects.bulk_create([line_of_history(document) for document in documents])
    findable = [document.row for document in documents if type(document.row) in KINDS]
    for found in by_table(findable):
        make_findable(found)


def by_table(rows: Iterable[Editable | User]) -> list[list[Editable | User]]:
    tables: dict[type[Model], list[Editable | User]] = {}
    for row in rows:
        tables.setdefault(type(row), []).append(row)
    return list(tables.values())


def write_rows(rows: list[Editable | User]) -> None:
    for row in rows:
        for name in row.PROSE:
            setattr(row, f"{name}_html", quick_html(getattr(row, name)))
    type(rows[0])._default_manager.bulk_create(rows)  # type: ignore[arg-type]  # rows of its own


def links_of(documents: Iterable[Document[Any]]) -> dict[type[Model], list[Model]]:
    """The rows of the tables between, for the many-to-many fields."""
    links: dict[type[Model], list[Model]] = defaultdict(list)
    for document in documents:
        for name, others in document.many.items():
            relation = type(document.row)._meta.get_field(name)
            between = relation.remote_field.through
            here, there = relation.m2m_column_name(), relation.m2m_reverse_name()
            links[between] += [
                between(**{here: document.row.pk, there: other.pk}) for other in others
            ]
    return links


def line_of_history(document: Document[Any]) -> Change:
    """One line that made all of it, as if it had been entered at one go."""
    made = document_of(document.row)
    parts = [created(document.row, document.many), *(created(row, {}) for row in document.parts)]
    return Change(
        document_type=made.type,
        document_id=made.id,
        at=document.at,
        by=document.by,
        summary=document.summary[:300],
        parts=parts,
    )


def created(row: Editable | User, many: dict[str, list[Model]]) -> PartChange:
    """What `history.rows.insert_row` says of a row, without asking the database for its links."""
    fields: dict[str, Plain] = {}
    for name in row.TRACKED:
        column = row._meta.get_field(name)
        value: Plain
        if column.many_to_many:
            value = sorted(other.pk for other in many.get(name, ()))
        else:
            value = to_plain(getattr(row, column.attname))  # type: ignore[union-attr]  # a column
        if value not in EMPTY:
            fields[name] = [None, value]
    return part(row, "created", fields)
