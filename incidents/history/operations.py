"""The ways to write a row that people edit. Every other operation goes through these.

Each writes the row and its line of history in one transaction; neither can exist alone.
"""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any, TypeVar, cast

from django.db import transaction
from django.db.models import F, Model

from incidents.history.documents import document_of, model_name
from incidents.history.queries import values_at_version
from incidents.history.values import Plain, difference, plain_value, plain_values, to_plain
from incidents.lib.markdown import render
from incidents.models import Change, Editable, User

Row = TypeVar("Row", bound=Editable | User)


class EditConflict(Exception):
    """Somebody else changed the same fields while they were being edited. Nothing was written.

    `current` is the row as it is now, `wanted` what was to be written, `fields` those that both
    changed.
    """

    def __init__(self, current: Model, wanted: Mapping[str, Any], fields: set[str]) -> None:
        self.current = current
        self.wanted = dict(wanted)
        self.fields = fields
        super().__init__("Somebody else changed this while you were editing. Nothing was lost.")


class RowGone(Exception):
    """The row was removed while it was being edited. Its text is in the record's history."""

    def __init__(self) -> None:
        super().__init__("This was removed while you were editing it; its history is kept.")


def create_record(
    row: Row,
    *,
    by: User | None,
    at: datetime,
    summary: str,
    related: Mapping[str, Iterable[Model]] | None = None,
) -> Row:
    """Save a new row with its many-to-many `related` rows, and the line of history that says so.

    Raises `incidents.lib.markdown.TextTooLong`.
    """
    return create_records([row], by=by, at=at, summary=summary, related=related)[0]


@transaction.atomic
def create_records(
    rows: list[Row],
    *,
    by: User | None,
    at: datetime,
    summary: str,
    related: Mapping[str, Iterable[Model]] | None = None,
) -> list[Row]:
    """Save several new rows of one document under one line of history."""
    parts = []
    for row in rows:
        render_prose(row)
        if isinstance(row, Editable):
            row.created_at = row.changed_at = at
        row.save(force_insert=True)
        for field, others in (related or {}).items():
            getattr(row, field).set(others)
        parts.append(part(row, "created", {k: [None, v] for k, v in filled_values(row).items()}))
    if rows:
        write_change(rows[0], by=by, at=at, summary=summary, parts=parts)
    return rows


@transaction.atomic
def change_record(
    row: Row,
    *,
    version: int,
    values: Mapping[str, Any],
    by: User | None,
    at: datetime,
    summary: str,
) -> Row:
    """Write `values` to the row; `version` is the one that they were made from.

    Values name columns, and many-to-many fields with the rows that they are to have. Where somebody
    else saved in between, the fields that only one of both changed are merged; one that both
    changed, differently, is a conflict. A row that already holds the values is left alone, so the
    same form sent twice is no conflict. The row given is not touched; the saved one is returned.

    Raises `EditConflict` or `RowGone`, nothing being written, and
    `incidents.lib.markdown.TextTooLong`.
    """
    current = locked(row)
    old = {name: plain_value(current, name) for name in values}
    new = {name: wanted_value(current, name, value) for name, value in values.items()}
    changed = {name for name in values if new[name] != old[name]}
    if current.version != version:
        changed = merged(current, version=version, old=old, new=new, values=values)
    if not changed:
        return current
    many = {name for name in changed if is_many(current, name)}
    for name in changed - many:
        setattr(current, name, values[name])
    render_prose(current, only=changed)
    rendered = {f"{name}_html" for name in changed if name in row.PROSE}
    columns = {name: getattr(current, name) for name in changed - many | rendered}
    if isinstance(current, Editable):
        columns["changed_at"] = at
    written = (
        type(current)
        ._default_manager.filter(pk=row.pk, version=current.version)
        .update(**columns, version=F("version") + 1)
    )
    if not written:
        raise EditConflict(locked(row), values, changed)
    for name in many:
        getattr(current, name).set(values[name])
    current.version += 1
    fields = {name: difference(old[name], new[name]) for name in changed}
    write_change(current, by=by, at=at, summary=summary, parts=[part(current, "changed", fields)])
    return current


@transaction.atomic
def remove_record(row: Row, *, version: int, by: User | None, at: datetime, summary: str) -> Change:
    """Take a part out of its document. History keeps all of it, so that it can be brought back.

    Raises `EditConflict` where somebody changed it in between, `RowGone` where it is gone already.
    """
    current = locked(row)
    if current.version != version:
        raise EditConflict(current, {}, set())
    fields = {name: [value, None] for name, value in filled_values(current).items()}
    parts = [part(current, "removed", fields)]
    change = write_change(current, by=by, at=at, summary=summary, parts=parts)
    current.delete()
    return change


def merged(
    current: Row,
    *,
    version: int,
    old: Mapping[str, Plain],
    new: Mapping[str, Plain],
    values: Mapping[str, Any],
) -> set[str]:
    """The fields that only the later saver changed; raises `EditConflict` for those that both did.

    1. Read from history what the fields were in the version that the later saver saw.
    2. Theirs: what is different from it now. Mine: what I want different from it.
    3. A field in both with different values is a conflict.
    """
    seen = values_at_version(current, version)
    if seen is None:
        raise EditConflict(current, values, {name for name in new if new[name] != old[name]})
    mine = {name for name in new if new[name] != seen.get(name, old[name])}
    both = {name for name in mine & seen.keys() if new[name] != old[name]}
    if both:
        raise EditConflict(current, values, both)
    return {name for name in mine if new[name] != old[name]}


def locked(row: Row) -> Row:
    """The row as it is in the database now, held until the transaction ends.

    PostgreSQL locks the row; SQLite has let only one writer in since the transaction began.
    """
    current = type(row)._base_manager.select_for_update(of=("self",)).filter(pk=row.pk).first()
    if current is None:
        raise RowGone
    return cast(Row, current)


def render_prose(row: Row, *, only: set[str] | None = None) -> None:
    """Render the Markdown fields; raises `incidents.lib.markdown.TextTooLong`."""
    for name in row.PROSE:
        if hasattr(row, f"{name}_html") and (only is None or name in only):
            setattr(row, f"{name}_html", render(getattr(row, name)))


def filled_values(row: Row) -> dict[str, Plain]:
    values = plain_values(row, row.TRACKED)
    return {name: value for name, value in values.items() if value not in (None, "", [])}


def wanted_value(row: Row, name: str, value: Any) -> Plain:
    """A value to be written, in the form in which history keeps the field."""
    if is_many(row, name):
        return sorted(other.pk for other in value)
    return to_plain(value.pk if isinstance(value, Model) else value)


def is_many(row: Model, name: str) -> bool:
    return bool(row._meta.get_field(name).many_to_many)


def part(row: Model, did: str, fields: Mapping[str, Plain]) -> dict[str, Plain]:
    return {"record": model_name(row), "id": row.pk, "did": did, "fields": dict(fields)}


def write_change(
    row: Model, *, by: User | None, at: datetime, summary: str, parts: list[dict[str, Plain]]
) -> Change:
    """The line of history itself."""
    document = document_of(row)
    return Change.objects.create(
        document_type=document.type,
        document_id=document.id,
        by=by,
        at=at,
        summary=summary[:300],
        parts=parts,
    )
