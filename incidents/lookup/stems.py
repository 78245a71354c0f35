"""English words cut to their stems, so that “crashing” finds “crashes”.

The algorithm is M. F. Porter's, "An algorithm for suffix stripping" (1980); the rules are named by
the numbers of its steps. SQLite's `porter` tokenizer gives the same stems. It is written here so
that the index of either database, and what is marked on the page, go by the same stems.
"""

import re
from functools import lru_cache
from itertools import pairwise

SHORTEST = 3
_ENGLISH = re.compile(r"[a-z]+")

# For each step, what an ending becomes; the stem before it must have `least` vowel groups.
_STEP_2 = {
    "ational": "ate",
    "tional": "tion",
    "enci": "ence",
    "anci": "ance",
    "izer": "ize",
    "logi": "log",
    "bli": "ble",
    "alli": "al",
    "entli": "ent",
    "eli": "e",
    "ousli": "ous",
    "ization": "ize",
    "ation": "ate",
    "ator": "ate",
    "alism": "al",
    "iveness": "ive",
    "fulness": "ful",
    "ousness": "ous",
    "aliti": "al",
    "iviti": "ive",
    "biliti": "ble",
}
_STEP_3 = {
    "icate": "ic",
    "ative": "",
    "alize": "al",
    "iciti": "ic",
    "ical": "ic",
    "ful": "",
    "ness": "",
}
_STEP_4 = {
    **dict.fromkeys(("al", "ance", "ence", "er", "ic", "able", "ible", "ant", "ement"), ""),
    **dict.fromkeys(("ment", "ent", "ion", "ou", "ism", "ate", "iti", "ous", "ive", "ize"), ""),
}


@lru_cache(maxsize=100_000)
def stem(word: str) -> str:
    """The stem of a lower-case word; a word that is not plain English letters is its own.

    Right: `stem("crashes") == stem("crashing") == "crash"`. Not meant: stems are no words to show
    (`stem("queries") == "queri"`), and unlike words may share one (`"general"`, `"generate"`).
    """
    if len(word) < SHORTEST or not _ENGLISH.fullmatch(word):
        return word
    word = _plural(word)
    word = _past(word)
    if word.endswith("y") and _has_vowel(word[:-1]):
        word = word[:-1] + "i"
    word = _replaced(word, _STEP_2, least=1)
    word = _replaced(word, _STEP_3, least=1)
    word = _replaced(word, _STEP_4, least=2)
    return _tidied(word)


def _plural(word: str) -> str:
    """Step 1a."""
    if word.endswith(("sses", "ies")):
        return word[:-2]
    if word.endswith("s") and not word.endswith("ss"):
        return word[:-1]
    return word


def _past(word: str) -> str:
    """Step 1b."""
    if word.endswith("eed"):
        return word[:-1] if _groups(word[:-3]) > 0 else word
    for ending in ("ed", "ing"):
        if word.endswith(ending) and _has_vowel(word[: -len(ending)]):
            word = word[: -len(ending)]
            break
    else:
        return word
    if word.endswith(("at", "bl", "iz")):
        return word + "e"
    if _doubled(word) and word[-1] not in "lsz":
        return word[:-1]
    return word + "e" if _groups(word) == 1 and _short(word) else word


def _replaced(word: str, endings: dict[str, str], *, least: int) -> str:
    """Steps 2 to 4: the longest ending counts; if its stem is too short, nothing happens."""
    for length in range(min(7, len(word)), 1, -1):
        ending = word[-length:]
        if ending not in endings:
            continue
        rest = word[:-length]
        if _groups(rest) < least or (ending == "ion" and not rest.endswith(("s", "t"))):
            return word
        return rest + endings[ending]
    return word


def _tidied(word: str) -> str:
    """Step 5."""
    if word.endswith("e"):
        rest = word[:-1]
        groups = _groups(rest)
        if groups > 1 or (groups == 1 and not _short(rest)):
            word = rest
    if word.endswith("ll") and _groups(word) > 1:
        word = word[:-1]
    return word


def _is_vowel(word: str, at: int) -> bool:
    """A `y` is one after a consonant."""
    if word[at] == "y":
        return at > 0 and not _is_vowel(word, at - 1)
    return word[at] in "aeiou"


def _has_vowel(word: str) -> bool:
    return any(_is_vowel(word, at) for at in range(len(word)))


def _groups(word: str) -> int:
    """Porter's measure: how often a vowel is followed by a consonant."""
    vowels = [_is_vowel(word, at) for at in range(len(word))]
    return sum(before and not after for before, after in pairwise(vowels))


def _doubled(word: str) -> bool:
    return len(word) > 1 and word[-1] == word[-2] and not _is_vowel(word, len(word) - 1)


def _short(word: str) -> bool:
    """Ends consonant, vowel, consonant, the last not w, x or y."""
    last = len(word) - 1
    return (
        last >= 2  # noqa: PLR2004
        and not _is_vowel(word, last - 2)
        and _is_vowel(word, last - 1)
        and not _is_vowel(word, last)
        and word[last] not in "wxy"
    )
