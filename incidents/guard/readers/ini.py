"""INI: sections with settings, as pgbouncer, supervisord and many others have them.

The standard library's parser reads it, without filling in `%(name)s`. Settings before the first
section, which it knows nothing of, are read as well.
"""

import configparser
from collections.abc import Iterator

from django.utils.translation import gettext

from incidents.guard.configuration import CannotRead
from incidents.guard.readers.found import MEGABYTE, Format, Found, plain, refuse_long_blanks

# Neither can stand in a text that is let in.
TOP, APART = "\1", "\0"


class _Parser(configparser.RawConfigParser):
    """Keeps each setting with its line, and so also the second of one name."""

    def __init__(self) -> None:
        super().__init__(strict=False, allow_no_value=True, default_section=APART)
        self.line = 0

    def optionxform(self, optionstr: str) -> str:
        return f"{optionstr}{APART}{self.line}"

    def lines(self, text: str) -> Iterator[str]:
        yield f"[{TOP}]"
        for self.line, line in enumerate(text.split("\n"), start=1):
            yield line


def read(text: str) -> Iterator[Found]:
    refuse_long_blanks(text)
    if TOP in text:
        raise CannotRead(gettext("It holds a character that is none of a text."))
    parser = _Parser()
    try:
        parser.read_file(parser.lines(text))
    except configparser.ParsingError as error:
        raise CannotRead(
            gettext("It is not INI: no setting, no section."), line=error.errors[0][0] - 1
        ) from None
    except AttributeError:
        # What Python 3.11 comes to when a line goes on after a name without a value.
        raise CannotRead(
            gettext("It goes on with a value where none began."), line=parser.line
        ) from None
    except configparser.Error:
        raise CannotRead(gettext("It is not INI."), line=parser.line) from None
    defaults = list(_settings(parser, "DEFAULT")) if parser.has_section("DEFAULT") else []
    for section in parser.sections():
        own = list(_settings(parser, section))
        if section not in (TOP, "DEFAULT"):
            names = {each.path[-1].lower() for each in own}
            own = [
                Found((section, each.path[-1]), each.value, each.written, each.line)
                for each in defaults
                if each.path[-1].lower() not in names
            ] + own
        yield from own


def _settings(parser: _Parser, section: str) -> Iterator[Found]:
    for option, text in parser.items(section):
        name, _, line = option.partition(APART)
        path = (name,) if section == TOP else (section, name)
        yield Found(path, None if text is None else plain(text), text or "", int(line))


FORMAT = Format(read, most_bytes=MEGABYTE // 4)
