"""Taking back: a text, a part that was removed, or a whole record as it once was.

Each is an operation like any other: it writes the rows as they were, with one line of history, and
takes nothing out of what happened in between.
"""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from typing import Any, cast

from django.core.exceptions import NON_FIELD_ERRORS, ValidationError
from django.db import IntegrityError, transaction
from django.db.models import Field, ForeignKey, ManyToManyField, Model
from django.utils.translation import gettext

from incidents.history.comparing import RowChange, in_order
from incidents.history.documents import PARTS, TABLES, document_of, model_name, parts_of
from incidents.history.operations import change_record, number_anew, write_change
from incidents.history.queries import changes_of, lines_about, present_state
from incidents.history.rows import (
    PartChange,
    insert_rows,
    is_many,
    locked,
    removal_of,
    update_row,
    wanted,
)
from incidents.history.stays import NEVER, can_bring_back, can_bring_back_alone
from incidents.history.values import LostText, Plain, filled_values, plain_value
from incidents.history.versions import Fields, Key, State
from incidents.history.words import Column, Names, columns_of, field_of, is_guarded, kind_of
from incidents.history.zones import in_present_zone
from incidents.lib.approximate_time import NotATime
from incidents.lookup.operations import keep_findable
from incidents.lookup.words import WORDS
from incidents.models import Editable, Factor, Incident, Part, User

ROOM = 1024
"""Between the positions of rows that are numbered anew."""


class CannotBringBack(Exception):
    """The record has moved on too far, or one may not; the message says why."""


def earlier_fields(document: Model, key: Key, before: State) -> Fields:
    try:
        return in_present_zone(document, key, before)
    except NotATime as refusal:
        raise CannotBringBack(
            gettext("The record has another zone by now. %(refusal)s") % {"refusal": refusal}
        ) from refusal


@dataclass(frozen=True)
class Offer:
    """What can be brought back from one row of a change; `version` is the row's present one."""

    columns: frozenset[str] = frozenset()
    version: int = 0
    whole: bool = False


def offers(row: Editable | User, changes: list[RowChange], before: State) -> dict[Key, Offer]:
    """For each row of a change, the fields whose earlier text is not what is there now, or the
    whole part where it is gone."""
    found: dict[Key, Offer] = {}
    present = {(model_name(each), each.pk): each for each in (row, *parts_of(row))}
    for change in changes:
        key = (change.record, change.id)
        if key not in before or not change.fields or change.record in NEVER:
            continue
        now = present.get(key)
        if now is None:
            found[key] = Offer(whole=change.did == "removed")
            continue
        fields = filled_values(now)
        try:
            earlier = earlier_fields(row, key, before)
        except CannotBringBack:
            earlier = before[key]
        columns = {
            column.name
            for column in columns_of(change.record)
            if can_bring_back_alone(change.record, column.name)
            and any(earlier.get(name) != fields.get(name) for name in column.fields)
            and not any(isinstance(earlier.get(name), LostText) for name in column.fields)
        }
        touched = {each.name for each in change.fields}
        found[key] = Offer(frozenset(columns & touched), now.version)
    return found


@transaction.atomic
def bring_back_field(
    row: Model,
    key: Key,
    column_name: str,
    *,
    before: State,
    version: int,
    by: User,
    at: datetime,
) -> None:
    """Write one field of a row of the document as it is in `before`, if nobody changed it since.

    `version` is the row's version that the person had before them. Raises `CannotBringBack`,
    `EditConflict` and `RowGone`.
    """
    record, _ = key
    column = next((each for each in columns_of(record) if each.name == column_name), None)
    if column is None or not can_bring_back_alone(record, column_name):
        raise CannotBringBack(
            gettext("This field is not brought back; it is changed on the record itself.")
        )
    part = row_of_document(row, key)
    if part is None:
        raise CannotBringBack(gettext("This was removed since: bring the whole part back first."))
    fields = earlier_fields(row, key, before)
    names = Names([{key: fields}, {key: filled_values(part)}], by)
    values = values_of(part, column, fields, names)
    with refused_by_the_database(part, values):
        change_record(
            part,
            version=version,
            values=values,
            by=by,
            at=at,
            summary=f"Brought back an earlier text: {column.label}",
        )
    keep_all_findable(row)


