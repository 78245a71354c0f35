"""What costs far more than it weighs costs seconds at most, and ends in a value or a refusal.

`make bombs` tells what each takes; here none may take many times as much.
"""

from functools import partial
from pathlib import Path

import pytest

from tests.hostile.apart import spent
from tests.hostile.bombs import BOMBS, Bomb

MOST_SECONDS = 20
"""Of the processor, which others on the machine make slower."""
MOST_MEGABYTES = 512
"""Beside what the process of the tests has already."""


@pytest.mark.parametrize("bomb", BOMBS, ids=str)
def test_it_bursts_cheaply(bomb: Bomb, tmp_path: Path) -> None:
    taken = spent(partial(bomb.burst, tmp_path), most_seconds=MOST_SECONDS)

    assert taken.wrong == ""
    assert taken.megabytes < MOST_MEGABYTES


def test_what_takes_too_long_is_told() -> None:
    """So the silence above is not for another reason."""

    def for_ever() -> None:
        while True:
            pass

    assert spent(for_ever, most_seconds=1).wrong == "it takes too long"
    assert spent(lambda: 1 / 0, most_seconds=1).wrong == "it raised"


def test_what_takes_much_memory_is_told() -> None:
    """And what this process has is not."""
    ours = bytearray(b"x" * 300_000_000)
    assert spent(lambda: bytearray(b"x" * 600_000_000), most_seconds=9).megabytes > MOST_MEGABYTES
    assert spent(lambda: None, most_seconds=9).megabytes < 200
    assert len(ours) == 300_000_000
