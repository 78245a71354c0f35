"""The words of a line of alert matchers, by Alertmanager's UTF-8 rules."""

import re
from typing import NamedTuple

from django.utils.translation import gettext

_TOKEN = re.compile(
    r"""
    \s*(?:
        (?P<operator> =~ | != | !~ | = )
      | (?P<mark> [{},] )
      | (?P<quoted> "(?:[^"\\]|\\.)*" )
      | (?P<bare> [^\s{}!=~,\\"'`]+ )
    )
    """,
    re.VERBOSE | re.DOTALL,
)
# Go's string literals.
_ESCAPE = re.compile(
    r"""
    \\(?:
        (?P<sign> [abfnrtv\\"] )
      | x(?P<byte> [0-9a-fA-F]{2} )
      | (?P<octal> [0-3][0-7]{2} )
      | u(?P<short> [0-9a-fA-F]{4} )
      | U(?P<long> [0-9a-fA-F]{8} )
    )?
    """,
    re.VERBOSE,
)
_SIGNS = dict(zip("abfnrtv", "\a\b\f\n\r\t\v", strict=True)) | {"\\": "\\", '"': '"'}
LAST_CHARACTER = 0x10FFFF


class NotMatchers(ValueError):
    """A line that cannot be read. `place` is where, counted from 0; None for the whole of it."""

    def __init__(self, expected: str, place: int | None = None, found: str = "") -> None:
        self.expected, self.place, self.found = expected, place, found
        super().__init__(self.sentence())

    def sentence(self, indent: int = 0) -> str:
        """What is wrong and where, for a line that begins after `indent` spaces."""
        if self.place is None:
            return self.expected
        says = (
            gettext("%(expected)s, at character %(place)s, where it says “%(found)s”.")
            if self.found
            else gettext("%(expected)s, at character %(place)s.")
        )
        place = self.place + indent + 1
        return says % {"expected": self.expected, "place": place, "found": self.found}


class Token(NamedTuple):
    """`kind` is `operator`, `quoted`, `bare`, or the mark itself."""

    kind: str
    text: str
    start: int


class Tokens:
    """The words of a line, taken one by one. Raises `NotMatchers` where there is none."""

    def __init__(self, line: str) -> None:
        self.line = line
        self.tokens: list[Token] = []
        self.at = 0
        place = 0
        while rest := line[place:].lstrip():
            start = len(line) - len(rest)
            found = _TOKEN.match(line, place)
            if found is None:
                # Of all marks that begin no word, only a quote could have been one.
                expected = gettext("expected quotes around a text with this sign")
                if rest[0] == '"':
                    expected = gettext("expected another quote that closes this one")
                raise NotMatchers(expected, start, rest[:20])
            kind = str(found.lastgroup)
            text = found[kind]
            self.tokens.append(Token(text if kind == "mark" else kind, text, start))
            place = found.end()

    @property
    def ended(self) -> bool:
        return self.at == len(self.tokens)

    def comes(self, *kinds: str) -> bool:
        return not self.ended and self.tokens[self.at].kind in kinds

    def take(self, kind: str) -> bool:
        """Whether the next is of this kind; it is gone then."""
        taken = self.comes(kind)
        self.at += taken
        return taken

    def expect(self, what: str, *kinds: str) -> Token:
        """`what` says what is expected here, where that is not so."""
        if not self.comes(*kinds):
            self.refuse(what)
        self.at += 1
        return self.tokens[self.at - 1]

    def expect_end(self, what: str) -> None:
        if not self.ended:
            self.refuse(what)

    def refuse(self, what: str) -> None:
        place = len(self.line) if self.ended else self.tokens[self.at].start
        raise NotMatchers(what, place, self.line[place : place + 20])


def unquoted(token: Token) -> str:
    """The text that a token stands for. Raises `NotMatchers` for an escape that is none."""
    if token.kind != "quoted":
        return token.text
    inside, out, at = token.text[1:-1], bytearray(), 0
    for escape in _ESCAPE.finditer(inside):
        out += inside[at : escape.start()].encode()
        out += _escaped(escape, token)
        at = escape.end()
    out += inside[at:].encode()
    try:
        text = out.decode()
    except UnicodeDecodeError as error:
        raise NotMatchers(
            gettext("expected bytes that are UTF-8"), token.start, token.text
        ) from error
    if "\n" in inside:
        raise NotMatchers(gettext("expected \\n for a line end"), token.start, token.text)
    return text


def _escaped(escape: re.Match[str], token: Token) -> bytes:
    kind, text = escape.lastgroup, escape[escape.lastgroup or 0]
    if kind == "sign":
        return _SIGNS[text].encode()
    if kind in ("byte", "octal"):
        return bytes([int(text, 16 if kind == "byte" else 8)])
    number = int(text, 16) if kind in ("short", "long") else LAST_CHARACTER + 1
    if number > LAST_CHARACTER or 0xD800 <= number <= 0xDFFF:  # noqa: PLR2004 (surrogates)
        place = token.start + 1 + escape.start()
        raise NotMatchers(
            gettext("expected \\\\ for a backslash"), place, escape.string[escape.start() :]
        )
    return chr(number).encode()
