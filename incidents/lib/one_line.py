"""Texts of people where only one line fits: a subject, a title in a chat."""

import unicodedata


def one_line(text: str, longest: int = 150) -> str:
    """The text without line ends and control characters, each run of spaces as one, cut to fit.

    Characters that turn the direction of what follows go too: a title could show an address that
    it does not lead to.
    """
    kept = "".join(
        " " if unicodedata.category(letter) in {"Cc", "Zl", "Zp"} else letter
        for letter in text
        if letter not in TURNS
    )
    line = " ".join(kept.split())
    return line if len(line) <= longest else line[: longest - 1].rstrip() + "…"


TURNS = frozenset("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\u200e\u200f\u061c")
