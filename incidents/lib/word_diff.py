"""What changed between two versions of a text, word by word."""

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from itertools import chain, groupby
from typing import Literal

from diff_match_patch import diff_match_patch

Kind = Literal["same", "added", "removed", "folded"]

SECONDS_TO_SEARCH = 0.5
"""After this long the comparison stops refining; the result is coarser, never wrong."""

# One code point stands for one distinct word. Private use comes first: it is neither letter nor
# space nor line end, so the library's shifting of edits to "nicer" places has no opinion on it.
# Surrogates (0xD800 to 0xDFFF) are left out: they are no characters of their own.
_ALPHABET = (range(0xF0000, 0x110000), range(0xE000, 0xF0000), range(0xD800))
_ALPHABET_SIZE = sum(map(len, _ALPHABET))

_WORD_OR_SPACE = re.compile(r"\s+|\S+")
_WORD_WITH_SPACE = re.compile(r"\s*\S+")

_KINDS: dict[int, Kind] = {
    diff_match_patch.DIFF_EQUAL: "same",
    diff_match_patch.DIFF_DELETE: "removed",
    diff_match_patch.DIFF_INSERT: "added",
}


@dataclass(frozen=True)
class Piece:
    """A stretch of text. "folded" is an unchanged stretch that need not be shown."""

    kind: Kind
    text: str


def compare_words(before: str, after: str) -> list[Piece]:
    """The pieces in reading order; a replaced stretch is its "removed", then its "added".

    "same" and "removed" together are exactly `before`; "same" and "added" exactly `after`.
    """
    engine = diff_match_patch()
    engine.Diff_Timeout = SECONDS_TO_SEARCH
    coded_before, coded_after, tokens = _encode(before, after)
    # The line-by-line first pass (the last argument) looks for line ends, which are coded too.
    differences = engine.diff_main(coded_before, coded_after, False)  # noqa: FBT003
    engine.diff_cleanupSemantic(differences)
    pieces = (
        Piece(_KINDS[operation], "".join(tokens[character] for character in coded))
        for operation, coded in differences
    )
    return list(_joined(piece for piece in pieces if piece.text))


def fold(pieces: list[Piece], context_words: int = 30) -> list[Piece]:
    """Hides the middle of long unchanged stretches, and leaves `context_words` beside each change.

    A stretch that would hide fewer words than `context_words` stays whole: a fold that hides three
    words helps nobody.
    """
    folded: list[Piece] = []
    for index, piece in enumerate(pieces):
        if piece.kind != "same":
            folded.append(piece)
            continue
        head = context_words if index > 0 else 0
        tail = context_words if index < len(pieces) - 1 else 0
        folded.extend(_folded(piece.text, head, tail, at_least=max(1, context_words)))
    return folded


def _folded(text: str, head: int, tail: int, *, at_least: int) -> Iterator[Piece]:
    words = [match.end() for match in _WORD_WITH_SPACE.finditer(text)]
    if len(words) - head - tail < at_least:
        yield Piece("same", text)
        return
    start = words[head - 1] if head else 0
    end = words[-tail - 1] if tail else len(text)
    stretches = (
        Piece("same", text[:start]),
        Piece("folded", text[start:end]),
        Piece("same", text[end:]),
    )
    yield from (stretch for stretch in stretches if stretch.text)


def _encode(before: str, after: str) -> tuple[str, str, dict[str, str]]:
    """Both texts with one character for each token, and what each character stands for.

    Words are the tokens; where a text has more different words than there are characters, its
    lines are, and in the last resort the whole text is.
    """
    for tokenize in _TOKENIZERS:
        tokens_before, tokens_after = tokenize(before), tokenize(after)
        distinct = dict.fromkeys(chain(tokens_before, tokens_after))
        if len(distinct) <= _ALPHABET_SIZE:
            break
    # There may be fewer tokens than characters: that is the usual case.
    code = dict(zip(distinct, map(chr, chain(*_ALPHABET)), strict=False))
    return (
        "".join(map(code.__getitem__, tokens_before)),
        "".join(map(code.__getitem__, tokens_after)),
        {character: token for token, character in code.items()},
    )


def _words(text: str) -> list[str]:
    # Spaces are tokens of their own: else a word would differ from itself at the end of a text.
    return _WORD_OR_SPACE.findall(text)


def _lines(text: str) -> list[str]:
    return text.splitlines(keepends=True)


def _whole(text: str) -> list[str]:
    return [text]


_TOKENIZERS: tuple[Callable[[str], list[str]], ...] = (_words, _lines, _whole)


def _joined(pieces: Iterable[Piece]) -> Iterator[Piece]:
    for kind, group in groupby(pieces, key=lambda piece: piece.kind):
        yield Piece(kind, "".join(piece.text for piece in group))
