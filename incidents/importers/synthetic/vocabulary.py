"""The words and sentences of the synthetic archive, read from the files beside this module."""

import re
import tomllib
from dataclasses import dataclass
from functools import cache
from pathlib import Path

HERE = Path(__file__).parent / "words"

_SLOT = re.compile(r"\{(\w+)\}")
# Not within code.
_WORD = re.compile(r"(?<![\w`-])([a-z]+)(?![\w`-])")


@dataclass(frozen=True)
class Template:
    """A sentence: `pieces` are by turns a text and the name of a slot, and end with a text.

    A slot `~word` is a word for which there are others.
    """

    pieces: tuple[str, ...]


@dataclass(frozen=True)
class KnobWords:
    component: Template
    key: str
    unit: str
    values: tuple[str, ...]


@dataclass(frozen=True)
class FactorWords:
    slug: str
    name: str
    category: str


@dataclass(frozen=True)
class Trouble:
    """What goes wrong, in its own words."""

    name: str
    tags: tuple[str, ...]
    says: dict[str, tuple[Template, ...]]
    knobs: tuple[KnobWords, ...]
    factors: tuple[FactorWords, ...]


@dataclass(frozen=True)
class Vocabulary:
    words: dict[str, tuple[str, ...]]
    sentences: dict[str, tuple[Template, ...]]
    troubles: tuple[Trouble, ...]


@cache
def vocabulary() -> Vocabulary:
    common = tomllib.loads((HERE / "common.toml").read_text())
    troubles = tomllib.loads((HERE / "troubles.toml").read_text())["trouble"]
    return Vocabulary(
        words={name: words_in(told) for name, told in common["words"].items()},
        sentences={name: templates(texts) for name, texts in common["sentences"].items()},
        troubles=tuple(read_trouble(told) for told in troubles),
    )


def words_in(told: str | list[str]) -> tuple[str, ...]:
    """A list, or the words of a text."""
    return tuple(told.split() if isinstance(told, str) else told)


def read_trouble(told: dict[str, list[str]]) -> Trouble:
    known = {"name", "tags", "knobs", "factors"}
    return Trouble(
        name=str(told["name"]),
        tags=tuple(told["tags"]),
        says={name: templates(texts) for name, texts in told.items() if name not in known},
        knobs=tuple(map(read_knob, told["knobs"])),
        factors=tuple(FactorWords(*line.split("|")) for line in told["factors"]),
    )


def read_knob(line: str) -> KnobWords:
    component, key, unit, *values = line.split("|")
    return KnobWords(template(component), key, unit, tuple(values))


def templates(texts: list[str]) -> tuple[Template, ...]:
    return tuple(map(sentence, texts))


def template(text: str) -> Template:
    return Template(tuple(_SLOT.split(text)))


def sentence(text: str) -> Template:
    """A template in which words that people say otherwise are slots, too."""
    pieces = list(_SLOT.split(text))
    for place in range(len(pieces) - 1, -1, -2):
        parts = _WORD.split(pieces[place])
        # Text and words by turns; a word without others is text.
        out = [parts[0]]
        for word, after in zip(parts[1::2], parts[2::2], strict=True):
            if word in dialects():
                out += [f"~{word}", after]
            else:
                out[-1] += word + after
        pieces[place : place + 1] = out
    return Template(tuple(pieces))


@cache
def dialects() -> dict[str, tuple[str, ...]]:
    """For a word all the words of its line, itself among them."""
    text = tomllib.loads((HERE / "dialects.toml").read_text())["words"]
    lines = [tuple(line.split("|")) for line in text.split()]
    return {line[0]: line for line in lines}
