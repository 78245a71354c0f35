"""Names in braces are looked up, and nothing else."""

import pytest

from incidents.lib.fill import fill


def test_it_works() -> None:
    assert fill("Hello {name}, {name}!", {"name": "Ed"}) == "Hello Ed, Ed!"


def test_what_is_filled_in_is_not_read_again() -> None:
    assert fill("{one} {two}", {"one": "{two}", "two": "{one}"}) == "{two} {one}"


@pytest.mark.parametrize("text", ["{0}", "{0.__class__}", "{name.x}", "{name!r}", "{ name }", "{}"])
def test_nothing_but_a_name_is_one(text: str) -> None:
    assert fill(text, {"name": "Ed"}) == text


def test_a_name_without_a_value_is_a_mistake() -> None:
    with pytest.raises(KeyError):
        fill("{other}", {"name": "Ed"})
