import random
from itertools import islice

import pytest
from django.contrib.auth.password_validation import CommonPasswordValidator, validate_password
from django.core.exceptions import ValidationError

SHORTEST = 12
MANY = 3000


def is_refused(password: str) -> bool:
    try:
        validate_password(password)
    except ValidationError as refusal:
        return [each.code for each in refusal.error_list] == ["password_too_common"]
    return False


@pytest.mark.parametrize(
    "password",
    [
        "password2026!",
        "p@ssw0rdp@ssw0rd",
        "monkeymonkey12",
        "1q2w3e4r5t6y",
        "!!!Superman!!!",
        "aaaaaaaaaaaa",
        "123123123123",
    ],
)
def test_it_works(password: str) -> None:
    assert is_refused(password)


def test_none_of_the_best_known_is_taken_where_it_is_made_long_enough() -> None:
    known = sorted(CommonPasswordValidator().passwords)
    longer = [
        made
        for word in random.Random(6).sample(known, MANY)
        for made in (word * (SHORTEST // len(word) + 1), f"{word.title()}{'!' * SHORTEST}")
    ]

    assert [one for one in longer if not is_refused(one)] == []


@pytest.mark.parametrize(
    "password",
    ["correct horse battery staple", "tiger-lamp-ocean-9", "Grün ist die Heide", "7Kd0xPq2VbW9"],
)
def test_others_are_taken(password: str) -> None:
    validate_password(password)


def test_hardly_anything_that_was_drawn_is_refused() -> None:
    draw = random.Random(6)
    words = sorted(word for word in CommonPasswordValidator().passwords if word.isalpha())
    several = (" ".join(draw.sample(words, 4)) for _ in range(MANY))

    assert [one for one in islice(several, MANY) if is_refused(one)] == []


def test_a_long_one_is_read_at_once() -> None:
    validate_password("ab" * 200_000 + "c")
