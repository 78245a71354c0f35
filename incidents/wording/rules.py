"""What a rule is, and what it finds."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from incidents.lib.words.translated import Translated
from incidents.wording.draft import Draft, Place
from incidents.wording.sources import Source


@dataclass(frozen=True)
class Found:
    """`phrase` is what was written, between a little of what stands around it."""

    place: Place
    before: str = ""
    phrase: str = ""
    after: str = ""


@dataclass(frozen=True, kw_only=True)
class Rule:
    """One entry of `lacking.LACKING` or `phrases.PHRASES`."""

    key: str
    """By which a site switches it off."""
    says: Translated
    question: Translated
    """One that leads further: never a demand."""
    source: Source
    finds: Callable[[Draft], Iterator[Found]]
