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

BEGINNINGS = (
    r"A3-[A-Z0-9]{6}-[A-Z0-9-]{23,40}",
    r"ops_eyJ[A-Za-z0-9+/]{100,4000}={0,3}",
    r"AGE-SECRET-KEY-1[A-Z0-9]{50,60}",
    r"LTAI[A-Za-z0-9]{16,24}",
    r"p8e-[A-Za-z0-9]{32}",
    r"pat[A-Za-z0-9]{14}\.[a-f0-9]{64}",
    r"A(?:TATT|TBB|TCTT|TSTT)[A-Za-z0-9_=-]{20,300}",
    r"authress_[A-Za-z0-9_.+/=-]{20,200}|(?:sc|ext|scauth)_[a-z0-9]{5,30}\.[a-z0-9]{4,6}\.acc",
    r"v1\.0-[a-f0-9]{24}-[a-f0-9]{100,160}",
    r"dp\.(?:pt|st|ct|sa|scim|audit)\.[A-Za-z0-9._-]{40,60}",
    r"dt0[a-z][0-9]{2}\.[A-Za-z0-9]{24}\.[A-Za-z0-9]{64}",
    r"duffel_(?:test|live)_[A-Za-z0-9_=-]{20,60}",
    r"EZ[AT]K[A-Za-z0-9]{54}",
    r"EAA[A-Za-z0-9]{30,300}|[0-9]{15,16}(?:\||%7[cC])[A-Za-z0-9_-]{27,40}",
    r"figd_[A-Za-z0-9_-]{30,60}|fio-u-[A-Za-z0-9_=-]{50,80}",
    r"FLW(?:PUB|SEC)K(?:_TEST)?-[A-Za-z0-9-]{12,40}",
    r"fm[12][arp]?_[A-Za-z0-9+/=,_-]{80,500}|fo1_[\w-]{43}",
    r"gl(?:imt|ffct|rtr|wt)-[A-Za-z0-9_.-]{20,300}|GR1348941[\w-]{20}",
    r"_gitlab_session=[a-f0-9]{32}",
    r"glc_[A-Za-z0-9+/]{32,400}={0,3}",
    r"[A-Za-z0-9]{14}\.atlasv1\.[A-Za-z0-9_=-]{60,80}",
    r"HRKU-[A-Za-z0-9_-]{36,80}",
    r"s-s4t2(?:ud|af)-[a-f0-9]{64}",
    r"(?:key|pubkey)-[a-f0-9]{32}",
    r"[a-f0-9]{32}-us[0-9]{1,2}",
    r"NR(?:II|IQ|JS|RA|AK)-[A-Za-z0-9-]{19,40}",
    r"ntn_[0-9]{11}[A-Za-z0-9]{35}|secret_[A-Za-z0-9]{43}",
    r"oy2[a-z0-9]{43}|pnu_[A-Za-z0-9]{36}",
    r"PMAK-[a-f0-9]{24}-[a-f0-9]{34}",
    r"pplx-[A-Za-z0-9]{40,60}|gsk_[A-Za-z0-9]{40,60}|xai-[A-Za-z0-9]{60,90}|r8_[A-Za-z0-9]{37}",
    r"pscale_(?:tkn|pw|oauth)_[\w=.-]{16,80}",
    r"pul-[a-f0-9]{40}",
    r"rdme_[a-z0-9]{50,80}",
    r"sntry[su]_[A-Za-z0-9+/=_-]{40,400}",
    r"shippo_(?:live|test)_[a-fA-F0-9]{40}",
    r"sk_[a-z0-9]{2,10}_[A-Za-z0-9]{24,255}|rk_[a-z]{3,6}_[A-Za-z0-9]{10,255}",
    r"sm_(?:pat|aat|sat)_[A-Za-z0-9]{16,40}",
    r"sq0[a-z]{3}-[A-Za-z0-9_-]{22,43}|EAAA[A-Za-z0-9_-]{56,64}",
    r"tfp_[A-Za-z0-9_.=-]{40,80}",
    r"tk-us-[A-Za-z0-9_-]{40,60}",
    r"t1\.[A-Z0-9a-z_-]{20,2000}={0,2}\.[A-Z0-9a-z_-]{80,90}={0,2}|AQVN[A-Za-z0-9_-]{35,38}|YC[A-Za-z0-9_-]{38}",
    r"SK[a-f0-9]{32}",
    r"xkeysib-[a-f0-9]{64}-[A-Za-z0-9]{16}|xsmtpsib-[a-f0-9]{64}-[A-Za-z0-9]{16}",
    r"lin_(?:api|oauth)_[A-Za-z0-9]{32,64}|ion_[A-Za-z0-9]{42}|pk_[0-9]+_[A-Z0-9]{32}",
    r"ABSK[A-Za-z0-9+/]{100,300}={0,2}|bedrock-api-key-[A-Za-z0-9+/=]{20,400}",
    r"(?:A3T[A-Z0-9])[A-Z0-9]{16}",
    r"[A-Za-z0-9_~.]{3}[0-9]Q~[A-Za-z0-9_~.-]{31,34}",
    r"(?:cmVmdGtu[A-Za-z0-9]{56}|AKCp[A-Za-z0-9]{69})",
    r"(?:live|test)_[a-f0-9]{35}|access-(?:sandbox|development|production)-[a-f0-9-]{36}",
    r"sgp_(?:[a-fA-F0-9]{16}_|local_)?[a-fA-F0-9]{40}|sha256~[\w-]{43}",
    r"ddp_[A-Za-z0-9]{36}|sbp_[a-f0-9]{40}|vercel_[A-Za-z0-9]{24,40}|nfp_[A-Za-z0-9]{36,40}",
    r"ico-[A-Za-z0-9]{32}",
    r"aio_[A-Za-z0-9]{28}|dnkey-[a-z0-9=_-]{26}-[a-z0-9=_-]{52}|4b1d[A-Za-z0-9]{38}",
    r"sl\.[A-Za-z0-9=_-]{130,200}|(?:live|test)_(?:pub_)?[A-Za-z0-9=_-]{31,45}",
    r"eyJrIjoi[A-Za-z0-9+/]{60,400}={0,3}|ZXlK[A-Za-z0-9+/_-]{30,4000}={0,3}",
    r"(?:pat|sat)\.[A-Za-z0-9_-]{22}\.[A-Za-z0-9]{24}\.[A-Za-z0-9]{20}",
    r"pat-(?:na|eu)[0-9]-[A-Fa-f0-9-]{36}|(?:api|sdk|mob|rel)-[a-f0-9]{8}-[a-f0-9-]{27}",
    r"[ps]k\.[A-Za-z0-9]{60}\.[A-Za-z0-9]{22}|[psu]k\.eyJ[A-Za-z0-9._-]{40,200}",
    r"API-[A-Z0-9]{26}|00[A-Za-z0-9_=-]{40}\b|sq[uap]_[a-f0-9]{40}|s\.[A-Za-z0-9]{24}\b",
    r"[MNO][A-Za-z0-9_-]{23,27}\.[A-Za-z0-9_-]{6}\.[A-Za-z0-9_-]{27,38}",
    r"A{20,24}[A-Za-z0-9%]{80,100}|api_org_[A-Za-z0-9]{34}|AC[a-f0-9]{32}:[a-f0-9]{32}",
    r"[a-f0-9]{8}:[a-f0-9]{8}@|dapi[a-f0-9]{32}-[0-9]|shptka_[a-fA-F0-9]{32}",
    r"CFPAT-[A-Za-z0-9_-]{43}|nvapi-[A-Za-z0-9_-]{60,70}|0/[a-f0-9]{32}|amzn\.mws\.[a-f0-9-]{36}",
    r"[0-9]+-[A-Za-z0-9_]{32}\.apps\.googleusercontent\.com|1//0[A-Za-z0-9_-]{40,200}",
    r"apify_api_[A-Za-z0-9]{36}|cfat_[A-Za-z0-9]{40}|cfut_[A-Za-z0-9]{40}|tvly-[A-Za-z0-9-]{20,50}",
)
"""How the keys of services begin, and what follows: so they are made, and no other word is."""

