"""Rows out of a database's dump, by table: what mysqldump and pg_dump write. Nothing of it is run.

1. Comments are passed over, and so are statements that hold no rows.
2. CREATE TABLE tells the columns of a table whose rows do not name them.
3. INSERT holds rows as lists of values, COPY as lines with tabs.

MySQL escapes with a backslash in every text, PostgreSQL only in those with an E before them.
"""

import re
from collections.abc import Collection, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import NoReturn

from incidents.importers.found import FoundUnread
from incidents.lib.unpacking import NotText, TooLarge, content_of, text_of

ENDINGS = (".sql",)
LARGEST = 100_000_000
"""Bytes of a dump."""
MOST_ROWS = 500_000
_BEGINNING = 4_000_000

Row = dict[str, str]
"""Values by their columns, as text; NULL is left out."""

_NAME = r'(?:`[^`\n]{1,128}`|"[^"\n]{1,128}"|\w{1,128})'
_PATH = rf"{_NAME}(?:\.{_NAME})?"
_FLAGS = re.IGNORECASE | re.DOTALL
_SPACE = re.compile(
    r"(?:\s++|--[^\n]*+|#[^\n]*+|/\*.*?(?:\*/|\Z)|\\(?:un)?restrict[^\n]*+|;)*+", _FLAGS
)
_INSERT = re.compile(
    rf"INSERT\s+(?:IGNORE\s+)?INTO\s+(?P<table>{_PATH})\s*"
    rf"(?:\((?P<columns>[^()]{{1,10000}})\)\s*)?(?:OVERRIDING\s+\w+\s+VALUE\s+)?VALUES\s*",
    _FLAGS,
)
_COPY = re.compile(
    rf"COPY\s+(?P<table>{_PATH})\s*(?:\((?P<columns>[^()]{{1,10000}})\)\s*)?FROM\s+stdin[^;\n]*;\r?\n",
    _FLAGS,
)
_CREATE = re.compile(rf"CREATE\s+TABLE\s+(?:IF\s+NOT\s+EXISTS\s+)?(?P<table>{_PATH})\s*\(", _FLAGS)
_COLUMN = re.compile(rf"^[ \t]*(?P<name>{_NAME})[ \t]+\w", re.MULTILINE)
_NO_COLUMNS = {"primary", "unique", "key", "constraint", "foreign", "index", "fulltext", "check"}
_NAMES = re.compile(_NAME)
_END_OF_COPY = re.compile(r"^\\\.\r?$", re.MULTILINE)
_COMMA = re.compile(r"\s*+,\s*+")
_HEX = re.compile(r"(?:0x|x')(?P<digits>(?:[0-9a-f]{2})*)'?", re.IGNORECASE)
_ESCAPED = re.compile(r"\\(?P<char>.)|''", re.DOTALL)
_COPY_ESCAPED = re.compile(r"\\(?:(?P<octal>[0-7]{1,3})|x(?P<hex>[0-9a-fA-F]{1,2})|(?P<char>.))")
_ESCAPES = {"n": "\n", "r": "\r", "t": "\t", "b": "\b", "Z": "\x1a", "f": "\f", "v": "\v"}
_OF_MYSQL = {**_ESCAPES, "0": "\0", "%": "\\%", "_": "\\_"}


@dataclass(frozen=True)
class Dialect:
    """How a text is written, how a value, and what is passed over to the end of a statement."""

    value: re.Pattern[str]
    rest: re.Pattern[str]


def _dialect(text: str, *, others: str = "") -> Dialect:
    value = rf"(?:(?P<text>{text})|(?P<plain>-?[0-9][\w.+-]*+|\w++(?:'[0-9a-fA-F]*+')?)){others}"
    quoted = r"\"[^\"]*+\"|`[^`]*+`|--[^\n]*+|/\*.*?(?:\*/|\Z)"
    rest = rf"(?:[^;'\"`$/-]++|{text}|{quoted}|{{dollar}}[$/-])*+;"
    dollar = r"(?P<dollar>\$\w*\$).*?(?:(?P=dollar)|\Z)|" if others else ""
    return Dialect(re.compile(value, _FLAGS), re.compile(rest.replace("{dollar}", dollar), _FLAGS))


