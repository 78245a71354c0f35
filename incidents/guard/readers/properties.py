"""Java's properties, and Spring's `${NAME:default}` in them."""

import re
from collections.abc import Iterator

import javaproperties
from django.utils.translation import gettext

from incidents.guard.configuration import CannotRead
from incidents.guard.readers.found import (
    MEGABYTE,
    Format,
    Found,
    line_at,
    plain,
    refuse_long_blanks,
)
from incidents.guard.readers.placeholders import filled_in

MOST_CONTINUED = 200
LONGEST_CONTINUED = 100_000
# The parser begins anew with each line that is continued.
CONTINUED = re.compile(r"(?:^[^\n]*\\\n)++", re.MULTILINE)


def read(text: str) -> Iterator[Found]:
    refuse_long_blanks(text)
    for run in CONTINUED.finditer(text):
        if run[0].count("\n") > MOST_CONTINUED or len(run[0]) > LONGEST_CONTINUED:
            raise CannotRead(
                gettext(
                    "A value goes on over more than %(MOST_CONTINUED)s lines, or "
                    "%(LONGEST_CONTINUED)s characters."
                )
                % {"MOST_CONTINUED": MOST_CONTINUED, "LONGEST_CONTINUED": f"{LONGEST_CONTINUED:,}"},
                line=line_at(text, run.start()),
            )
    line = 1
    elements = javaproperties.parse(text)
    while True:
        try:
            element = next(elements, None)
        except javaproperties.InvalidUEscapeError as error:
            raise CannotRead(
                gettext("It is not a properties file: %(error)s.") % {"error": error}, line=line
            ) from None
        if element is None:
            return
        if isinstance(element, javaproperties.KeyValue):
            words = element.source_stripped.strip()
            written = element.value if words.endswith(element.value) else words
            value = filled_in(element.value, bare=False) or plain(element.value)
            yield Found((element.key,), value, written, line)
        line += element.source.count("\n")


FORMAT = Format(read, most_bytes=MEGABYTE, or_latin_1=True)
