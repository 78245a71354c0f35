"""Where the middle of some values lies, and where their quarters do."""

from collections.abc import Sequence
from statistics import quantiles

FEWEST = 10
"""Fewer values say little of where the middle of all such values would be."""


def quartiles(values: Sequence[int]) -> list[float | None]:
    """The lower quartile, the median and the upper quartile; unknown where there are no values.

    Between two values the place is found on the line from one to the other (type 7 of Hyndman and
    Fan, 1996, which spreadsheets use as well).
    """
    if not values:
        return [None] * 3
    if len(values) == 1:
        return [float(values[0])] * 3
    return [round(cut, 2) for cut in quantiles(values, n=4, method="inclusive")]
