"""Thousands of texts that want to run in the browser of whoever reads them.

Each calls `hit(N)` with a number of its own, so that a page which runs one says which. They are
made here, of tags, attributes, schemes, ways to write a letter, surroundings and marks of Markdown,
and are the same on every run.
"""

import random
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import cycle, product

from tests.hostile.pieces import (
    ADDRESSED,
    AROUND,
    BREAKOUTS,
    CLOBBERS,
    CORES,
    EVENTS,
    LINKED,
    PLACES,
    QUOTINGS,
    SCHEMES,
    TAGS,
)

SEED = 20260314
SPLICED, DAMAGED = 1_500, 2_000
CALL = "hit(0)"
NUMBER = re.compile(r"(?<=[(`;])0(?=[)`&])")


@dataclass(frozen=True)
class Payload:
    number: int
    family: str
    text: str


def written_otherwise(text: str) -> Iterator[str]:
    """The same for a reader who undoes what should not be undone."""
    yield text.replace("<", "&lt;").replace(">", "&gt;")
    yield text.replace("<", "&amp;lt;").replace(">", "&amp;gt;")
    yield text.replace("<", "&#60").replace(">", "&#62;")
    yield text.replace("<", "&#x3c;")
    yield text.replace("<", "\\u003c").replace(">", "\\u003e")
    yield text.replace("<", "%3C").replace(">", "%3E")
    yield text.replace("<", "\uff1c").replace(">", "\uff1e")
    yield text.replace("<", "+ADw-").replace(">", "+AD4-")
    yield text.replace("<", "\u2039").replace(">", "\u203a")
    yield text.replace("<", "<\x00")
    yield text.replace("t", "\x00t", 1)
    yield text.replace("i", "\u0131")
    yield text.replace("s", "\u017f")
    yield text.replace("<", "\ufeff<\u200b")
    yield text.replace(" ", "\x0c")
    yield text.replace(" ", "\u00a0")
    yield text.replace(" ", "/")
    yield text.replace("hit(0)", "&#104;it&lpar;0)")
    yield text.replace("hit(0)", "hit`0`")
    yield text.upper().replace("HIT(", "hit(")


def written() -> Iterator[tuple[str, str]]:
    """Each with its family; they call `hit(0)`."""
    yield from in_family("events", with_events())
    yield from in_family("begins by itself", (core.format(CALL) for core in CORES))
    for core in CORES:
        yield from in_family("written otherwise", written_otherwise(core.format(CALL)))
    addresses = product((scheme.format(CALL) for scheme in SCHEMES), (*ADDRESSED, *LINKED))
    yield from in_family("addresses", (place.format(scheme) for scheme, place in addresses))
    breaks = product((breakout.format(CALL) for breakout in BREAKOUTS), PLACES)
    yield from in_family("breaks out", (place.format(breakout) for breakout, place in breaks))
    inner = product(AROUND, (core.format(CALL) for core in CORES[::2]))
    yield from in_family("surroundings", (around.format(core) for around, core in inner))
    yield from in_family("names", (clobber.format(*[CALL] * 4) for clobber in CLOBBERS))


def in_family(name: str, texts: Iterable[str]) -> Iterator[tuple[str, str]]:
    return ((name, text) for text in texts)


def with_events() -> Iterator[str]:
    quotings = cycle(QUOTINGS)
    for tag in TAGS:
        for event in EVENTS if tag == "b" else EVENTS[::3]:
            attribute = next(quotings).format(event, CALL, event, CALL)
            yield f"<{tag}{attribute} src=x: tabindex=1>x</{tag}>"


def spliced(some: list[str], by: random.Random) -> Iterator[str]:
    """Two or three surroundings in one another, or two texts one in the other."""
    for _ in range(SPLICED):
        text = by.choice(CORES).format(CALL)
        for _ in range(by.randint(2, 3)):
            text = by.choice((*AROUND, *PLACES)).format(text)
        yield text
    for _ in range(SPLICED // 3):
        one, other = by.sample(some, 2)
        at = by.randrange(len(one))
        yield one[:at] + other + one[at:]


def damaged(some: list[str], by: random.Random) -> Iterator[str]:
    """A letter or two gone, doubled, changed, or with something beside it."""
    beside = ("\x00", "\t", "\n", " ", "/", "<", ">", '"', "'", "`", "&", "\\", "=", "<!--", "\x0c")
    for _ in range(DAMAGED):
        text = by.choice(some)
        for _ in range(by.randint(1, 3)):
            at = by.randrange(len(text))
            done = ("", text[at] * 2, text[at].swapcase(), text[at] + by.choice(beside))
            text = text[:at] + by.choice(done) + text[at + 1 :]
        if CALL in text:
            yield text


def payloads() -> list[Payload]:
    by = random.Random(SEED)
    found = list(written())
    some = [text for _, text in found]
    found += [("spliced", text) for text in spliced(some, by)]
    found += [("damaged", text) for text in damaged(some, by)]
    once = dict.fromkeys(found)
    return [
        Payload(number, family, NUMBER.sub(str(number), text))
        for number, (family, text) in enumerate(once, 1)
    ]


def a_few(some: list[Payload], count: int) -> list[Payload]:
    """Of all families, and always the same."""
    return some[:: max(1, len(some) // count)]
