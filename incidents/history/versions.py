"""Whole records as they were: plain data in, plain data out.

A document is a set of rows, each known by its table and key. A line of history says what it did to
some of them. Played forwards from what was there before the first line, the lines give every later
state; played backwards from the present, every earlier one. Either way each line is looked at once.

A text that somebody changed past the operations, by SQL say, does not fit the edits that came
after: from there on it is `LOST`, until it is next written as a whole. All else is told.
"""

from collections.abc import Callable, Iterable, Mapping

from incidents.history.values import EMPTY, LOST, LostText, Plain, redo, undo
from incidents.lib.splice import SpliceDoesNotFit

Key = tuple[str, int]
"""A row of a document: the name of its table, and its primary key."""
Fields = dict[str, Plain]
State = dict[Key, Fields]
"""The rows of a document with what their fields hold; a field that holds nothing is left out."""
Line = list[dict[str, Plain]]
"""What one operation did: `Change.parts`."""


def replay(lines: Iterable[Line], start: Mapping[Key, Fields] | None = None) -> State:
    """The state after the lines, oldest first."""
    state = copy_of(start or {})
    for line in lines:
        for part in line:
            key = key_of(part)
            if part["did"] == "removed":
                state.pop(key, None)
                continue
            fields = {} if part["did"] == "created" else state.get(key, {})
            for name, change in changes_in(part).items():
                put(fields, name, as_told(redo, fields.get(name), change))
            state[key] = fields
    return state


def rewind(lines: Iterable[Line], end: Mapping[Key, Fields]) -> State:
    """The state before the lines, newest first."""
    state = copy_of(end)
    for line in lines:
        # Within a line a row may have been made and then changed.
        for part in reversed(line):
            key = key_of(part)
            if part["did"] == "created":
                state.pop(key, None)
                continue
            fields = {} if part["did"] == "removed" else state.get(key, {})
            for name, change in changes_in(part).items():
                put(fields, name, as_told(undo, fields.get(name), change))
            state[key] = fields
    return state


def as_told(turn: Callable[[Plain, Plain], Plain], value: Plain, change: Plain) -> Plain:
    """The value on the other side of a change, as far as history can tell."""
    if isinstance(value, LostText) and isinstance(change, dict):
        return value
    try:
        return turn(value, change)
    except SpliceDoesNotFit:
        return LOST


def makes(line: Line, key: Key) -> bool:
    """Whether this line is the one that made the row."""
    return any(part["did"] == "created" and key_of(part) == key for part in line)


def key_of(part: Mapping[str, Plain]) -> Key:
    return str(part["record"]), int(part["id"])  # type: ignore[arg-type]  # written so by `part`


def changes_in(part: Mapping[str, Plain]) -> Fields:
    fields = part["fields"]
    return fields if isinstance(fields, dict) else {}


def copy_of(state: Mapping[Key, Fields]) -> State:
    return {key: dict(fields) for key, fields in state.items()}


def put(fields: Fields, name: str, value: Plain) -> None:
    if value in EMPTY:
        fields.pop(name, None)
    else:
        fields[name] = value
