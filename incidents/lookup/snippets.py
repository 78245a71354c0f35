"""The stretch of a text that answers a question best, with the words asked for marked."""

import re
from typing import NamedTuple

from django.utils.html import conditional_escape, format_html, format_html_join
from django.utils.safestring import SafeString

from incidents.lookup.terms import names_in

LENGTH = 220
"""Characters of a snippet."""
LONGEST_READ = 20_000
"""Characters in which the stretch is looked for."""
BEFORE = 40
"""Characters shown before the first word that matches."""

_MARKUP = re.compile(r"[#*`>|\[\]~\s]+")


class Spot(NamedTuple):
    """Where a word that was asked for begins and ends, and which terms it matches."""

    begin: int
    end: int
    matched: frozenset[str]


def marked(text: str, terms: frozenset[str]) -> SafeString:
    """The whole text, escaped, each word that was asked for in `<mark>`."""
    return _marked(text, _spots(text, terms))


def snippet(text: str, terms: frozenset[str]) -> SafeString:
    """The stretch with the most different terms; of a text without any, its beginning."""
    text = _MARKUP.sub(" ", text[:LONGEST_READ]).strip()
    spots = _spots(text, terms)
    begin = _word_start(text, max(0, _best(spots) - BEFORE))
    end = _word_end(text, begin + LENGTH)
    inside = [
        Spot(first - begin, last - begin, matched)
        for first, last, matched in spots
        if begin <= first and last <= end
    ]
    before, after = ("… " if begin else ""), (" …" if end < len(text) else "")
    return format_html("{}{}{}", before, _marked(text[begin:end], inside), after)


def _spots(text: str, terms: frozenset[str]) -> list[Spot]:
    return [
        Spot(first, last, terms.intersection(name.terms))
        for first, last, name in names_in(text)
        if not terms.isdisjoint(name.terms)
    ]


def _best(spots: list[Spot]) -> int:
    """Where the stretch of LENGTH begins in which the most different terms stand."""
    best, most = 0, 0
    for number, (begin, _last, _matched) in enumerate(spots):
        seen: set[str] = set()
        for _first, last, matched in spots[number:]:
            if last > begin + LENGTH - BEFORE:
                break
            seen |= matched
        if len(seen) > most:
            best, most = begin, len(seen)
    return best


def _word_start(text: str, at: int) -> int:
    if at == 0:
        return 0
    space = text.find(" ", at, at + BEFORE)
    return space + 1 if space >= 0 else at


def _word_end(text: str, at: int) -> int:
    if at >= len(text):
        return len(text)
    space = text.rfind(" ", at - BEFORE, at)
    return space if space >= 0 else at


def _marked(text: str, spots: list[Spot]) -> SafeString:
    pieces, at = [], 0
    for first, last, _matched in spots:
        pieces.append((text[at:first], text[first:last]))
        at = last
    return format_html_join("", "{}<mark>{}</mark>", pieces) + conditional_escape(text[at:])