@transaction.atomic
def bring_back_part(row: Model, key: Key, *, before: State, by: User, at: datetime) -> None:
    """Make a part again that was removed, as it is in `before`, after what it stood after there.

    Raises `CannotBringBack`.
    """
    record, _ = key
    if record in NEVER or not is_part_of(record, row):
        raise CannotBringBack(
            gettext("This is not brought back; it is added on the record itself.")
        )
    # Held, so that two people do not bring the same back twice.
    document = locked(cast(Editable, row))
    if row_of_document(document, key) is not None:
        raise CannotBringBack(gettext("It is there again already."))
    fields = earlier_fields(document, key, before)
    names = Names([{key: fields}], by)
    if names.hide(record, fields):
        raise CannotBringBack(gettext("It speaks of a record that is gone, or not open to you."))
    anew: list[PartChange] = []
    if "position" in fields:
        position, anew = place_again(document, key, before)
        fields = {**fields, "position": position}
    done = make_again(document, key, fields, names, at=at)
    write_change(
        document,
        by=by,
        at=at,
        summary=f"Brought back a {kind_of(record)}",
        parts=[*anew, done],
    )
    keep_all_findable(document)


@transaction.atomic
def take_back(row: Model, *, to: State, seen: int, by: User, at: datetime, version_of: str) -> bool:
    """Write the whole record as it is in `to`, under one line of history.

    `seen` is the last line of history that the person knew of: raises `CannotBringBack` where
    there is a later one. What `STAYS`, and what speaks of records that the person may not know of,
    stays as it is. `version_of` says in words which version it is. False: it is like that already.
    """
    if document_of(row).type in NEVER:
        raise CannotBringBack(gettext("This is not taken back; it is changed on its own page."))
    document = locked(cast(Editable, row))
    last = changes_of(document_of(document)).order_by("-id").values_list("id", flat=True).first()
    if last != seen:
        raise CannotBringBack(
            gettext("Somebody changed the record since you looked: look again, then choose.")
        )
    now = present_state(document)
    names = Names([now, to], by)
    done = [*removals(document, now, to, names)]
    done += [*changes(document, now, to, names, at=at)]
    done += [
        make_again(document, key, to[key], names, at=at)
        for key in to.keys() - now.keys()
        if touches(key, to[key], names)
    ]
    if done:
        summary = f"Took the whole record back to {version_of}"
        write_change(document, by=by, at=at, summary=summary, parts=done)
        keep_all_findable(document)
    return bool(done)


def place_again(document: Model, key: Key, before: State) -> tuple[int, list[PartChange]]:
    """A position right after the nearest row before it that is still there.

    The position that it had, where that fits; where there is no room, the others are numbered anew.
    """
    record, _ = key
    rows = [part for part in parts_of(document) if isinstance(part, Part)]
    rows = [part for part in rows if model_name(part) == record]
    rows.sort(key=lambda part: (part.position, part.pk))
    order = in_order(record, before)
    earlier = {pk for _, pk in order[: order.index(key)]}
    place = max((index + 1 for index, part in enumerate(rows) if part.pk in earlier), default=0)
    low = rows[place - 1].position if place else 0
    high = rows[place].position if place < len(rows) else low + 2 * ROOM
    had = before[key]["position"]
    if isinstance(had, int) and low < had < high:
        return had, []
    if high - low > 1:
        return (low + high) // 2, []
    numbers = [ROOM * (index + (index >= place) + 1) for index in range(len(rows))]
    anew = [number_anew(part, number) for part, number in zip(rows, numbers, strict=True)]
    return ROOM * (place + 1), anew


def removals(document: Model, now: State, to: State, names: Names) -> Iterator[PartChange]:
    """What was added since goes first: it may stand where something is to come back."""
    for key in now.keys() - to.keys():
        part = row_of_document(document, key)
        if part is not None and touches(key, now[key], names):
            current = locked(part)
            yield removal_of(current)
            current.delete()


def changes(
    document: Model, now: State, to: State, names: Names, *, at: datetime
) -> Iterator[PartChange]:
    for key in now.keys() & to.keys():
        own = key == document_of(document)
        seen = own or (touches(key, now[key], names) and touches(key, to[key], names))
        part = row_of_document(document, key) if seen and now[key] != to[key] else None
        if part is None:
            continue
        current = locked(part)
        values: dict[str, Any] = {}
        for column in columns_of(key[0]):
            if can_bring_back(key[0], column.name):
                values |= values_of(current, column, to[key], names)
        different = {
            name: value
            for name, value in values.items()
            if wanted(current, name, value) != plain_value(current, name)
        }
        if different.keys() == {"position"} and isinstance(current, Part):
            yield number_anew(current, different["position"])
        elif different:
            with refused_by_the_database(current, different):
                done = update_row(current, different, at=at)
            if done is not None:
                yield done


