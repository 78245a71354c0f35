"""Passwords that are made of what everybody knows of this very site."""

import re
from urllib.parse import urlsplit

from django.conf import settings
from django.contrib.auth.models import AbstractBaseUser
from django.core.exceptions import ValidationError
from django.utils.translation import gettext

from incidents.access.known_passwords import AS_LETTERS

WORDS = frozenset({"incident", "oncall", "outage", "postmortem", "runbook"})
"""What the site is about."""
SHORTEST = 4
"""Letters of a part of the site's address that is looked for, and different ones that have to be
left."""
LETTER = re.compile(r"[^\W\d_]")


class SiteWordsValidator:
    """Refuses what has hardly a letter left without the site's words and its address.

    For example `Postmortems2026!` is refused, and `a postmortem of a blue horse` is not.
    """

    def validate(self, password: str, user: AbstractBaseUser | None = None) -> None:  # noqa: ARG002
        if is_of_the_site(password):
            raise ValidationError(
                gettext(
                    "This is made of what everybody knows of this site. Take several words that"
                    " have nothing to do with it."
                ),
                code="password_of_the_site",
            )

    def get_help_text(self) -> str:
        return gettext(
            "Your password cannot be made of what this site is about, or of its address."
        )


def is_of_the_site(password: str) -> bool:
    plain = password.lower()
    return any(is_used_up(read) for read in (plain, plain.translate(AS_LETTERS)))


def is_used_up(plain: str) -> bool:
    left = plain
    for word in sorted(WORDS | words_of_the_address(), key=len, reverse=True):
        left = left.replace(word, "")
    return left != plain and len(set(LETTER.findall(left))) < SHORTEST


def words_of_the_address() -> frozenset[str]:
    host = urlsplit(settings.SITE_URL).hostname or ""
    return frozenset(part for part in re.split(r"[.-]", host.lower()) if len(part) >= SHORTEST)
