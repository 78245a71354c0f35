"""How often a minute somebody asks, counted in this process alone."""

import threading
import time
from collections.abc import Callable
from math import ceil
from typing import NamedTuple

SECONDS = 60


class Left(NamedTuple):
    """Of `most` in this minute `remaining` are left; in `seconds` the next minute begins."""

    most: int
    remaining: int
    seconds: int
    is_over: bool


class Counter:
    """Minutes begin for everybody at once: what the last one counted is dropped as a whole."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self.clock = clock
        self.minute = -1
        self.counts: dict[str, int] = {}
        self.lock = threading.Lock()

    def count(self, who: str, most: int) -> Left:
        now = self.clock()
        with self.lock:
            if int(now // SECONDS) != self.minute:
                self.minute, self.counts = int(now // SECONDS), {}
            asked = self.counts[who] = self.counts.get(who, 0) + 1
        seconds = ceil(SECONDS - now % SECONDS)
        return Left(most, max(0, most - asked), seconds, is_over=asked > most)
