"""`@username` in a text names somebody; in code and in addresses it does not."""

import pytest

from incidents.notifications.mentions import MOST, names_in


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("@olga", {"olga"}),
        ("Ask @Olga, or (@ed).", {"olga", "ed"}),
        ("@olga: look. **@ed** too", {"olga", "ed"}),
        ("@olga's note", {"olga"}),
        ("@a.b-c_d+e", {"a.b-c_d+e"}),
        ("@ed@example.com", {"ed@example.com"}),
        ("@olga.", {"olga.", "olga"}),
        ("- @olga\n> @ed", {"olga", "ed"}),
        ("ed@example.com", set()),
        ("https://chat.example/@ed", set()),
        ("@ ed", set()),
        ("@@ed", set()),
        ("`@ed` and ``x `@ed` y``", set()),
        ("```\n@ed\n```\n@olga", {"olga"}),
        ("~~~ruby\n@ed = 1\n~~~", set()),
        ("```\n@ed never ends", set()),
        ("`` @ed ` @olga", {"ed", "olga"}),
        ("``@ed ` x`` @olga", {"olga"}),
        ("````\n@ed\n```\n@ed\n````\n@olga", {"olga"}),
        ("nobody", set()),
    ],
)
def test_who_is_named(text: str, names: set[str]) -> None:
    assert names_in(text) == names


def test_nobody_calls_hundreds() -> None:
    assert len(names_in(" ".join(f"@p{number}" for number in range(1000)))) == MOST


def test_long_texts_are_read_in_a_straight_line() -> None:
    """Quadratic, each of these would take a minute."""
    runs = " ".join("`" * number for number in range(1, 400))
    for text in (
        "`" * 100_000,
        "@" * 100_000,
        "```\n" * 25_000,
        "@a." * 33_000,
        "` `` " * 20_000,
        runs,
    ):
        names_in(text + " @ed")
