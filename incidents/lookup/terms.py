"""Text to terms: what a record is indexed by, and what is asked for.

A name counts as itself and as its words: `KubePodCrashLooping`, `kube_pod_crash_looping` and
`kube-pod-crash-looping` all give `kubepodcrashloop kube pod crash loop`. A term is letters and
digits only, lower case, without accents: nothing in it means anything to a database.
"""

import re
import unicodedata
from collections.abc import Iterator, Sequence
from functools import lru_cache
from itertools import pairwise
from typing import NamedTuple

from incidents.lookup.stems import stem

LONGEST_INDEXED = 100_000
"""Characters of one text that are indexed: more is data, and would keep the writer waiting."""
LONGEST_ASKED = 8_000
"""Characters of a query that are read: of a longer one the beginning and the end."""
MOST_TERMS = 48
"""Terms of a query that are asked for; names come first."""
LONGEST_TERM = 60
"""Characters: longer ones are keys and encoded data, which nobody asks for."""

# References stay whole: `INC-4` is one term, not a word that stands in every record and a number.
_CHUNK = re.compile(r"(?P<reference>\b(?i:inc|les|act)-\d+\b)|(?P<name>[^\W_]+(?:[-_.:]+[^\W_]+)*)")
_DOT = re.compile(r"[.:]+")
_JOINT = re.compile(r"[-_]+|(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])")
_FOREIGN = re.compile(r"[^\x00-\x7f]+")
_NUMBER = re.compile(r"\d+(?:[num]?s|[mhdwkx]|[kmgt]?i?b?|st|nd|rd|th)?")
_HASH = re.compile(r"(?=[a-f]*\d)[0-9a-f]{5,}")
_ALTERNATING = re.compile(r"[a-z]+\d+[a-z]+\d+[a-z]\w*|\d+[a-z]+\d+[a-z]+\d\w*")
_ADDRESS = re.compile(
    r"\b\d{1,3}(?:\.\d{1,3}){3}(?::\d+|/\d+)?\b"
    r"|(?<![\w:])(?:[0-9a-f]{0,4}:){3,7}[0-9a-f]{0,4}(?![\w:])"
    r"|\b[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}\b"
    r"|\b\d{4}-\d\d-\d\d(?:[t ]\d\d:\d\d(?::\d\d(?:[.,]\d+)?)?(?:z|[+-]\d\d:?\d\d)?)?",
    re.IGNORECASE,
)
# "not", "no", "down", "up", "out" and their like are no stop words: "not ready", "node down".
STOP_WORDS_IN_FULL = re.findall(
    r"\w+",
    """
    a about after again against all also am an and any are as at be because been before being
    between both but by can could did do does doing during each few for from further had has have
    having he her here hers him his how i if in into is it its itself just me more most my nor now
    of on once or other our ours own please same she should so some such than that the their theirs
    them then there these they this those through to too until us very was we were what when where
    which while who whom why will with would you your yours
    """,
)
STOP_WORDS = frozenset(map(stem, STOP_WORDS_IN_FULL))


class Name(NamedTuple):
    """A word of a text, or a name made of several: the wholes that it has, and its words."""

    wholes: tuple[str, ...]
    words: tuple[str, ...]

    @property
    def terms(self) -> tuple[str, ...]:
        return self.wholes + self.words


class Asked(NamedTuple):
    """What to look for: `terms`, any of which may match, and neighbours that count as phrases."""

    terms: tuple[str, ...]
    pairs: tuple[tuple[str, str], ...]


def indexed(text: str) -> list[str]:
    """Every term of a text, in order: of a name the wholes, then its words."""
    normal = plain(text[:LONGEST_INDEXED])[:LONGEST_INDEXED]
    terms: list[str] = []
    # Every word of every text that is saved comes by here: no object for each that is found.
    for reference, chunk in _CHUNK.findall(normal):
        name = _name(chunk) if chunk else _reference(reference)
        terms += name.wholes
        terms += name.words
    return terms


def written(text: str) -> set[str]:
    """Every word and whole of what `indexed` reads, before it is cut to its stem."""
    found = _CHUNK.finditer(plain(text[:LONGEST_INDEXED])[:LONGEST_INDEXED])
    chunks = {one[0]: _reference if one["reference"] else _unstemmed for one in found}
    return {word for chunk, read in chunks.items() for word in read(chunk).terms}


