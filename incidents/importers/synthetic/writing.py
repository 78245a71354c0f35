"""Writing many new records at once: rows, history and search entries, in one transaction.

What the operations of each capability do for one record is done here for hundreds, with the same
outcome: a test compares it with theirs.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import cache
from itertools import chain
from typing import Any, Generic, TypeVar

from django.db import transaction
from django.db.models import Model

from incidents.history.documents import PARTS, document_of
from incidents.history.rows import PartChange, part
from incidents.history.seals import seal
from incidents.history.values import EMPTY, Plain, to_plain
from incidents.importers.synthetic.tables import insert_rows
from incidents.lib.quick_markdown import quick_html
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
    for links in links_of(documents).values():
        insert_rows(links)
    insert_rows([line_of_history(document) for document in documents])
    for document in documents:
        remember(document)
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
    insert_rows(rows)


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


def remember(document: Document[Any]) -> None:
    """Let the row know what it is linked with, as if it had been read: in the tables' order."""
    fetched: dict[str, list[Any]] = {}
    for name, others in document.many.items():
        fetched[name] = sorted(others, key=str)
    for table in PARTS.get(str(document.row._meta.model_name), ()):
        fetched[f"{table._meta.model_name}s"] = []
    for part_row in document.parts:
        fetched[f"{part_row._meta.model_name}s"].append(part_row)
    document.row._prefetched_objects_cache = fetched  # noqa: SLF001 (as prefetching does)


def line_of_history(document: Document[Any]) -> Change:
    """One line that made all of it, as if it had been entered at one go."""
    made = document_of(document.row)
    parts = [created(document.row, document.many), *(created(row, {}) for row in document.parts)]
    change = Change(
        document_type=made.type,
        document_id=made.id,
        at=document.at,
        by=document.by,
        summary=document.summary[:300],
        parts=parts,
        number=1,
    )
    seal(change)
    return change


def created(row: Editable | User, many: dict[str, list[Model]]) -> PartChange:
    """What `history.rows.insert_rows` says of a row, without asking the database for its links."""
    values = vars(row)
    fields: dict[str, Plain] = {}
    for name, attribute in tracked(type(row)):
        value: Plain
        if attribute is None:
            value = sorted(other.pk for other in many.get(name, ()))
        else:
            value = to_plain(values[attribute])
        if value not in EMPTY:
            fields[name] = [None, value]
    return part(row, "created", fields)


@cache
def tracked(table: type[Editable | User]) -> list[tuple[str, str | None]]:
    """Each field that history keeps, and where a row has its value; None for links with others."""
    columns: list[tuple[str, Any]]
    columns = [(name, table._meta.get_field(name)) for name in table.TRACKED]
    return [(name, None if column.many_to_many else column.attname) for name, column in columns]
