"""Passwords, keys and tokens that somebody is about to write down for everybody to read.

Three signs: the name of the setting, the known shape of a token, and randomness. A hash in
hexadecimal is no sign: images, commits and checksums look like that, and are not secret.

The shapes of keys are a table of our own (`key_shapes`): detect-secrets, the library for this, has
had no release since May 2024, and takes digests of images and paths of files for secrets.

For example `AKIA…` is refused and `sha256:9f86d0…` is not; of `db.password`, `hunter2` is refused
and `${DB_PASSWORD}` is not.
"""

import re
from collections import Counter
from collections.abc import Callable
from functools import partial
from itertools import pairwise
from math import log2

from incidents.lib.key_shapes import NAMED_SERVICES, shapes
from incidents.lib.quantities import meanings

__all__ = ["masked", "names_a_secret", "secret_in"]

BETWEEN = r"(?:[\"'`]?[ \t]{0,60}(?::{0,3}=>?|[?.]=|:|,)|\\\"[ \t]{0,60}:)[ \t]{0,60}"
"""What stands between a name and its value, in files and programs, also where they are in line."""
SIGN_OF_NONE = r"(?:[0-9]|(?-i:[a-z][A-Z]))"
"""What no word has: a digit, or a capital after a small letter."""
NO_BARE_WORD = rf"(?=[^\s\"'`;,&]{{0,300}}{SIGN_OF_NONE})"
NO_WORD_IN_ONE = rf"(?=[^\s']{{0,300}}{SIGN_OF_NONE})"
NO_WORD_IN_TWO = rf"(?=[^\s\"]{{0,300}}{SIGN_OF_NONE})"
SHAPES: dict[str, str] = {
    "a private key": r"-----BEGIN[ A-Z0-9_-]{0,100}PRIVATE KEY(?: BLOCK)?-----"
    r"(?:[^-]{0,20000}-----END[ A-Z0-9_-]{0,100}PRIVATE KEY(?: BLOCK)?-----)?",
    **shapes(),
    "a webhook of a chat": r"https://(?:hooks\.slack\.com/(?:services|workflows)|"
    r"discord(?:app)?\.com/api/webhooks|"
    r"[a-z0-9-]{1,60}\.webhook\.office\.com/webhookb2)/[A-Za-z0-9/_@-]{10,400}",
    "a signed token (JWT)": r"\beyJ[A-Za-z0-9_-]{8,2000}\.eyJ[A-Za-z0-9_-]{4,4000}"
    r"\.[A-Za-z0-9_-]{0,2000}",
    "the hash of a password": r"\$(?:2[aby]?|5|6|y|argon2(?:id|i|d)|scrypt|pbkdf2[a-z0-9-]{0,10})\$"
    r"[A-Za-z0-9./=,$+-]{20,255}",
    "the credentials of a request": r"(?i)\b(?:bearer|basic)[ \t]+"
    r"(?P<secret>[a-z0-9+/._~-]{16,2000}={0,2})",
    "a header of a request": r"(?i)(?:authorization[\"']?[ \t]{0,3}[:=]|-H[ =]?[\"']?[\w-]{0,80}"
    r"(?:key|token):|--header[ =]{0,3}[\"']?[\w-]{0,80}(?:key|token):)[ \t]{0,8}"
    r"(?:(?:basic|bearer|token|api-token|apikey)[ \t]{1,8})?"
    r"(?P<secret>(?!(?:basic|bearer)\b)[^\s\"'`;,&]{8,2000})",
    "a Secret of Kubernetes": r"(?is)\bkind:[ \t]{0,8}[\"']?secret\b.{0,400}?\bdata:"
    r"(?P<secret>\s.{10,20000})",
    "data of a Secret of Kubernetes": r"(?is)\bdata:(?P<secret>\s.{10,400}?)"
    r"\bkind:[ \t]{0,8}[\"']?secret\b",
    "a password in an address": r"\b[A-Za-z][A-Za-z0-9+.-]{1,30}://[^\s/:@]{0,100}:"
    r"(?P<secret>[^\s/@]{1,200})@",
    "a password": r"(?i)(?<![a-z])(?:password|passwd|pwd|passphrase|client[_-]?secret|api[_-]?key|"
    r"accountkey|sharedaccesskey|secret[_-]?access[_-]?key)"
    r"[\"']?[ \t]{0,60}[=:][ \t]{0,60}[\"']?(?P<secret>[^\s\"';,&]{3,300})",
    "a secret under its name": r"(?i)(?:token|secret|password|passwd|credentials?|"
    r"(?:api|access|private|secret|auth|account|signing|encryption|client)[_. -]?key)"
    rf"{BETWEEN}(?:\"(?P<secret_double>{NO_WORD_IN_TWO}[^\s\"]{{8,300}})\""
    rf"|'(?P<secret_single>{NO_WORD_IN_ONE}[^\s']{{8,300}})'"
    rf"|(?:\\?[\"'`]){{0,2}}(?P<secret>{NO_BARE_WORD}[^\s\"'`;,&\\]{{8,300}}))",
    "a key under the name of its service": rf"(?i)(?:{'|'.join(NAMED_SERVICES)})"
    r"(?![\w.-]{0,30}(?:commit|rev|sha|digest|hash|sum|version|image|build|ref|tag))[\w.-]{0,30}"
    rf"{BETWEEN}(?:\\?[\"'`]){{0,2}}(?P<secret>[0-9a-f]{{32}}(?:[0-9a-f]{{8}}){{0,4}})"
    r"(?![0-9a-z])",
    "the password of a request": r"\bcurl\b(?:[^\r\n]{0,200}\\\r?\n){0,5}[^\r\n]{0,200}?[ \t]"
    r"(?:-u|--user)[ \t=]{0,3}(?:\"[^\":\r\n]{0,100}:(?P<secret_double>[^\"\r\n]{3,200})\""
    r"|'[^':\r\n]{0,100}:(?P<secret_single>[^'\r\n]{3,200})'"
    r"|[^\s\"':]{0,100}:(?P<secret>[^\s\"']{3,200})"
    r"|[\"']?(?P<secret_alone>(?=[^\s\"':]{0,200}[0-9])[^\s\"':]{8,200}):[\"']?(?!\S))",
    "a password in XML": r"(?i)\bkey=[\"'][a-z]{0,40}(?:password|secret|token|apikey)[\"']"
    r"\s{1,60}value=(?:\"(?P<secret_double>[^\"]{3,300})\"|'(?P<secret_single>[^']{3,300})')",
    "a password on a command line": r"(?i)(?<!\S)--[a-z0-9-]{0,40}"
    r"(?:password|passwd|passphrase|secret|token|api-?key)[ \t]{1,3}"
    r"[\"']?(?P<secret>[^\s\"';,&-][^\s\"';,&]{2,300})",
}
"""What each is, in words, and what it looks like. The part that gives access is
`secret`, or what of `secret_…` there is."""

