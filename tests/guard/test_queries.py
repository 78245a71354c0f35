"""Recorded values are put together as an example is written."""

from itertools import permutations
from typing import Any

import pytest

from incidents.guard.queries import put


def nested(*values: tuple[str, Any]) -> dict[str, Any]:
    settings: dict[str, Any] = {}
    for path, value in values:
        put(settings, tuple(path.split(".")), value)
    return settings


def test_it_works() -> None:
    found = nested(("unicorn.timeout", "30"), ("unicorn.pool.size", "5"))
    assert found == {"unicorn": {"timeout": "30", "pool": {"size": "5"}}}


def test_the_later_value_counts() -> None:
    assert nested(("unicorn.timeout", "30"), ("unicorn.timeout", "60")) == {
        "unicorn": {"timeout": "60"}
    }


@pytest.mark.parametrize(
    "values", list(permutations([("a.log", "on"), ("a.log.path", "x"), ("a.b", "1")]))
)
def test_a_group_is_kept_beside_a_value_of_its_name(values: Any) -> None:
    assert nested(*values) == {"a": {"log": {"path": "x"}, "b": "1"}}
