"""Drawing lots as archives do: few things happen often, most happen seldom."""

import math
from bisect import bisect
from collections.abc import Sequence
from functools import cache
from itertools import accumulate
from random import Random
from typing import TypeVar

Thing = TypeVar("Thing")


class Chance(Random):
    """A source of chance that gives the same for the same name, in every version of Python."""

    def one_of(self, things: Sequence[Thing]) -> Thing:
        """By Zipf's law: the second half as often as the first, the third a third as often."""
        steps = _harmonic(len(things))
        return things[min(bisect(steps, self.random() * steps[-1]), len(things) - 1)]

    def some_of(self, things: Sequence[Thing], count: int) -> list[Thing]:
        """Up to `count` different ones, drawn by Zipf's law."""
        drawn = {id(thing): thing for thing in (self.one_of(things) for _ in range(count))}
        return list(drawn.values())

    def weighed(self, weights: dict[Thing, float]) -> Thing:
        steps = list(accumulate(weights.values()))
        return list(weights)[bisect(steps, self.random() * steps[-1], 0, len(steps) - 1)]

    def rank(self, most: int) -> int:
        """From 0 to below `most`, by Zipf's law without a table: for vocabularies with a tail."""
        return min(int(math.exp(self.random() * math.log(most + 1))) - 1, most - 1)

    def happens(self, share: float) -> bool:
        return self.random() < share


@cache
def _harmonic(count: int) -> list[float]:
    return list(accumulate(1 / place for place in range(1, count + 1)))
