"""What a text says, as words: to see that none of them was dropped."""

import re
from collections.abc import Iterator
from dataclasses import fields, is_dataclass
from datetime import date
from typing import Any

from incidents.importers.found import FoundIncident
from incidents.lib.approximate_time import ApproximateTime

_WORD = re.compile(r"[^\W_]+(?:[.'’:/-][^\W_]+)*")
_SENTENCE = re.compile(r"(?<=[.!?])\s+|\n")


def words_of(text: str) -> list[str]:
    return [word.casefold() for word in _WORD.findall(text.replace("**", " "))]


def sentences_of(text: str) -> Iterator[str]:
    """Of three words and more; headings, rules and front matter's names are none."""
    for sentence in _SENTENCE.split(text):
        if len(words_of(sentence)) > 2 and not sentence.lstrip().startswith("#"):
            yield sentence


def told_by(found: FoundIncident) -> set[str]:
    return set(words_of(" \n ".join(_texts(found))))


def _texts(value: Any) -> Iterator[str]:
    match value:
        case str():
            yield value
        case ApproximateTime(at=moment):
            yield moment.isoformat() if moment else ""
        case date():
            yield value.isoformat()
        case dict():
            yield from _texts(tuple(value.values()))
        case tuple():
            for each in value:
                yield from _texts(each)
        case _ if is_dataclass(value):
            # Proposals repeat what stands elsewhere.
            names = (field.name for field in fields(value) if field.name != "deltas")
            yield from _texts(tuple(getattr(value, name) for name in names))
