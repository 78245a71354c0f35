"""A text edit as the one stretch that it replaced.

History keeps every version of a text. Whole copies would cost the length of the text for each
corrected word; a splice costs the length of the edit. An edit at both ends of a text counts as one
that spans it: that is the price of a record that cannot be misread.
"""

from dataclasses import dataclass


class SpliceDoesNotFit(ValueError):
    """The text is not the one that the splice was made from (or leads to)."""


@dataclass(frozen=True)
class Splice:
    """At character `at` (from 0), `removed` stood before the edit and `added` stands after it."""

    at: int
    removed: str
    added: str


def splice(before: str, after: str) -> Splice:
    """The shortest single replacement that turns `before` into `after`."""
    start = _common_prefix(before, after)
    # The suffix must not reach into the prefix: "aa" to "aaa" shares two characters, not four.
    longest_end = min(len(before), len(after)) - start
    end = _common_prefix(
        before[len(before) - longest_end :][::-1], after[len(after) - longest_end :][::-1]
    )
    return Splice(
        at=start, removed=before[start : len(before) - end], added=after[start : len(after) - end]
    )


def apply(text: str, edit: Splice) -> str:
    """The text after the edit. Raises SpliceDoesNotFit when `removed` does not stand there."""
    return _replace(text, edit.at, edit.removed, edit.added)


def revert(text: str, edit: Splice) -> str:
    """The text before the edit. Raises SpliceDoesNotFit when `added` does not stand there."""
    return _replace(text, edit.at, edit.added, edit.removed)


def _replace(text: str, at: int, old: str, new: str) -> str:
    # The bounds are checked apart: an empty stretch would "stand" even past the end.
    if not 0 <= at <= len(text) or not text.startswith(old, at):
        raise SpliceDoesNotFit(
            f"This edit does not fit the text: at character {at} there is something else than "
            f"the edit replaced."
        )
    return text[:at] + new + text[at + len(old) :]


def _common_prefix(one: str, other: str) -> int:
    """How many characters both begin with, by halving: comparing slices is done in C."""
    low, high = 0, min(len(one), len(other))
    while low < high:
        middle = (low + high + 1) // 2
        if one[low:middle] == other[low:middle]:
            low = middle
        else:
            high = middle - 1
    return low