PATTERNS = {kind: re.compile(pattern) for kind, pattern in SHAPES.items()}

LAST_WORDS = {"password", "passwd", "pwd", "passphrase", "passcode", "secret", "token"}
LAST_WORDS |= {"credential", "credentials", "apikey"}
KEYS_TO = (
    "api",
    "private",
    "access",
    "secret",
    "signing",
    "encryption",
    "auth",
    "master",
    "session",
)
LAST_TWO_WORDS = {f"{first} key" for first in KEYS_TO}
LAST_THREE_WORDS = {"secret key base"}
NAMES_OF_OBJECTS = {"existing secret", "pull secret"}
"""Settings that say which object holds the secret."""
WORDS = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+|[0-9]+")

NOT_THE_VALUE = re.compile(
    r"""(?ix)
    | [$%]\(?\{?[A-Z_][A-Z0-9_.:-]*\}?\)?[a-z]?   # ${NAME}, $(NAME), %(name)s
    | \{\{.*\}\} | <.*> | \[.*\] | \(.*\)        # a template, a placeholder
    | (?:env|vault|file|secret|secrets|ref|arn|op|gcp|aws|azure|ssm|sm)[:/].*
    | /.* | \./.*                                # where it is kept
    | [*•xX.…#-]+                                # hidden by hand
    | (?:old|new|previous|next|rotated|changed|renewed|revoked|removed|expired|wrong|right|correct
        |default|empty|unset|set|hidden|secret|redacted|masked|none|null|nil|unknown|yes|no
        |same|different|missing|invalid|valid)(?:[ ].*)?
    """
)
"""What people and files write in the place of a secret."""

