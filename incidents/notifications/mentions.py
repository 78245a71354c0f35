"""`@username` in a text that people wrote."""

import re

FENCE = re.compile(r" {0,3}(`{3,}|~{3,})")
TICKS = re.compile(r"`+")
# Not the middle of an address, as in "ed@example.com" or "https://chat.example/@ed".
MENTION = re.compile(r"(?<![\w@/.+:-])@([A-Za-z0-9_][A-Za-z0-9_.@+-]*)")
END_OF_SENTENCE = ".@+-"
LONGEST_NAME = 150
MOST = 50
"""Names in one text that are looked at: nobody means to call hundreds."""


def names_in(text: str) -> set[str]:
    """The names that may be meant, in small letters; none of those in code.

    A dot at the end may belong to the sentence or to the name: both are among them.
    """
    if "@" not in text:
        return set()
    found = MENTION.findall(without_code(text))
    names = [name.lower() for name in dict.fromkeys(found) if len(name) <= LONGEST_NAME][:MOST]
    return {*names, *(name.rstrip(END_OF_SENTENCE) for name in names)}


def without_code(text: str) -> str:
    return without_spans("\n".join(unfenced_lines(text)))


def unfenced_lines(text: str) -> list[str]:
    """A fence that is not closed goes to the end of the text."""
    kept: list[str] = []
    fence = ""
    for line in text.splitlines():
        mark = FENCE.match(line)
        if fence:
            if mark and mark[1].startswith(fence) and not line.strip().strip(fence[0]):
                fence = ""
        elif mark:
            fence = mark[1]
        else:
            kept.append(line)
    return kept


def without_spans(text: str) -> str:
    """Code inside a line: from some backticks to as many again.

    1. Find all runs of backticks, and for each the next of its length, from behind.
    2. From the front: a run that has a next one opens a span up to there; without one it is text.
    """
    runs = list(TICKS.finditer(text))
    following: list[int | None] = []
    last: dict[int, int] = {}
    for number in range(len(runs) - 1, -1, -1):
        length = len(runs[number][0])
        following.append(last.get(length))
        last[length] = number
    following.reverse()
    kept, at, number = [], 0, 0
    while number < len(runs):
        closing = following[number]
        if closing is None:
            number += 1
            continue
        kept.append(text[at : runs[number].start()])
        at = runs[closing].end()
        number = closing + 1
    return " ".join([*kept, text[at:]])