MYSQL = _dialect(r"(?:_[a-z]\w*\s*)?'(?:[^'\\]++|\\.|'')*+'")
POSTGRES = _dialect(r"E'(?:[^'\\]++|\\.|'')*+'|'(?:[^']++|'')*+'", others=r'(?:::[\w\s."]{1,80}+)?')


class NotADump(ValueError):
    """The message says in which line, and what is wrong there."""


@dataclass
class Dump:
    """The rows of each wanted table, by its schema ("" where there is none) and its name."""

    rows: dict[tuple[str, str], list[Row]] = field(default_factory=dict)

    def schemas_with(self, table: str) -> list[str]:
        return sorted(schema for schema, name in self.rows if name == table)

    def of(self, schema: str, table: str) -> list[Row]:
        return self.rows.get((schema, table), [])


def holds(path: Path, table: str) -> bool:
    """Whether a dump has this table, not too far from its beginning; never raises."""
    try:
        with path.open("rb") as file:
            text = file.read(_BEGINNING).decode("utf-8", "replace")
    except OSError:
        return False
    begins = r"(?:CREATE TABLE|INSERT INTO|COPY) (?:IF NOT EXISTS )?"
    pattern = rf'{begins}(?:[`"\w]{{1,128}}\.)?[`"]?{re.escape(table)}[`"]?[ (]'
    return bool(re.search(pattern, text, re.IGNORECASE))


def dump_of(path: Path, tables: Collection[str]) -> Dump | FoundUnread:
    """What the file holds of these tables, or why it cannot be read."""
    try:
        return tables_in(text_of(content_of(path, LARGEST)), tables)
    except (NotText, TooLarge, NotADump) as refusal:
        return FoundUnread(where=path.name, why=str(refusal))
    except OSError as error:
        return FoundUnread(where=path.name, why=f"It cannot be read: {error.strerror}.")


def tables_in(text: str, tables: Collection[str]) -> Dump:
    """Raises `NotADump`; also where the text ends in the middle of a statement."""
    return _Reader(text, frozenset(tables)).read()