def asked(text: str) -> Asked:
    """What to look for when somebody asks with this text.

    1. Of a long text its beginning and its end count: a stack trace says the most there.
    2. Addresses, numbers, hashes and stop words are left out, unless nothing else is there.
    3. Of more than MOST_TERMS terms, names come first, then the order of the text.
    4. Pairs are neighbours among the words that are left, without noise in any case.
    """
    text = _ends(text)
    everything = [name for _start, _end, name in names_in(plain(text))]
    cleaned = (name for _start, _end, name in names_in(_ADDRESS.sub(" ", plain(text))))
    telling = [name for name in map(_without_noise, cleaned) if name.terms] or everything
    first = (term for name in telling if name.wholes for term in name.terms)
    terms = tuple(dict.fromkeys([*first, *(term for name in telling for term in name.terms)]))
    terms = terms[:MOST_TERMS]
    kept = set(terms)
    line = [word for name in telling for word in name.words if word in kept]
    pairs = dict.fromkeys(neighbours(line))
    return Asked(terms, tuple(pairs)[:MOST_TERMS])


def neighbours(terms: Sequence[str]) -> list[tuple[str, str]]:
    """Each two that stand side by side and may be asked for as a phrase.

    Wrong: a word beside itself, or beside noise. Those are most of all pairs, and tell the least.
    """
    pairs = pairwise(terms)
    return [
        (one, then)
        for one, then in pairs
        if one != then and not _is_noise(one) and not _is_noise(then)
    ]


def whole_names(text: str) -> list[str]:
    """The names made of several words, each as one term: `KubePodCrashLooping`, `node_down`."""
    names = (name for _start, _end, name in names_in(plain(_ends(text))))
    return [name.wholes[0] for name in names if name.wholes]


def _ends(text: str) -> str:
    """The text, or the beginning and the end of a long one, without the words cut in two."""
    if len(text) <= LONGEST_ASKED:
        return text
    half = LONGEST_ASKED // 2
    beginning = text[:half].rsplit(maxsplit=1)
    end = text[-half:].split(maxsplit=1)
    return " ".join([*beginning[:1], *end[-1:]])


def names_in(text: str) -> Iterator[tuple[int, int, Name]]:
    """Each word or name of a text with where it begins and ends."""
    for found in _CHUNK.finditer(text):
        name = _reference(found[0]) if found["reference"] else _name(found[0])
        if name.terms:
            yield found.start(), found.end(), name


@lru_cache(maxsize=50_000)
def _name(chunk: str) -> Name:
    name = _unstemmed(chunk)
    return Name(tuple(map(stem, name.wholes)), tuple(map(stem, name.words)))


@lru_cache(maxsize=50_000)
def _unstemmed(chunk: str) -> Name:
    """1. `a.b`: the whole, and each side. 2. `a_b`, `a-b`, `aB`: the whole, and each word."""
    sides = [
        [side] if _is_made_up(side) else _JOINT.split(side) for side in _DOT.split(plain(chunk))
    ]
    words = [word.casefold() for side in sides for word in side if len(word) <= LONGEST_TERM]
    joined = [side for side in sides if len(side) > 1]
    if len(sides) > 1:
        joined.insert(0, [word for side in sides for word in side])
    wholes = ["".join(side).casefold() for side in joined if not any(map(_is_made_up, side))]
    wholes = [whole for whole in dict.fromkeys(wholes) if len(whole) <= LONGEST_TERM]
    return Name(tuple(wholes), tuple(words))


def _reference(chunk: str) -> Name:
    return Name((), (chunk.replace("-", "").casefold(),))


def _without_noise(name: Name) -> Name:
    return Name(name.wholes, tuple(word for word in name.words if not _is_noise(word)))


@lru_cache(maxsize=50_000)
def _is_noise(word: str) -> bool:
    is_letter = len(word) == 1 and word.isascii()
    return is_letter or word in STOP_WORDS or _is_made_up(word)


def _is_made_up(word: str) -> bool:
    """Right: `10s`, `7c9f8d6b5`, `x2x9k`. Wrong: `k8s`, `5xx`, `http2`, `p99`, `deadbeef`."""
    word = word.casefold()
    return any(kind.fullmatch(word) for kind in (_NUMBER, _HASH, _ALTERNATING))


def plain(text: str) -> str:
    """The text without accents and without different spellings of one character."""
    if text.isascii():
        return text
    return _FOREIGN.sub(_without_accents, unicodedata.normalize("NFKD", text))


def _without_accents(found: re.Match[str]) -> str:
    return "".join(char for char in found[0] if unicodedata.category(char) != "Mn")
