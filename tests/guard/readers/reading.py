"""Short forms for the tests of readers."""

import pytest

from incidents.guard.configuration import CannotRead, Unknown, Value
from incidents.guard.readers import read


def rows(name: str, text: str) -> list[tuple[int, str, Value]]:
    """The line, key and value of each setting; of an unknown one its reason, after a `?`."""
    found = read(name, text.encode()).settings
    return [(each.line, each.key, told(each.value)) for each in found]


def told(value: Value) -> Value:
    if isinstance(value, list):
        return [told(each) for each in value]
    return f"? {value.reason}" if isinstance(value, Unknown) else value


def values(name: str, text: str) -> dict[str, Value]:
    return {key: value for _, key, value in rows(name, text)}


def refusal(name: str, text: str) -> str:
    with pytest.raises(CannotRead) as refused:
        read(name, text.encode())
    return str(refused.value)
