"""Reading configuration: text in, settings out. Nothing is opened, included, filled in or run.

`read` is the door. Each format is a file of this folder; which of them a file is in is told by its
name (`naming`), and where names do not tell, by its content.
"""

import re
import stat
from collections.abc import Iterator
from pathlib import Path

from django.utils.translation import gettext

from incidents.guard.configuration import CannotRead, Reading, Setting, Value
from incidents.guard.readers import (
    env,
    hcl,
    ini,
    json,
    nginx,
    postgresql,
    properties,
    python,
    ruby,
    toml,
    yaml,
)
from incidents.guard.readers.found import (
    LONGEST_KEY,
    MEGABYTE,
    MOST_BYTES,
    MOST_SETTINGS,
    Format,
    Found,
    too_deep,
)
from incidents.guard.readers.naming import format_of
from incidents.lib.secret_values import masked

FORMATS: dict[str, Format] = {
    "yaml": yaml.FORMAT,
    "json": json.FORMAT,
    "toml": toml.FORMAT,
    "ini": ini.FORMAT,
    "env": env.FORMAT,
    "properties": properties.FORMAT,
    "postgresql": postgresql.FORMAT,
    "nginx": nginx.FORMAT,
    "hcl": hcl.FORMAT,
    "python": python.FORMAT,
    "ruby": ruby.FORMAT,
}
# Escapes can name them: zero, and halves of a pair. No database would keep them.
UNFIT = re.compile(r"[\0\ud800-\udfff]")
MARKS = {
    b"\xff\xfe": "UTF-16",
    b"\xfe\xff": "UTF-16",
    b"\x00\x00\xfe\xff": "UTF-32",
}


def read(name: str, data: bytes, format: str | None = None) -> Reading:  # noqa: A002 (its name in the command and the API)
    """The settings of one file. Raises `CannotRead`, with the line where one can be told."""
    try:
        return _read(name, data, format)
    except RecursionError:
        deep = too_deep()
        deep.file = name
        raise deep from None
    except CannotRead as error:
        error.file = name
        # It may quote the line that it stumbled over.
        error.message = masked(error.message)
        if error.line is not None:
            # Some parsers miss what should come in the line after the last.
            error.line = min(error.line, len(data.splitlines()) or 1)
        raise


def _read(name: str, data: bytes, format_: str | None) -> Reading:
    refuse_size(len(data), MOST_BYTES)
    chosen = format_ or format_of(name, decoded(data, or_latin_1=True))
    if chosen not in FORMATS:
        raise CannotRead(
            gettext("“%(chosen)s” is not a format that is read: %(join)s.")
            % {"chosen": chosen, "join": ", ".join(FORMATS)}
        )
    how = FORMATS[chosen]
    refuse_size(len(data), how.most_bytes)
    text = decoded(data, or_latin_1=how.or_latin_1)
    return Reading(name, chosen, list(settings(name, how, text)))


def contents(path: Path) -> bytes:
    """The bytes of a file on this machine, unless it is too large to be looked at."""
    try:
        status = path.stat()
        if not stat.S_ISREG(status.st_mode):
            raise CannotRead(gettext("It is not a file."), file=str(path))
        refuse_size(status.st_size, MOST_BYTES, file=str(path))
        return path.read_bytes()
    except OSError as error:
        raise CannotRead(f"{error.strerror}.", file=str(path)) from None


def refuse_size(size: int, most: int, file: str = "") -> None:
    if size > most:
        raise CannotRead(
            gettext("It has %(MEGABYTE)s MB; no more than %(MEGABYTE2)s MB are read.")
            % {"MEGABYTE": f"{size / MEGABYTE:,.1f}", "MEGABYTE2": f"{most / MEGABYTE:g}"},
            file=file,
        )


def decoded(data: bytes, *, or_latin_1: bool) -> str:
    """With `\\n` at the end of each line, whatever the file has there."""
    for mark, encoding in MARKS.items():
        if data.startswith(mark):
            raise CannotRead(
                gettext("It is written in %(encoding)s; save it as UTF-8.") % {"encoding": encoding}
            )
    if b"\0" in data:
        raise CannotRead(
            gettext("It is not a text: it has a zero byte."), line=line_of(data, b"\0")
        )
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        if not or_latin_1:
            line = data.count(b"\n", 0, error.start) + 1
            raise CannotRead(gettext("It is not written in UTF-8."), line=line) from None
        text = data.decode("latin-1")
    return text.replace("\r\n", "\n").replace("\r", "\n")


def line_of(data: bytes, what: bytes) -> int:
    return data.count(b"\n", 0, data.index(what)) + 1


def settings(name: str, how: Format, text: str) -> Iterator[Setting]:
    for count, found in enumerate(how.read(text)):
        if count >= MOST_SETTINGS:
            raise CannotRead(
                gettext("It has more than %(MOST_SETTINGS)s settings.")
                % {"MOST_SETTINGS": f"{MOST_SETTINGS:,}"},
                line=found.line,
            )
        yield setting(name, found)


def setting(name: str, found: Found) -> Setting:
    if sum(map(len, found.path)) > LONGEST_KEY:
        raise CannotRead(
            gettext("A key has more than %(LONGEST_KEY)s characters.")
            % {"LONGEST_KEY": f"{LONGEST_KEY:,}"},
            line=found.line,
        )
    if UNFIT.search("".join(found.path)) or any(UNFIT.search(text) for text in texts(found.value)):
        raise CannotRead(gettext("It holds a character that is none of a text."), line=found.line)
    return Setting(
        key=".".join(found.path),
        value=found.value,
        written=found.written,
        file=name,
        line=found.line,
        path=found.path,
        document=found.document,
    )


def texts(value: Value) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, list):
        for each in value:
            yield from texts(each)
