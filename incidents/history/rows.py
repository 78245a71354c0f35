"""Writing one row without its line of history. For the operations of this folder alone."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any, TypeVar, cast

from django.db.models import F, Model
from django.utils.translation import gettext

from incidents.history.documents import model_name
from incidents.history.values import EMPTY, Plain, difference, filled_values, plain_value, to_plain
from incidents.lib.line_ends import with_plain_line_ends
from incidents.lib.quick_markdown import quick_html
from incidents.models import Editable, User

Row = TypeVar("Row", bound=Editable | User)
PartChange = dict[str, Plain]
"""What one operation did to one row: an entry of `Change.parts`."""


class RowGone(Exception):
    """The row was removed while it was being edited. Its text is in the record's history."""

    def __init__(self) -> None:
        super().__init__(
            gettext("This was removed while you were editing it; its history is kept.")
        )


def locked(row: Row) -> Row:
    """The row as it is in the database now, held until the transaction ends.

    PostgreSQL locks the row; SQLite has let only one writer in since the transaction began.
    Raises `RowGone`.
    """
    current = type(row)._base_manager.select_for_update(of=("self",)).filter(pk=row.pk).first()
    if current is None:
        raise RowGone
    return cast(Row, current)


def insert_rows(
    rows: Sequence[Editable | User],
    *,
    at: datetime,
    related: Mapping[str, Iterable[Model]] | None = None,
) -> list[PartChange]:
    """Rows of one table as one statement; `related` is of each of them.

    Raises `incidents.lib.markdown.TextTooLong`.
    """
    links = {name: list(others) for name, others in (related or {}).items()}
    for row in rows:
        for name in row.TRACKED:
            # Only columns: what a row is linked with cannot be asked for before it is saved.
            if name in vars(row):
                setattr(row, name, with_plain_line_ends(vars(row)[name]))
        render_prose(row)
        if isinstance(row, Editable):
            row.created_at = row.changed_at = at
    if len(rows) == 1:
        rows[0].save(force_insert=True)
    elif rows:
        manager: Any = type(rows[0])._base_manager
        manager.bulk_create(rows)
    return [linked(row, links) for row in rows]


def linked(row: Editable | User, links: Mapping[str, list[Model]]) -> PartChange:
    """Link a row that is new with others; what history says of it."""
    values: dict[str, Plain] = {}
    for name in row.TRACKED:
        if not is_many(row, name):
            values[name] = plain_value(row, name)
        elif others := links.get(name):
            getattr(row, name).add(*others)
            values[name] = sorted({other.pk for other in others})
    filled = {name: value for name, value in values.items() if value not in EMPTY}
    return part(row, "created", {name: [None, value] for name, value in filled.items()})


def update_row(
    current: Editable | User, values: Mapping[str, Any], *, at: datetime
) -> PartChange | None:
    """Write values that differ from those of `current`; None where it has another version by now.

    Raises `incidents.lib.markdown.TextTooLong`.
    """
    old = {name: plain_value(current, name) for name in values}
    many = {name for name in values if is_many(current, name)}
    for name in values.keys() - many:
        setattr(current, name, values[name])
    render_prose(current, only=set(values))
    rendered = {f"{name}_html" for name in values if name in current.PROSE}
    columns = {name: getattr(current, name) for name in values.keys() - many | rendered}
    if isinstance(current, Editable):
        columns["changed_at"] = at
    rows = type(current)._default_manager.filter(pk=current.pk, version=current.version)
    if not rows.update(**columns, version=F("version") + 1):
        return None
    for name in many:
        getattr(current, name).set(values[name])
    current.version += 1
    fields = {name: difference(old[name], wanted(current, name, values[name])) for name in values}
    return part(current, "changed", fields)


def removal_of(current: Editable | User) -> PartChange:
    """All of a row that is about to be deleted, so that it can be brought back."""
    fields = {name: [value, None] for name, value in filled_values(current).items()}
    return part(current, "removed", fields)


def render_prose(row: Editable | User, *, only: set[str] | None = None) -> None:
    """Render the Markdown fields; raises `incidents.lib.markdown.TextTooLong`."""
    for name in row.PROSE:
        if hasattr(row, f"{name}_html") and (only is None or name in only):
            setattr(row, f"{name}_html", quick_html(getattr(row, name)))


def wanted(row: Model, name: str, value: Any) -> Plain:
    """A value to be written, in the form in which history keeps the field."""
    if is_many(row, name):
        return sorted(other.pk for other in value)
    return to_plain(value.pk if isinstance(value, Model) else value)


def is_many(row: Model, name: str) -> bool:
    return bool(row._meta.get_field(name).many_to_many)


def part(row: Model, did: str, fields: Mapping[str, Plain]) -> PartChange:
    return {"record": model_name(row), "id": row.pk, "did": did, "fields": dict(fields)}
