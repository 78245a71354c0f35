"""Two versions of a record, side by side: row by row, field by field, word by word."""

from dataclasses import dataclass, field
from difflib import SequenceMatcher
from typing import Literal

from django.utils.translation import gettext

from incidents.history.documents import TABLES, Document
from incidents.history.values import LOST
from incidents.history.versions import Key, State
from incidents.history.words import (
    Column,
    Names,
    columns_of,
    shown_kind,
    text_of,
    title_of,
    zone_of,
)
from incidents.lib.word_diff import Piece, compare_words, fold

Did = Literal["created", "changed", "removed"]
LONG = 60
"""Characters from which two texts are compared word by word rather than shown one after another."""
ORDER = {record: place for place, record in enumerate(TABLES)}


@dataclass(frozen=True)
class FieldChange:
    name: str
    label: str
    before: str
    after: str
    pieces: list[Piece]
    """Word by word, long unchanged stretches folded; empty where both are short."""


@dataclass(frozen=True)
class RowChange:
    record: str
    id: int
    kind: str
    title: str
    did: Did
    is_document: bool
    """The record's own row, not one of its parts."""
    fields: list[FieldChange] = field(default_factory=list)


@dataclass(frozen=True)
class RowThen:
    """A row as it was."""

    record: str
    id: int
    kind: str
    title: str
    is_document: bool
    fields: list[tuple[str, str]] = field(default_factory=list)


def compare(
    document: Document,
    before: State,
    after: State,
    names: Names,
) -> list[RowChange]:
    """What is different, the record itself first, then its parts in their order.

    A part that speaks of a record which the reader may not know of is told without its fields.
    """
    moves = moved(before, after)
    changes = []
    for key in sorted(
        before.keys() | after.keys(), key=lambda key: place_of(key, {**before, **after})
    ):
        old, new = before.get(key), after.get(key)
        fields = field_changes(key, before, after, names)
        if key in moves:
            was, now = moves[key]
            fields.append(
                FieldChange("position", gettext("Place in the order"), str(was), str(now), [])
            )
        if old is not None and new is not None and not fields:
            continue
        did: Did = "created" if old is None else "removed" if new is None else "changed"
        record, pk = key
        row = new or old or {}
        own = key == (document.type, document.id)
        hidden = not own and any(names.hide(record, each or {}) for each in (old, new))
        changes.append(
            RowChange(
                record=record,
                id=pk,
                kind=shown_kind(record),
                title="" if own else title_of(record, row, names),
                did=did,
                is_document=own,
                fields=[] if hidden else fields,
            )
        )
    return changes


def field_changes(key: Key, before: State, after: State, names: Names) -> list[FieldChange]:
    record, _ = key
    old, new = before.get(key, {}), after.get(key, {})
    found = []
    for column in shown_columns(record):
        if all(old.get(name) == new.get(name) for name in column.fields):
            continue
        was = text_of(record, column, old, names, zone_of(before))
        now = text_of(record, column, new, names, zone_of(after))
        found.append(FieldChange(column.name, column.shown_as, was, now, pieces_of(was, now)))
    return found


def moved(before: State, after: State) -> dict[Key, tuple[int, int]]:
    """The rows that stand elsewhere among the others, and their places, from 1.

    Positions are only numbers that keep an order: that they changed says nothing.
    """
    found = {}
    for record in {record for record, _ in before.keys() & after.keys()}:
        old, new = in_order(record, before), in_order(record, after)
        stayed_old = [key for key in old if key in after]
        stayed_new = [key for key in new if key in before]
        matcher = SequenceMatcher(None, stayed_old, stayed_new, autojunk=False)
        unmoved = {
            key
            for start, _, size in matcher.get_matching_blocks()
            for key in stayed_old[start : start + size]
        }
        for key in stayed_old:
            if key not in unmoved:
                found[key] = old.index(key) + 1, new.index(key) + 1
    return found


def in_order(record: str, state: State) -> list[Key]:
    keys = (key for key in state if key[0] == record)
    return sorted(keys, key=lambda key: place_of(key, state))


def pieces_of(before: str, after: str) -> list[Piece]:
    """Nothing where both are short, or one is empty or lost: they read better in a row."""
    if (
        not before
        or not after
        or gettext(LOST) in {before, after}
        or max(len(before), len(after)) <= LONG
    ):
        return []
    return fold(compare_words(before, after))


def version(document: Document, state: State, names: Names) -> list[RowThen]:
    """All of a record as it was, the record itself first, then its parts in their order."""
    rows = []
    for key in sorted(state, key=lambda key: place_of(key, state)):
        record, pk = key
        own = key == (document.type, document.id)
        hidden = not own and names.hide(record, state[key])
        rows.append(
            RowThen(
                record=record,
                id=pk,
                kind=shown_kind(record),
                title=title_of(record, state[key], names),
                is_document=own,
                fields=[] if hidden else told_fields(key, state, names),
            )
        )
    return rows


def told_fields(key: Key, state: State, names: Names) -> list[tuple[str, str]]:
    record, _ = key
    told = (
        (column, text_of(record, column, state[key], names, zone_of(state)))
        for column in shown_columns(record)
    )
    return [(column.shown_as, text) for column, text in told if text]


def shown_columns(record: str) -> list[Column]:
    """All but the place in the order, which the order itself shows."""
    return [column for column in columns_of(record) if column.name != "position"]


def place_of(key: Key, state: State) -> tuple[int, int, int]:
    record, pk = key
    position = state[key].get("position")
    return ORDER[record], position if isinstance(position, int) else 0, pk