@dataclass
class _Reader:
    text: str
    wanted: frozenset[str]
    place: int = 0
    count: int = 0
    dump: Dump = field(default_factory=Dump)
    columns: dict[tuple[str, str], list[str]] = field(default_factory=dict)
    dialect: Dialect = field(init=False)

    def __post_init__(self) -> None:
        self.dialect = MYSQL if re.search(r"^[^'\n]*`", self.text, re.MULTILINE) else POSTGRES

    def read(self) -> Dump:
        while True:
            self.place = self._after(_SPACE)
            if self.place == len(self.text):
                return self.dump
            if found := _INSERT.match(self.text, self.place):
                self._insert(found)
            elif found := _COPY.match(self.text, self.place):
                self._copy(found)
            else:
                created = _CREATE.match(self.text, self.place)
                start = self.place
                self._pass_over()
                if created:
                    body = self.text[created.end() : self.place]
                    self.columns[_path_of(created["table"])] = _columns_of(body)
                if self.place == start:
                    self._refuse("cannot be read")

    def _insert(self, found: re.Match[str]) -> None:
        table = _path_of(found["table"])
        if table[1] not in self.wanted:
            self._pass_over()
            return
        columns = self._columns(table, found["columns"])
        self.place = found.end()
        for values in self._lists():
            self._keep(table, columns, values)

    def _lists(self) -> Iterator[list[str | None]]:
        while True:
            yield self._list()
            comma = _COMMA.match(self.text, self.place)
            if not comma:
                break
            self.place = comma.end()
        # What may follow the rows: "ON CONFLICT DO NOTHING".
        self._pass_over()

    def _list(self) -> list[str | None]:
        if self.text[self.place : self.place + 1] != "(":
            self._refuse("holds something else than values")
        self.place += 1
        values: list[str | None] = []
        while True:
            self.place = self._after(_WHITE)
            found = self.dialect.value.match(self.text, self.place)
            if not found:
                self._refuse("holds a value that cannot be read")
            values.append(_value_of(found, self.dialect))
            self.place = found.end()
            self.place = self._after(_WHITE)
            mark = self.text[self.place : self.place + 1]
            self.place += 1
            if mark == ")":
                return values
            if mark != ",":
                self.place -= 1
                self._refuse("ends in the middle")

    def _copy(self, found: re.Match[str]) -> None:
        table = _path_of(found["table"])
        end = _END_OF_COPY.search(self.text, found.end())
        if not end:
            self._refuse("ends in the middle")
        if table[1] in self.wanted:
            columns = self._columns(table, found["columns"])
            self.dump.rows.setdefault(table, [])
            place = found.end()
            while place < end.start():
                until = self.text.index("\n", place)
                line = self.text[place:until].removesuffix("\r")
                self.place, place = place, until + 1
                self._keep(table, columns, [_copied(cell) for cell in line.split("\t")])
        self.place = end.end()

    def _keep(self, table: tuple[str, str], columns: list[str], values: list[str | None]) -> None:
        if len(values) != len(columns):
            self._refuse(f"has {len(values)} values for {len(columns)} columns")
        self.count += 1
        if self.count > MOST_ROWS:
            raise NotADump(f"It holds more than {MOST_ROWS:,} rows of the tables that are read.")
        row = {
            name: value for name, value in zip(columns, values, strict=True) if value is not None
        }
        self.dump.rows.setdefault(table, []).append(row)

    def _columns(self, table: tuple[str, str], written: str | None) -> list[str]:
        columns = _names_in(written) if written else self.columns.get(table)
        if not columns:
            self._refuse("does not say what its columns are")
        return columns

    def _pass_over(self) -> None:
        found = self.dialect.rest.match(self.text, self.place)
        if not found:
            self._refuse("ends in the middle")
        self.place = found.end()

    def _after(self, pattern: re.Pattern[str]) -> int:
        found = pattern.match(self.text, self.place)
        return found.end() if found else self.place

    def _refuse(self, why: str) -> NoReturn:
        line = self.text.count("\n", 0, self.place) + 1
        raise NotADump(f"It cannot be read as a dump: what stands in line {line:,} {why}.")


_WHITE = re.compile(r"\s*+")


def _path_of(written: str) -> tuple[str, str]:
    names = _names_in(written)
    return (names[0] if len(names) > 1 else "", names[-1])


def _names_in(written: str) -> list[str]:
    return [name.strip('`"') for name in _NAMES.findall(written)]


def _columns_of(body: str) -> list[str]:
    names = (found["name"] for found in _COLUMN.finditer(body))
    return [name.strip('`"') for name in names if name.lower() not in _NO_COLUMNS]


def _value_of(found: re.Match[str], dialect: Dialect) -> str | None:
    plain = found["plain"]
    if plain is not None:
        digits = _HEX.fullmatch(plain)
        if digits:
            return bytes.fromhex(digits["digits"]).decode("utf-8", "replace")
        return None if plain.lower() == "null" else plain
    text = found["text"]
    inner = text[text.index("'") + 1 : -1]
    if dialect is MYSQL:
        return _ESCAPED.sub(lambda each: _unescaped(each, _OF_MYSQL), inner)
    if text[0] in "eE":
        return _ESCAPED.sub(lambda each: _unescaped(each, _ESCAPES), inner)
    return inner.replace("''", "'")


def _unescaped(found: re.Match[str], escapes: dict[str, str]) -> str:
    char = found["char"]
    return "'" if char is None else escapes.get(char, char)


def _copied(cell: str) -> str | None:
    return None if cell == "\\N" else _COPY_ESCAPED.sub(_copy_unescaped, cell)


def _copy_unescaped(found: re.Match[str]) -> str:
    if found["octal"]:
        return chr(int(found["octal"], 8))
    if found["hex"]:
        return chr(int(found["hex"], 16))
    return _ESCAPES.get(found["char"], found["char"])