def touches(key: Key, fields: Fields, names: Names) -> bool:
    return key[0] not in NEVER and not names.hide(key[0], fields)


def make_again(
    document: Model, key: Key, fields: Fields, names: Names, *, at: datetime
) -> PartChange:
    """The row with its old key and a version that none of its earlier ones had."""
    record, pk = key
    table = cast(type[Editable], TABLES[record])
    row = table()
    row.pk = pk
    setattr(row, f"{document_of(document).type}_id", document.pk)
    row.version = lines_about(document, key) + 1
    for column in columns_of(record):
        for name, value in values_of(row, column, fields, names).items():
            setattr(row, name, value)
    with refused_by_the_database(row, {}):
        if table._base_manager.filter(pk=pk).exists():
            row.pk = None
        return insert_rows([row], at=at)[0]


def values_of(row: Model, column: Column, fields: Fields, names: Names) -> dict[str, Any]:
    """The values of a column as they stand in `fields`, as the model has them.

    A relation to what the person may not know of, or to what is gone, is left as it is. Raises
    `CannotBringBack` for a text that history has lost.
    """
    values: dict[str, Any] = {}
    for name in column.fields:
        field = field_of(type(row), name)
        plain = fields.get(name)
        if isinstance(plain, LostText):
            raise CannotBringBack(
                gettext("%(label)s: history cannot tell how this text read then.")
                % {"label": column.shown_as}
            )
        if isinstance(field, ForeignKey):
            table: Any = field.related_model
            if plain is None or (table, plain) in names.names:
                values[name] = table._base_manager.filter(pk=plain).first()
        elif isinstance(field, ManyToManyField):
            values[name] = chosen_rows(row, field, plain, names)
        else:
            values[name] = model_value(field, plain)
    return values


def chosen_rows(
    row: Model, field: "ManyToManyField[Any, Any]", plain: Plain, names: Names
) -> list[Model]:
    table: Any = field.related_model
    then = plain if isinstance(plain, list) else []
    keys = {key for key in then if (table, key) in names.names}
    if row.pk and is_guarded(table):
        # Those that the person may not know of stay.
        now = plain_value(row, field.name)
        keys |= {key for key in now if (table, key) not in names.names}  # type: ignore[union-attr]
    return list(table._base_manager.filter(pk__in=keys))


def model_value(field: "Field[Any, Any]", plain: Plain) -> Any:
    if plain is not None:
        return field.to_python(plain)
    if field.null:
        return None
    return "" if field.empty_strings_allowed else field.get_default()


@contextmanager
def refused_by_the_database(row: Model, values: Mapping[str, Any]) -> Iterator[None]:
    """Turns what the tables do not allow into `CannotBringBack`, with their sentence."""
    try:
        with transaction.atomic():
            yield
    except IntegrityError as error:
        for name, value in values.items():
            if not is_many(row, name):
                setattr(row, name, value)
        try:
            row.validate_constraints()
        except ValidationError as refusal:
            reasons = refusal.message_dict.get(NON_FIELD_ERRORS) or refusal.messages
            raise CannotBringBack(
                gettext("It does not fit the record as it is now: %(reasons)s")
                % {"reasons": " ".join(reasons)}
            ) from error
        raise CannotBringBack(gettext("It does not fit the record as it is now.")) from error


def is_part_of(record: str, row: Model) -> bool:
    return TABLES.get(record) in PARTS.get(document_of(row).type, ())


def row_of_document(document: Model, key: Key) -> Editable | User | None:
    """The row itself, or a part of it; None where there is none (any more)."""
    record, pk = key
    if key == document_of(document):
        return cast(Editable, document)
    if not is_part_of(record, document):
        return None
    rows = TABLES[record]._base_manager.filter(pk=pk, **{model_name(document): document.pk})
    return cast(Editable | None, rows.first())


def keep_all_findable(document: Model) -> None:
    if type(document) not in WORDS:
        return
    document = type(document)._base_manager.get(pk=document.pk)
    keep_findable(document)
    if isinstance(document, Factor):
        # Records are found by the names of their factors too.
        for incident in Incident.objects.filter(contributingfactors__factor=document):
            keep_findable(incident)
