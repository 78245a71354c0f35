"""A text of people, where only one line fits."""

import pytest

from incidents.lib.one_line import one_line


def test_it_works() -> None:
    assert one_line("  Orders   time\n out ") == "Orders time out"


@pytest.mark.parametrize("end", ["\r\n", "\n", "\r", "\x0b", "\x0c", "\x85", "\u2028", "\u2029"])
def test_no_end_of_a_line_is_left(end: str) -> None:
    assert one_line(f"a{end}Bcc: b") == "a Bcc: b"


def test_nothing_turns_the_direction() -> None:
    assert one_line("gpj\u202eexe\u2066.\u200f") == "gpjexe."


def test_what_is_too_long_is_cut() -> None:
    assert one_line("abcdef", 6) == "abcdef"
    assert one_line("abcdefg", 6) == "abcde…"
