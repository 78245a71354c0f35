"""Records that another program wrote as JSON: one after another, each a name with values.

What a reader takes is taken out, so that what is left can be told in the notes.
"""

import json
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NoReturn

from incidents.importers.found import Found, FoundUnread
from incidents.lib.unpacking import NotText, TooLarge, content_of, text_of

ENDINGS = (".json", ".jsonl", ".ndjson")
DEEPEST = 40
"""Levels of a value in a value; more mean harm."""
_BEGINNING = 65_536
_SPACE = " \t\r\n"


class NotJson(ValueError):
    """The message says in which line, and what is wrong there."""


@dataclass(frozen=True)
class Entry:
    """`where` is the file, and which record of it."""

    where: str
    values: dict[str, Any]


def files_in(path: Path, endings: tuple[str, ...]) -> list[Path]:
    """The file, or those of a folder that end so, in the order of their names."""
    if not path.is_dir():
        return [path]
    found = sorted(each for each in path.rglob("*") if each.name.lower().endswith(endings))
    return [each for each in found if each.is_file() and not each.is_symlink()]


def beginning_of(path: Path) -> str:
    """Enough of a file to see what it may be; never raises."""
    try:
        with path.open("rb") as file:
            return file.read(_BEGINNING).decode("utf-8", "replace")
    except OSError:
        return ""


def records_in(path: Path, lists: tuple[str, ...]) -> Iterator[Entry | FoundUnread]:
    """Those of a file or folder. `lists` are the names below which a list of records stands."""
    for file in files_in(path, ENDINGS):
        try:
            values = values_of(text_of(content_of(file)))
        except (NotText, TooLarge, NotJson) as refusal:
            yield FoundUnread(where=file.name, why=str(refusal))
        except OSError as error:
            yield FoundUnread(where=file.name, why=f"It cannot be read: {error.strerror}.")
        else:
            yield from _entries(file.name, values, lists)


def read_records(
    path: Path, lists: tuple[str, ...], read: Callable[[Entry], Iterator[Found]]
) -> Iterator[Found]:
    for entry in records_in(path, lists):
        if isinstance(entry, FoundUnread):
            yield entry
        else:
            yield from read(entry)


def values_of(text: str) -> list[Any]:
    """The values that stand one after another, as on lines of their own. Raises `NotJson`."""
    decoder = json.JSONDecoder(object_pairs_hook=_without_doubles, parse_constant=_refuse)
    values: list[Any] = []
    place = 0
    try:
        while True:
            while place < len(text) and text[place] in _SPACE:
                place += 1
            if place == len(text):
                break
            value, place = decoder.raw_decode(text, place)
            values.append(value)
    except json.JSONDecodeError as error:
        raise NotJson(
            f"It is no JSON: {error.msg} (line {error.lineno:,}, column {error.colno:,})."
        ) from None
    except NotJson as refusal:
        line = text.count("\n", 0, place) + 1
        raise NotJson(f"In what begins in line {line:,}, {refusal}") from None
    except RecursionError:
        raise NotJson("Its values are nested too deeply.") from None
    except ValueError:
        raise NotJson("It holds a number of more digits than can be read.") from None
    if is_too_deep(values):
        raise NotJson("Its values are nested too deeply.")
    return values


def is_too_deep(value: object) -> bool:
    level = [value]
    for _ in range(DEEPEST):
        level = [below for each in level for below in _below(each)]
        if not level:
            return False
    return True


def _below(value: object) -> list[object]:
    if isinstance(value, dict):
        return list(value.values())
    return value if isinstance(value, list) else []


def _without_doubles(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) < len(pairs):
        counts = Counter(name for name, _ in pairs)
        twice = next(name for name, count in counts.items() if count > 1)
        raise NotJson(f"the name “{twice[:60]}” stands twice in one record.")
    return found


def _refuse(constant: str) -> NoReturn:
    raise NotJson(f"{constant} is no number of JSON.")


def _entries(file: str, values: list[Any], lists: tuple[str, ...]) -> Iterator[Entry | FoundUnread]:
    if not values:
        yield FoundUnread(where=file, why="It is empty.")
    for number, record in enumerate(_records(values, lists), start=1):
        where = f"{file}, record {number}"
        if isinstance(record, dict):
            yield Entry(where, record)
        else:
            yield FoundUnread(where=where, why="It is no record: names with values belong there.")


def _records(values: list[Any], lists: tuple[str, ...]) -> Iterator[Any]:
    for value in values:
        if isinstance(value, list):
            yield from value
            continue
        listed = [name for name in lists if isinstance(value, dict) and name in value]
        if listed and isinstance(value[listed[0]], list):
            yield from value[listed[0]]
        else:
            yield value


def take(record: object, *names: str) -> Any:
    """The value below these names, which is no longer in the record then; None without one."""
    for name in names[:-1]:
        record = record.get(name) if isinstance(record, dict) else None
    return record.pop(names[-1], None) if isinstance(record, dict) else None


def look(record: object, *names: str) -> Any:
    for name in names:
        record = record.get(name) if isinstance(record, dict) else None
    return record


def take_text(record: object, *names: str) -> str:
    """A text or a number as text; "" where there is something else, which stays in the record."""
    value = look(record, *names)
    if isinstance(value, bool) or not isinstance(value, str | int | float):
        return ""
    take(record, *names)
    return str(value)


def take_first(record: object, *ways: str | tuple[str, ...]) -> str:
    """The first text that there is; those of later ways stay in the record."""
    for way in ways:
        text = take_text(record, *((way,) if isinstance(way, str) else way))
        if text:
            return text
    return ""


def take_list(record: object, *names: str) -> list[Any]:
    """Empty where there is something else, which stays in the record."""
    value = look(record, *names)
    if not isinstance(value, list):
        return []
    take(record, *names)
    return value


def without(value: Any, *, names: frozenset[str], endings: tuple[str, ...] = ()) -> Any:
    """The value without what only programs read, at any level."""
    if isinstance(value, Mapping):
        return {
            name: without(each, names=names, endings=endings)
            for name, each in value.items()
            if name not in names and not (endings and name.endswith(endings))
        }
    if isinstance(value, list):
        return [without(each, names=names, endings=endings) for each in value]
    return value