RUN = re.compile(
    r"(?P<said>(?i:sha-?(?:1|224|256|384|512)[-:=]|md5[-:=]|ssh-[a-z0-9-]+ +))?"
    r"(?P<run>[A-Za-z0-9+/=_-]{24,4000})"
)
PUBLIC = re.compile(r"-----BEGIN (?:CERTIFICATE|[A-Z ]{0,20}PUBLIC KEY)")
SHORTEST_RUN = 24
CHANGES = 0.42
"""How often the kind of letter changes from one to the next: 0.62 in base64 of random bytes, less
than 0.4 in names that people made up, also where they are CamelCase with numbers."""
BITS = 3.6
LONG_NUMBER = 12
"""Digits; no length or limit has so many."""
PIECE = re.compile(r"[A-Za-z0-9]{20,}")
HEXADECIMAL = re.compile(r"[0-9a-f]+|[0-9A-F]+")
SORTABLE = re.compile(r"[0-7][0-9A-HJKMNP-TV-Z]{25}")
"""A ULID: a number, such as a UUID is."""
CHANGES_OF_TWO = 0.27
"""Of two kinds of letters: 0.40 where 36 letters are drawn, and hardly any in words."""


def secret_in(text: str, *, name: str = "") -> str | None:
    """What secret stands in the value of the setting of this name, in words, or None."""
    found: list[str] = []

    def note(kind: str) -> str:
        found.append(kind)
        return ""

    replaced(text, name, note)
    return found[0] if found else None


def masked(text: str, *, name: str = "") -> str:
    """The text with what kind of secret it was in the place of each secret."""
    return replaced(text, name, lambda kind: f"[hidden: {kind}]")


def replaced(text: str, name: str, by: Callable[[str], str]) -> str:
    if names_a_secret(name) and is_its_value(text):
        return by("the value of a setting that is named as a secret")
    for kind, pattern in PATTERNS.items():
        text = pattern.sub(partial(without, kind=kind, by=by), text)
    if PUBLIC.search(text):
        return text
    return RUN.sub(partial(without_random, by=by), text)


def without(match: re.Match[str], *, kind: str, by: Callable[[str], str]) -> str:
    if not match.re.groupindex:
        return by(kind)
    name, secret = next((name, text) for name, text in match.groupdict().items() if text)
    if not is_its_value(secret) or secret.startswith("[hidden"):
        return match[0]
    start = match.start(name) - match.start()
    return match[0][:start] + by(kind) + match[0][start + len(secret) :]


def without_random(match: re.Match[str], *, by: Callable[[str], str]) -> str:
    if match["said"] or not is_random(match["run"]):
        return match[0]
    return by("a long random text, as keys and tokens are")


def names_a_secret(name: str) -> bool:
    words = [word.lower() for word in WORDS.findall(name)]
    last, two, three = (" ".join(words[-many:]) for many in (1, 2, 3))
    if two in NAMES_OF_OBJECTS:
        return False
    return last in LAST_WORDS or two in LAST_TWO_WORDS or three in LAST_THREE_WORDS


def is_its_value(text: str) -> bool:
    """Not a name, a place, a length or a switch that stands where the secret would."""
    bare = text.strip().strip("\"'")
    if bare.isdigit() and len(bare) >= LONG_NUMBER:
        return True
    return not NOT_THE_VALUE.fullmatch(bare) and not meanings(bare)


def is_random(run: str) -> bool:
    """Small, capital and digit in turn, as no name has them; or a long piece of two of these."""
    letters = [letter for letter in run if letter.isalnum()]
    if len(letters) < SHORTEST_RUN:
        return False
    if len(set(map(kind_of, letters))) == len(("small", "capital", "digit")):
        return changes_in(letters) >= CHANGES and bits_each(letters) >= BITS
    return any(is_drawn(piece) for piece in PIECE.findall(run))


def is_drawn(piece: str) -> bool:
    """Of small letters and digits, or of capitals and digits; not the digits of a hash, nor a
    number that records are sorted by."""
    if piece.isalpha() or HEXADECIMAL.fullmatch(piece) or SORTABLE.fullmatch(piece):
        return False
    return changes_in(list(piece)) >= CHANGES_OF_TWO and bits_each(list(piece)) >= BITS


def changes_in(letters: list[str]) -> float:
    kinds = [kind_of(letter) for letter in letters]
    return sum(one != other for one, other in pairwise(kinds)) / (len(kinds) - 1)


def kind_of(letter: str) -> str:
    return "digit" if letter.isdigit() else "capital" if letter.isupper() else "small"


def bits_each(letters: list[str]) -> float:
    """Shannon's entropy of the letters."""
    shares = [count / len(letters) for count in Counter(letters).values()]
    return -sum(share * log2(share) for share in shares)
