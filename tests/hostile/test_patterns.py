"""No regular expression of ours takes minutes for a text that is made for it.

All are tried together, apart from this process; which of them is slow, `make bombs` tells.
"""

import re

from tests.hostile.apart import spent
from tests.hostile.patterns import asked_how, own_patterns, tried, ways_asked

LENGTH = 100
"""Of a text: what takes the square of that is quick, what doubles with each letter is not."""
MOST_SECONDS = 120
"""Of the processor, for all of them."""
LEAST = 300


def all_tried() -> None:
    ways = ways_asked()
    for where, pattern in own_patterns().items():
        tried(pattern, asked_how(where, ways), LENGTH)


def test_none_is_slow_for_texts_that_are_made_for_it() -> None:
    assert spent(all_tried, most_seconds=MOST_SECONDS).wrong == ""


def test_they_are_found_where_they_are() -> None:
    found = own_patterns()

    assert len(found) > LEAST
    assert "incidents.lib.markdown._TAG" in found
    assert found["incidents.lib.markdown._TAG"].match("<p>")


def test_one_that_is_slow_would_be_seen() -> None:
    slow = re.compile(r"(a+)+b")
    anywhere = frozenset({"search"})

    assert spent(lambda: tried(slow, anywhere, LENGTH), most_seconds=2).wrong == "it takes too long"
