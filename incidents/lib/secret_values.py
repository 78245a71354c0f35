"""Passwords, keys and tokens that somebody is about to write down for everybody to read.

Three signs: the name of the setting, the known shape of a token, and randomness. A hash in
hexadecimal is no sign: images, commits and checksums look like that, and are not secret.

The shapes are a table of our own: detect-secrets, the library for this, has had no release since
May 2024, and takes digests of images and paths of files for secrets.

For example `AKIA…` is refused and `sha256:9f86d0…` is not; of `db.password`, `hunter2` is refused
and `${DB_PASSWORD}` is not.
"""

import re
from collections import Counter
from collections.abc import Callable
from functools import partial
from itertools import pairwise
from math import log2

from incidents.lib.quantities import meanings

__all__ = ["masked", "names_a_secret", "secret_in"]

SHAPES: dict[str, str] = {
    "a private key": r"-----BEGIN [A-Z ]{0,30}PRIVATE KEY(?: BLOCK)?-----"
    r"(?:[^-]{0,20000}-----END [A-Z ]{0,30}PRIVATE KEY(?: BLOCK)?-----)?",
    "an access key of AWS": r"\b(?:AKIA|ASIA|ABIA|ACCA)[A-Z0-9]{16}\b",
    "a token of this site": r"\bpmk_[A-Za-z0-9]{46}\b",
    "the link of a feed of this site": r"\bpmf_[A-Za-z0-9_-]{43}(?![A-Za-z0-9_-])",
    "a token of GitHub": r"\b(?:gh[pousr]_[A-Za-z0-9]{36,255}|github_pat_[A-Za-z0-9_]{22,255})",
    "a token of GitLab": r"\bgl(?:pat|dt|rt|cbt|ptt|ft|soat|agent|oas)-[A-Za-z0-9_.-]{20,300}",
    "a token of Slack": r"\bx(?:ox[a-z]|app)-[A-Za-z0-9-]{10,255}",
    "a webhook of a chat": r"https://(?:hooks\.slack\.com/(?:services|workflows)|"
    r"discord(?:app)?\.com/api/webhooks)/[A-Za-z0-9/_-]{10,255}",
    "a key of Stripe": r"\b(?:[sr]k_(?:live|test)|whsec)_[A-Za-z0-9]{10,255}",
    "a key of Google": r"\b(?:AIza[A-Za-z0-9_-]{35}|GOCSPX-[A-Za-z0-9_-]{20,40}|"
    r"ya29\.[A-Za-z0-9_-]{20,300})",
    "a token of a package registry": r"\b(?:npm_[A-Za-z0-9]{36}|pypi-[A-Za-z0-9_-]{50,255}|"
    r"dckr_pat_[A-Za-z0-9_-]{20,60})",
    "a key of a language model's maker": r"\b(?:sk-(?:ant|proj|svcacct|or)-[A-Za-z0-9_-]{16,255}|"
    r"sk-[A-Za-z0-9]{32,64}\b|hf_[A-Za-z0-9]{30,64}\b)",
    "a key of SendGrid": r"\bSG\.[A-Za-z0-9_-]{16,32}\.[A-Za-z0-9_-]{32,64}",
    "a token of a cloud service": r"\b(?:do[opr]_v1_[a-f0-9]{64}|"
    r"shp(?:at|ca|pa|ss)_[a-fA-F0-9]{32}|hv[sbr]\.[A-Za-z0-9_-]{20,300}|glsa_[A-Za-z0-9_]{30,60}|NRAK-[A-Z0-9]{27}|"
    r"lin_api_[A-Za-z0-9]{40}|dapi[a-f0-9]{32})",
    "a bot's token of Telegram": r"\b[0-9]{8,10}:[A-Za-z0-9_-]{35}\b",
    "a signed token (JWT)": r"\beyJ[A-Za-z0-9_-]{8,2000}\.eyJ[A-Za-z0-9_-]{4,4000}"
    r"\.[A-Za-z0-9_-]{0,2000}",
    "the hash of a password": r"\$(?:2[aby]?|5|6|y|argon2(?:id|i|d)|scrypt|pbkdf2[a-z0-9-]{0,10})\$"
    r"[A-Za-z0-9./=,$+-]{20,255}",
    "the credentials of a request": r"(?i)\b(?:bearer|basic)[ \t]+"
    r"(?P<secret>[a-z0-9+/._~-]{16,2000}={0,2})",
    "a password in an address": r"\b[A-Za-z][A-Za-z0-9+.-]{1,30}://[^\s/:@]{0,100}:"
    r"(?P<secret>[^\s/@]{1,200})@",
    "a password": r"(?i)(?<![a-z])(?:password|passwd|pwd|passphrase|client[_-]?secret|api[_-]?key|"
    r"accountkey|sharedaccesskey|secret[_-]?access[_-]?key)"
    r"[\"']?[ \t]{0,3}[=:][ \t]{0,3}[\"']?(?P<secret>[^\s\"';,&]{3,300})",
    "a password on a command line": r"(?i)(?<!\S)--[a-z0-9-]{0,40}"
    r"(?:password|passwd|passphrase|secret|token|api-?key)[ \t]{1,3}"
    r"[\"']?(?P<secret>[^\s\"';,&-][^\s\"';,&]{2,300})",
}
"""What each is, in words, and what it looks like. `secret` is the part that gives access."""

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
    if "secret" not in match.re.groupindex:
        return by(kind)
    if not is_its_value(match["secret"]) or match["secret"].startswith("[hidden"):
        return match[0]
    start = match.start("secret") - match.start()
    return match[0][:start] + by(kind) + match[0][start + len(match["secret"]) :]


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
    return not NOT_THE_VALUE.fullmatch(bare) and not meanings(bare)


def is_random(run: str) -> bool:
    """Small, capital and digit in turn, as no name has them."""
    letters = [letter for letter in run if letter.isalnum()]
    kinds = [kind_of(letter) for letter in letters]
    if len(letters) < SHORTEST_RUN or len(set(kinds)) < len(("small", "capital", "digit")):
        return False
    changes = sum(one != other for one, other in pairwise(kinds))
    return changes / (len(kinds) - 1) >= CHANGES and bits_each(letters) >= BITS


def kind_of(letter: str) -> str:
    return "digit" if letter.isdigit() else "capital" if letter.isupper() else "small"


def bits_each(letters: list[str]) -> float:
    """Shannon's entropy of the letters."""
    shares = [count / len(letters) for count in Counter(letters).values()]
    return -sum(share * log2(share) for share in shares)
