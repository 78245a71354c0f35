"""postgresql.conf: `name = value`, by the rules of the server's own scanner.

Files that it includes are not opened: each `include` stands as a setting of that name.
"""

import re
from collections.abc import Iterator

from django.utils.translation import gettext

from incidents.guard.configuration import CannotRead, Value
from incidents.guard.readers.found import MEGABYTE, Format, Found, plain

LETTER = r"[A-Za-z_\x80-\U0010ffff]"
LATER = r"[A-Za-z0-9_\x80-\U0010ffff]"
LINE = re.compile(
    rf"""
    [ \t\r\f\v]*+
    (?:
      (?P<name>{LETTER}{LATER}*+(?:\.{LETTER}{LATER}*+)?)
      (?:[ \t\r\f\v]*+=[ \t\r\f\v]*+|[ \t\r\f\v]++|(?='))
      (?P<value>
          '(?:[^'\\]|\\.|'')*+'
        | {LETTER}(?:{LATER}|[-._:/])*+
        | [-+]?(?:0x[0-9a-fA-F]++|[0-9]*\.[0-9]*(?:[eE][-+]?[0-9]++)?|[0-9]++)[A-Za-z]*+
      )
    )?
    [ \t\r\f\v]*+
    (?:\#.*)?
    """,
    re.VERBOSE,
)
ESCAPE = re.compile(r"''|\\([0-7]{1,3}|.)")
ESCAPED = {"b": "\b", "f": "\f", "n": "\n", "r": "\r", "t": "\t"}


def read(text: str) -> Iterator[Found]:
    for number, line in enumerate(text.split("\n"), start=1):
        found = LINE.fullmatch(line)
        if found is None:
            raise CannotRead(
                gettext("It is not “name = value”: %(strip)s") % {"strip": line.strip()[:80]},
                line=number,
            )
        if found["name"]:
            words = found["value"]
            yield Found((found["name"].lower(),), _value(words), words, number)


def _value(words: str) -> Value:
    return plain(ESCAPE.sub(_escaped, words[1:-1]) if words.startswith("'") else words)


def _escaped(found: re.Match[str]) -> str:
    letter = found[1]
    if letter is None:
        return "'"
    return chr(int(letter, 8) % 256) if letter[0] in "01234567" else ESCAPED.get(letter, letter)


FORMAT = Format(read, most_bytes=MEGABYTE)
