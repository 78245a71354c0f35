"""Keeps hostile or broken prose from costing minutes.

Python-Markdown takes quadratic time in the number of "[" and of "<" in a paragraph (its issue 798):
20,000 of them cost minutes. Other marks do the same at a far lower rate. Prose never has so many;
what has is shown as it was written, as code.
"""

import re

# What the paragraphs may cost together (see `_cost`), for each mark: a second or two of work.
BUDGETS = {
    "[": 8_000_000,
    "<": 8_000_000,
    "\\": 400_000_000,
    "*": 900_000_000,
    "`": 900_000_000,
    "&": 900_000_000,
    "|": 900_000_000,
    "  \n": 900_000_000,
}

# Marks that stand alone, each in its own paragraph, cost something too.
_EACH = 1_600

# Each piece of code costs a highlighting, each paragraph a block: more are a log, not prose.
MOST_FENCES = 1_000
MOST_PARAGRAPHS = 20_000
MOST_TURNED_TO_CODE = 50

_FENCE = re.compile(r"(?P<indent> *)(?P<mark>`{3,}|~{3,})")


class TooCostly(ValueError):
    """The text has too many pieces to be parsed at all."""


def guard(source: str) -> str:
    """The source with those paragraphs as code that would exceed a budget. Raises TooCostly.

    Expects what `markdown_lists.normalise` returns: every fence has its closing line.
    """
    left = dict(BUDGETS)
    out: list[str] = []
    turned = 0
    paragraphs = _paragraphs(source.split("\n"))
    if sum(is_code for _, is_code in paragraphs) > MOST_FENCES or len(paragraphs) > MOST_PARAGRAPHS:
        raise TooCostly("The text has too many paragraphs or pieces of code.")
    for lines, is_code in paragraphs:
        if is_code:
            out += lines
            continue
        text = "\n".join(lines)
        costs = {mark: _cost(text.count(mark)) for mark in BUDGETS}
        if all(cost <= left[mark] for mark, cost in costs.items()):
            left = {mark: left[mark] - cost for mark, cost in costs.items()}
            out += lines
            continue
        turned += 1
        if turned > MOST_TURNED_TO_CODE:
            raise TooCostly("The text has too many paragraphs that are no prose.")
        out += ["", *_as_code(text), ""]
    return "\n".join(out)


def _cost(count: int) -> int:
    return count * (count + _EACH)


def _paragraphs(lines: list[str]) -> list[tuple[list[str], bool]]:
    """The lines in groups: each fence with what it holds, and the text between blank lines."""
    groups: list[tuple[list[str], bool]] = []
    current: list[str] = []
    closing = ""
    for line in lines:
        current.append(line)
        if closing:
            if line == closing:
                groups.append((current, True))
                current, closing = [], ""
        elif fence := _FENCE.match(line):
            # A fence stands after a blank line, so it is the first of its group.
            closing = fence["indent"] + fence["mark"]
        elif not line.strip():
            groups.append((current, False))
            current = []
    groups.append((current, False))
    return groups


def _as_code(text: str) -> list[str]:
    longest = max((len(run) for run in re.findall(r"~+", text)), default=0)
    mark = "~" * max(3, longest + 1)
    return [mark, text, mark]
