"""Passwords that everybody knows, also where somebody made them longer."""

import re
from collections.abc import Container, Iterator

from django.contrib.auth.models import AbstractBaseUser
from django.contrib.auth.password_validation import CommonPasswordValidator
from django.core.exceptions import ValidationError
from django.utils.translation import gettext

SIGNS = re.compile(r"^[\W_]+|[\W_]+$")
END = re.compile(r"(.)\1{2,}$", re.DOTALL)
SIGNS_AND_DIGITS = re.compile(r"^[\W\d_]+|[\W\d_]+$")
AGAIN = re.compile(r"(.+?)\1+", re.DOTALL)
AS_LETTERS = str.maketrans("013457@$!", "oieastasi")
SHORTEST = 4
"""Letters of a known word that is looked for in a longer one; and so many different ones are too
few for a password, however often they come."""
LONGEST = 100
"""From here on it is no known word, whatever was done to it."""


class KnownPasswordValidator(CommonPasswordValidator):
    """Refuses Django's 20,000 known passwords, and what people make of them to reach a length.

    For example `password2026!`, `p@ssw0rdp@ssw0rd` and `monkeymonkey12` are refused, and
    `correct horse battery staple` is not.
    """

    def validate(self, password: str, user: AbstractBaseUser | None = None) -> None:  # noqa: ARG002
        if len(password) < LONGEST and is_known(password, self.passwords):
            raise ValidationError(
                gettext(
                    "This is a password that many people have, or one made of it. Take "
                    "several words "
                    "that have nothing to do with each other."
                ),
                code="password_too_common",
            )


def is_known(password: str, known: Container[str]) -> bool:
    plain = password.lower().strip()
    return len(set(plain)) <= SHORTEST or any(word in known for word in words_in(plain))


def words_in(plain: str) -> Iterator[str]:
    """What would have to be known for all of it to be: itself, and what is left without digits and
    signs around it, without what is there again and again, and with digits read as letters."""
    yield plain
    for read in (plain, plain.translate(AS_LETTERS)):
        for bare in (read, *(each.sub("", read) for each in (END, SIGNS, SIGNS_AND_DIGITS))):
            for word in (bare, once(bare)):
                if len(word) >= SHORTEST:
                    yield word


def once(text: str) -> str:
    """`abcabc` is `abc`."""
    again = AGAIN.fullmatch(text)
    return again[1] if again else text
