"""The ways to write a row that people edit. Every other operation goes through these.

Each writes the row and its line of history in one transaction; neither can exist alone.
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from itertools import groupby
from typing import Any, TypeVar

from django.db import transaction
from django.db.models import Model
from django.utils.translation import gettext

from incidents.history.documents import document_of
from incidents.history.queries import values_at_version
from incidents.history.rows import (
    PartChange,
    RowGone,
    insert_rows,
    linked,
    locked,
    part,
    removal_of,
    update_row,
    wanted,
)
from incidents.history.sealing import next_number
from incidents.history.seals import seal
from incidents.history.values import Plain, plain_value
from incidents.lib.line_ends import with_plain_line_ends
from incidents.models import Change, Editable, Part, User

__all__ = [
    "EditConflict",
    "PartChange",
    "RowGone",
    "change_along",
    "change_record",
    "create_record",
    "create_records",
    "locked",
    "number_anew",
    "remove_record",
    "still_wanted",
    "write_change",
    "write_first",
]

Row = TypeVar("Row", bound=Editable | User)


class EditConflict(Exception):
    """Somebody else changed the same fields while they were being edited. Nothing was written.

    `current` is the row as it is now, `wanted` what was to be written, `fields` those that both
    changed, `mine` all that the later saver changed.
    """

    def __init__(
        self,
        current: Model,
        wanted: Mapping[str, Any],
        fields: set[str],
        mine: set[str] | None = None,
    ) -> None:
        self.current = current
        self.wanted = dict(wanted)
        self.fields = fields
        self.mine = fields if mine is None else mine
        super().__init__(
            gettext("Somebody else changed this while you were editing. Nothing was lost.")
        )


def create_record(
    row: Row,
    *,
    by: User | None,
    at: datetime,
    summary: str,
    related: Mapping[str, Iterable[Model]] | None = None,
    also: Sequence[PartChange] = (),
) -> Row:
    """Save a new row with its many-to-many `related` rows, and the line of history that says so.

    `also` is what the same operation did to other rows of the document, from `number_anew`.
    Raises `incidents.lib.markdown.TextTooLong`.
    """
    return create_records([row], by=by, at=at, summary=summary, related=related, also=also)[0]


@transaction.atomic
def create_records(
    rows: list[Row],
    *,
    by: User | None,
    at: datetime,
    summary: str,
    related: Mapping[str, Iterable[Model]] | None = None,
    also: Sequence[PartChange] = (),
) -> list[Row]:
    """Save several new rows of one document under one line of history."""
    parts = [*also]
    for _, some in groupby(rows, key=type):
        parts += insert_rows(list(some), at=at, related=related)
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
    also: Sequence[PartChange] = (),
) -> Row:
    """Write `values` to the row; `version` is the one that they were made from.

    Values name columns, and many-to-many fields with the rows that they are to have. Where somebody
    else saved in between, the fields that only one of both changed are merged; one that both
    changed, differently, is a conflict. A row that already holds the values is left alone, so the
    same form sent twice is no conflict. The row given is not touched; the saved one is returned.
    `also` is what the same operation did to other rows of the document, from `number_anew` or
    `change_along`.

    Raises `EditConflict` or `RowGone`, nothing being written, and
    `incidents.lib.markdown.TextTooLong`.
    """
    values = {name: with_plain_line_ends(value) for name, value in values.items()}
    current = locked(row)
    changed = still_wanted(current, version=version, values=values)
    parts = [*also]
    if changed:
        done = update_row(current, changed, at=at)
        if done is None:
            raise EditConflict(locked(row), values, set(changed))
        parts.append(done)
    if parts:
        write_change(current, by=by, at=at, summary=summary, parts=parts)
    return current


def still_wanted(current: Row, *, version: int, values: Mapping[str, Any]) -> dict[str, Any]:
    """Those of the values that are to be written to a row that is held: what `change_record` does.

    For operations of which more follows from a change than the change itself. Raises
    `EditConflict`.
    """
    old = {name: plain_value(current, name) for name in values}
    new = {name: wanted(current, name, value) for name, value in values.items()}
    changed = {name for name in values if new[name] != old[name]}
    if current.version != version:
        changed = merged(current, version=version, old=old, new=new, values=values)
    return {name: value for name, value in values.items() if name in changed}


def change_along(row: Part, values: Mapping[str, Any], *, at: datetime) -> PartChange:
    """Change a part because its record changes.

    What is returned goes to history with the line of the operation on the record. Raises
    `EditConflict` and `RowGone`.
    """
    done = update_row(locked(row), values, at=at)
    if done is None:
        raise EditConflict(locked(row), values, set(values))
    return done


def number_anew(row: Part, position: int) -> PartChange:
    """Give a part that keeps its place another number, to make room beside it.

    Nothing that people see changes, so its version stays, and an edit that is under way fits. What
    is returned goes to history with the line of the operation that needed the room.
    """
    old = row.position
    type(row)._base_manager.filter(pk=row.pk).update(position=position)
    return part(row, "renumbered", {"position": [old, position]})


@transaction.atomic
def remove_record(row: Row, *, version: int, by: User | None, at: datetime, summary: str) -> Change:
    """Take a part out of its document. The line of history that is returned keeps all of it.

    Raises `EditConflict` where somebody changed it in between, `RowGone` where it is gone already.
    """
    current = locked(row)
    if current.version != version:
        raise EditConflict(current, {}, set())
    change = write_change(current, by=by, at=at, summary=summary, parts=[removal_of(current)])
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
    3. A field in both with different values is a conflict; so is one value of two columns, such as
       a time and its precision, of which each changed one: together they would say what nobody did.
    """
    seen = values_at_version(current, version)
    if seen is None:
        raise EditConflict(current, values, {name for name in new if new[name] != old[name]})
    mine = {name for name in new if new[name] != seen.get(name, old[name])}
    differs = {name for name in new if new[name] != old[name]}
    both = mine & seen.keys() & differs
    for halves in two_columns_of(current):
        if mine & halves and seen.keys() & halves & differs:
            both |= halves & differs
    if both:
        raise EditConflict(current, values, both, mine)
    return mine & differs


def two_columns_of(row: Model) -> list[set[str]]:
    """The columns of which only two together say something: a time with its precision, a value
    with whether it is known."""
    names = {field.name for field in row._meta.concrete_fields}
    times = [{f"{name[:-10]}_at", name} for name in names if name.endswith("_precision")]
    return times + [{name[:-6], name} for name in names if name.endswith("_known")]


@transaction.atomic
def write_first(row: Row, *, by: User | None, at: datetime, summary: str) -> Change:
    """The first line of a row that a library has just made."""
    return write_change(row, by=by, at=at, summary=summary, parts=[linked(row, {})])


def write_change(
    row: Model, *, by: User | None, at: datetime, summary: str, parts: list[PartChange]
) -> Change:
    """The line of history itself, sealed."""
    document = document_of(row)
    change = Change(
        document_type=document.type,
        document_id=document.id,
        by=by,
        at=at,
        summary=summary[:300],
        parts=parts,
        number=next_number(document),
    )
    seal(change)
    change.save(force_insert=True)
    return change
