"""The order of a record's parts: where a new one belongs, and the numbers that keep it there.

Positions are written with gaps, so that putting a part between two others writes one row and not
all that follow.
"""

from collections.abc import Sequence
from datetime import datetime
from itertools import pairwise

STEP = 1024
HIGHEST = 2_000_000_000
"""Below what the column can hold."""


def numbered(positions: Sequence[int | None]) -> list[int]:
    """Numbers for rows that are in their order already; None is a row that has none yet.

    1. Where the numbers that there are rise strictly, they stay, and each run of None is spread
       evenly over its gap, or steps on behind the last.
    2. Where they do not, or a gap is too narrow, all are numbered anew.
    """
    anew = [STEP * place for place in range(1, len(positions) + 1)]
    kept = [(place, number) for place, number in enumerate(positions) if number is not None]
    if any(low >= high for (_, low), (_, high) in pairwise(kept)):
        return anew
    numbers = list(positions)
    ends = [(-1, 0), *kept]
    for (before, low), (after, high) in pairwise(ends):
        room = after - before
        if room > 1 and high - low < room:
            return anew
        for step in range(1, room):
            numbers[before + step] = low + (high - low) * step // room
    last, low = ends[-1]
    for step in range(1, len(positions) - last):
        numbers[last + step] = low + STEP * step
    found = [number for number in numbers if number is not None]
    return anew if found and found[-1] > HIGHEST else found


def place_of(
    time: datetime | None, times: Sequence[datetime | None], *, behind: int | None = None
) -> int:
    """Before which of `times`, which are in their order, a new event with `time` goes.

    After the last one that is not later; before all that are known where all are later; at the
    end where nothing tells. `behind` is the place of the event that it was given after: if the
    times allow it, it stays next to that one, as does an event without a time.
    """
    if time is None:
        return len(times) if behind is None else behind + 1
    known = [place for place, other in enumerate(times) if other is not None]
    not_later = [place for place in known if (times[place] or time) <= time]
    first = not_later[-1] + 1 if not_later else None
    least = first or 0
    most = next((place for place in known if place >= least), len(times))
    if behind is not None and least <= behind + 1 <= most:
        return behind + 1
    return most if first is None else first
