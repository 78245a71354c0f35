"""Personal tokens: how a secret is made, and whose it is when a program shows it.

A secret is `pmk_`, 40 letters and digits by chance (238 bits), and 6 that are computed from those:
so scanners of repositories tell it from other words, and what was mistyped asks no database.
"""

import secrets
import string
from datetime import datetime
from hashlib import sha256
from zlib import crc32

from django.utils.translation import gettext

from incidents.models import Token

PREFIX = "pmk_"
LETTERS = string.digits + string.ascii_uppercase + string.ascii_lowercase
BY_CHANCE, COMPUTED = 40, 6
SHOWN = len(PREFIX) + 6
"""So much of it is kept to recognise it by."""


class NoSuchToken(Exception):
    """What was shown opens nothing. Why, is not said: it might be another's."""

    def __init__(self) -> None:
        super().__init__(gettext("This token is wrong, over or revoked, or its account is closed."))


def new_secret() -> str:
    chance = "".join(secrets.choice(LETTERS) for _ in range(BY_CHANCE))
    return PREFIX + chance + computed(chance)


def computed(text: str) -> str:
    """The CRC-32 of the text in base 62, always of six letters."""
    number, letters = crc32(text.encode()), ""
    for _ in range(COMPUTED):
        number, rest = divmod(number, len(LETTERS))
        letters = LETTERS[rest] + letters
    return letters


def hash_of(secret: str) -> str:
    """Unsalted and fast, as nobody can try 2^238 secrets: a password would need more."""
    return sha256(secret.encode()).hexdigest()


def looks_right(secret: str) -> bool:
    chance, end = secret[len(PREFIX) : -COMPUTED], secret[-COMPUTED:]
    is_whole = secret.startswith(PREFIX) and len(chance) == BY_CHANCE
    return is_whole and secret.isascii() and computed(chance) == end


def good_token(secret: str, *, at: datetime) -> Token:
    """The token of this secret, with its owner as far as the token lets them go.

    Raises `NoSuchToken`.
    """
    if not looks_right(secret):
        raise NoSuchToken
    wanted = hash_of(secret)
    # Found by its hash, so that how long this takes tells nothing of the secrets that there are.
    found = Token.objects.good(at).filter(sha256=wanted).select_related("owner").first()
    if found is None or not secrets.compare_digest(found.sha256, wanted):
        raise NoSuchToken
    found.owner.scope, found.owner.reach = found.scope, found.reach  # type: ignore[assignment]  # columns hold their values
    return found