SHAPES: dict[str, str] = {
    "a private key": r"-----BEGIN[ A-Z0-9_-]{0,100}PRIVATE KEY(?: BLOCK)?-----"
    r"(?:[^-]{0,20000}-----END[ A-Z0-9_-]{0,100}PRIVATE KEY(?: BLOCK)?-----)?",
    "an access key of AWS": r"\b(?:AKIA|ASIA|ABIA|ACCA)[A-Z0-9]{16}\b",
    "a token of this site": r"\bpmk_[A-Za-z0-9]{46}\b",
    "the link of a feed of this site": r"\bpmf_[A-Za-z0-9_-]{43}(?![A-Za-z0-9_-])",
    "a token of GitHub": r"\b(?:gh[pousr]_[A-Za-z0-9]{36,255}|github_pat_[A-Za-z0-9_]{22,255})",
    "a token of GitLab": r"\bgl(?:pat|dt|rt|cbt|ptt|ft|soat|agent|oas)-[A-Za-z0-9_.-]{20,300}",
    "a token of Slack": r"x(?:ox[a-z]|app)-[A-Za-z0-9-]{10,255}",
    "a webhook of a chat": r"https://(?:hooks\.slack\.com/(?:services|workflows)|"
    r"discord(?:app)?\.com/api/webhooks|"
    r"[a-z0-9-]{1,60}\.webhook\.office\.com/webhookb2)/[A-Za-z0-9/_@-]{10,400}",
    "a key of Stripe": r"\b(?:[sr]k_(?:live|test)|whsec)_[A-Za-z0-9]{10,255}",
    "a key of Google": r"\b(?:AIza[A-Za-z0-9_-]{35}|GOCSPX-[A-Za-z0-9_-]{20,40}|"
    r"ya29\.[A-Za-z0-9_-]{20,300})",
    "a token of a package registry": r"\b(?:npm_[A-Za-z0-9]{36}|pypi-[A-Za-z0-9_-]{50,255}|"
    r"dckr_pat_[A-Za-z0-9_-]{20,60}|rubygems_[a-f0-9]{48}|CLOJARS_[A-Za-z0-9]{60})",
    "a key of a language model's maker": r"\b(?:sk-(?:ant|proj|svcacct|or)-[A-Za-z0-9_-]{16,255}|"
    r"sk-[A-Za-z0-9]{32,64}\b|hf_[A-Za-z0-9]{30,64}\b)",
    "a key of SendGrid": r"\bSG\.[A-Za-z0-9_=.-]{50,100}",
    "a token of a cloud service": r"\b(?:do[opr]_v1_[a-f0-9]{64}|"
    r"shp(?:at|ca|pa|ss)_[a-fA-F0-9]{32}|hv[sbr]\.[A-Za-z0-9_-]{20,300}|glsa_[A-Za-z0-9_]{30,60}|NRAK-[A-Z0-9]{27}|"
    r"lin_api_[A-Za-z0-9]{40}|dapi[a-f0-9]{32})",
    "a key of a known service": rf"\b(?:{'|'.join(BEGINNINGS)})",
    "a bot's token of Telegram": r"\b[0-9]{8,10}:[A-Za-z0-9_-]{35}\b",
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
    r"[\"']?[ \t]{0,3}[=:][ \t]{0,3}[\"']?(?P<secret>[^\s\"';,&]{3,300})",
    "a secret under its name": r"(?i)(?:token|secret|password|passwd|credentials?|"
    r"(?:api|access|private|secret|auth|account|signing|encryption|client)[_. -]?key)"
    r"(?:[\"'`]?[ \t]{0,3}(?::{0,3}=>?|[?.]=|:|,)|\\\"[ \t]{0,3}:)[ \t]{0,8}(?:\\?[\"'`]){0,2}"
    r"(?P<secret>(?=[^\s\"'`;,&]{0,300}(?:[0-9]|(?-i:[a-z][A-Z])))[^\s\"'`;,&\\]{8,300})",
    "the password of a request": r"\bcurl\b[^\r\n]{0,120}?[ \t](?:-u|--user)[ \t=]{0,3}[\"']?"
    r"[^\s\"':]{1,100}:(?P<secret>[^\s\"']{3,200})",
    "a password in XML": r"(?i)\bkey=[\"'][a-z]{0,40}(?:password|secret|token|apikey)[\"']"
    r"[ \t]{1,3}value=[\"'](?P<secret>[^\"']{3,300})",
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
