"""`.env`: names and texts. What `${NAME}` stands for is left to whoever loads the file."""

from collections.abc import Iterator
from io import StringIO

from django.utils.translation import gettext
from dotenv.parser import parse_stream

from incidents.guard.configuration import CannotRead
from incidents.guard.readers.found import MEGABYTE, Format, Found, plain, refuse_long_blanks
from incidents.guard.readers.placeholders import filled_in


def read(text: str) -> Iterator[Found]:
    refuse_long_blanks(text)
    for binding in parse_stream(StringIO(text)):
        original = binding.original
        # The parser counts the empty lines before a setting as its own.
        words = original.string.lstrip()
        line = original.line + original.string[: -len(words) or None].count("\n")
        if binding.error:
            raise CannotRead(gettext("It is neither NAME=value nor a comment."), line=line)
        if binding.key is None:
            continue
        written = words.partition("=")[2].strip()
        value = binding.value
        literal = written.startswith("'")
        unknown = None if literal or value is None else filled_in(value, bare=False)
        typed = value if value is None or written[:1] in "'\"" else plain(value)
        yield Found((binding.key,), unknown or typed, written, line)


FORMAT = Format(read, most_bytes=MEGABYTE)
