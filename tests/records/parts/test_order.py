"""The order of a record's parts."""

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from incidents.records.parts.order import HIGHEST, STEP, numbered, place_of


def at(hour: int | None) -> datetime | None:
    return None if hour is None else datetime(2026, 3, 14, hour, tzinfo=UTC)


def test_it_works() -> None:
    assert numbered([None, None]) == [STEP, 2 * STEP]
    assert numbered([STEP, None]) == [STEP, 2 * STEP]
    assert numbered([STEP, None, 2 * STEP]) == [STEP, STEP + STEP // 2, 2 * STEP]
    assert numbered([]) == []


def test_where_there_is_room_no_other_row_is_written() -> None:
    assert numbered([10, None, None, 20, 30]) == [10, 13, 16, 20, 30]


@pytest.mark.parametrize("positions", [[1, None, 2], [0, 0], [3, 2, None], [None, 0]])
def test_without_room_or_with_ties_all_are_numbered_anew(positions: list[int | None]) -> None:
    assert numbered(positions)[:2] == [STEP, 2 * STEP]


def test_numbers_stay_within_the_column() -> None:
    assert numbered([HIGHEST, None]) == [STEP, 2 * STEP]


@given(st.lists(st.none() | st.integers(0, HIGHEST), max_size=30))
def test_numbers_always_rise(positions: list[int | None]) -> None:
    numbers = numbered(positions)

    assert len(numbers) == len(positions)
    assert numbers == sorted(set(numbers))
    assert all(0 <= number <= HIGHEST + STEP for number in numbers)


@pytest.mark.parametrize(
    ("hour", "hours", "place"),
    [
        (11, [], 0),
        (11, [10, 12], 1),
        (10, [10, 12], 1),
        (13, [10, 12], 2),
        (9, [10, 12], 0),
        # What has no time stays where it is: the new one goes right behind the earlier one.
        (11, [10, None, 12], 1),
        (13, [10, None], 1),
        (9, [None, 10], 1),
        (9, [None], 1),
        (None, [10, 12], 2),
    ],
)
def test_a_new_event_goes_to_its_place(hour: int, hours: list[int | None], place: int) -> None:
    assert place_of(at(hour), [at(other) for other in hours]) == place


@pytest.mark.parametrize(
    ("hour", "hours", "behind", "place"),
    [
        (11, [10, None], 1, 2),
        (None, [10, 12], 0, 1),
        (11, [None], 0, 1),
        # The times win over the order in which they were given.
        (9, [10, None], 1, 0),
        (13, [10, 12], 0, 2),
    ],
)
def test_events_given_together_stay_together(
    hour: int | None, hours: list[int | None], behind: int, place: int
) -> None:
    assert place_of(at(hour), [at(other) for other in hours], behind=behind) == place
