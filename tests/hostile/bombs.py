"""Texts and files that cost far more than they weigh, each given to what reads such things."""

import io
import struct
import zipfile
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

from incidents.guard.files import Given, read_all
from incidents.importers.formats import csv as csv_format
from incidents.importers.formats import xlsx as xlsx_format
from incidents.importers.json_records import NotJson, values_of
from incidents.lib.exact_yaml import loaded
from incidents.lib.markdown import MAXIMUM_LENGTH, render
from incidents.lib.plain_yaml import NotYaml, documents
from incidents.lib.unpacking import CannotUnpack, unpacked
from incidents.lookup.alerts.payload import NotAPayload, read_payload
from incidents.lookup.question import read_question

LARGE = 2_000_000
"""Characters, as much as a form or a message brings."""


@dataclass(frozen=True)
class Bomb:
    kind: str
    name: str
    burst: Callable[[Path], object]

    def __str__(self) -> str:
        return f"{self.kind}: {self.name}"


def filled(piece: str, length: int = MAXIMUM_LENGTH) -> str:
    return piece * (length // len(piece))


def nested(begin: str, inside: str, end: str, length: int = MAXIMUM_LENGTH) -> str:
    depth = (length - len(inside) - 10) // (len(begin) + len(end))
    return begin * depth + inside + end * depth


# In the manner of the tests of CommonMark's own parser, and of what this one is slow at.
MARKDOWN = {
    "strong in emphasis": nested("*a **a ", "b", " a** a*"),
    "closers without openers": filled("a_ "),
    "openers without closers": filled("_a "),
    "links closed and never opened": filled("a]"),
    "links opened and never closed": filled("[a"),
    "marks that do not fit": filled("*a_ "),
    "openers and closers of threes": "x" + nested("a**b", "c", "*"),
    "links and emphasis across": filled("[ a_"),
    "brackets and brackets": filled("[ (]("),
    "pictures that are none": filled("![[]()"),
    "brackets in one another": nested("[", "a", "]"),
    "links in one another": nested("[", "a", "](b)"),
    "quotes in one another": ">" * (MAXIMUM_LENGTH - 2) + " a",
    "quotes of lists": filled("> - ", 199_000) + "a",
    "lists in one another": "\n".join("  " * depth + "- a" for depth in range(440)),
    "numbers in one another": "\n".join("   " * depth + "1. a" for depth in range(360)),
    "NUL": filled("abc\x00de\x00"),
    "ticks of growing length": "".join("e" + "`" * count for count in range(1, 630)),
    "links that stay open": filled("[a](<b"),
    "addresses that stay open": filled("[a](b"),
    "comments that stay open": "</" + filled("<!--", 199_000),
    "tags that stay open": filled("<a href='"),
    "declarations that stay open": filled("<!A "),
    "instructions that stay open": filled("<?"),
    "CDATA that stays open": filled("<![CDATA["),
    "a row of bars": "\n".join(filled(piece, 20_000) for piece in ("|", "-|", "a|")),
    "many rows": "a|b\n-|-\n" + filled("c|d\n", 199_000),
    "references": "".join(f"[{n}]: /{n}\n" for n in range(5_000)) + filled("[1] ", 50_000),
    "a reference to itself": filled("[a]: a\n\n[a]\n\n"),
    "mail addresses": filled("a@b.c-"),
    "hosts": filled("www.a."),
    "schemes": filled("http://"),
    "entities": filled("&a;&#1"),
    "backslashes": filled("\\"),
    "tildes": filled("~~a~"),
    "fences": filled("```\n~~~\n"),
    "fences of code": filled("```python\ndef a(): pass\n```\n\n"),
    "one long line of code": "```json\n" + filled('{"a":[', 199_000) + "\n```",
    "callouts": filled("> [!NOTE]\n> a\n\n"),
    "callouts in one another": "\n".join(">" * depth + " [!NOTE]" for depth in range(1, 600)),
    "tasks": filled("- [ ] a\n"),
    "underlines": filled("a\n===\n"),
    "rulers": filled("* * *\n"),
    "elements in one another": nested("<div>", "a", "</div>"),
    "spans in one another": nested("<b>", "a", "</b>"),
    "references to records": filled("INC-1 "),
    "headings of one name": filled("# a\n"),
    "spaces": filled(" "),
    "tabs": filled("\t-"),
    "line ends": filled("a  \n"),
}
YAML = {
    "laughs": "a0: &a0 [x,x]\n"
    + "".join(f"a{n}: &a{n} [{','.join([f'*a{n - 1}'] * 9)}]\n" for n in range(1, 40)),
    "lists in one another": "[" * 100_000,
    "maps in one another": "{a: " * 50_000,
    "indents in one another": "\n".join(" " * depth + "a:" for depth in range(600)),
    "dashes in one another": "- " * 100_000,
    "keys in one another": "? " * 100_000,
    "a number of digits": "a: " + "9" * 200_000,
    "a number of sixties": "a: 1" + ":1" * 100_000,
    "a fraction of sixties": "a: 1" + ":1" * 100_000 + ".5",
    "merges": "a: &a {x: 1}\n" + "b: {<<: [*a, *a, *a]}\n" * 2_000,
    "no time": "a: !!timestamp x",
    "no number": "a: !!int ''",
    "no switch": "a: !!bool x",
    "no bytes": "a: !!binary x",
    "anchors": "".join(f"a{n}: &a{n} 1\n" for n in range(5_000)),
    "documents": "---\n" * 50_000,
    "a long key": "a" * 200_000 + ": 1",
    "a key of a list": "? [a, b]\n: 1",
    "a comment": "#" * 200_000,
    "a text that stays open": '"' + "\\x41" * 50_000,
}  # fmt: skip
JSON = {
    "lists in one another": "[" * (LARGE // 2),
    "objects in one another": '{"a":' * (LARGE // 5),
    "a number of digits": "[" + "9" * LARGE + "]",
    "a power": "[1e" + "9" * 1000 + "]",
    "names of which the last is there twice": "{"
    + "".join(f'"{n}":1,' for n in range(150_000))
    + '"z":1,"z":2}',
    "one name": "{" + '"a":1,' * 300_000 + '"a":1}',
    "a name that is long": '{"' + "a" * LARGE + '":1}',
    "values one after another": "1 " * (LARGE // 2),
    "signs in escapes": '["' + "\\u0041" * (LARGE // 6) + '"]',
    "halves of signs": '["' + "\\ud800" * (LARGE // 6) + '"]',
    "a text that stays open": '"' + "a" * LARGE,
    "empty lists": "[" + "[]," * (LARGE // 3) + "[]]",
    "lists around a long text": "[" * 39 + '"' + "a" * LARGE + '"' + "]" * 39,
}
QUESTIONS = {
    "lists in one another": "[" * 50_000,
    "labels that stay open": '{"labels":{' * 5_000,
    "braces": 'a{b="' * 20_000,
    "quotes": "'\"" * 50_000,
    "one long word": "a" * 1_000_000,
    "words of marks": "a.b-c_d:" * 100_000,
}


def packed(entries: dict[str, bytes]) -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in entries.items():
            archive.writestr(name, content)
    return file.getvalue()


def of_one_stretch() -> bytes:
    """Ten thousand files that are the same ten million bytes of the archive."""
    content = bytearray(packed({"a.md": bytes(10_000_000)}))
    begin = content.index(b"PK\x01\x02")
    end = content.index(b"PK\x05\x06")
    entry, tail = bytes(content[begin:end]), bytearray(content[end:])
    tail[8:12] = struct.pack("<HH", 10_000, 10_000)
    tail[12:16] = struct.pack("<L", 10_000 * len(entry))
    return bytes(content[:begin]) + entry * 10_000 + bytes(tail)


def claiming(size: int) -> bytes:
    """A file that says of itself that it is so large, and is not."""
    content = bytearray(packed({"a.md": bytes(30_000_000)}))
    for signature, place in ((b"PK\x03\x04", 22), (b"PK\x01\x02", 24)):
        at = content.index(signature) + place
        content[at : at + 4] = struct.pack("<L", size)
    return bytes(content)


ZIP: dict[str, Callable[[], bytes]] = {
    "spaces": lambda: packed({"a.md": b" " * 400_000_000}),
    "many files": lambda: packed({f"{number}.md": b"" for number in range(60_000)}),
    "files of one stretch": of_one_stretch,
    "a file that claims to be small": partial(claiming, 1_000),
    "a file that claims to be large": partial(claiming, 0xFFFFFFFE),
    "archives in archives": lambda: packed({"a.md": packed({"a.md": bytes(900_000)})}),
    "a name of a hundred folders": lambda: packed({"a/" * 30_000 + "b.md": b"x"}),
    "a comment at the end": lambda: packed({"a.md": b"x"}) + b"PK\x05\x06" * 100_000,
}
_SHEET = "xl/worksheets/sheet1.xml"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006"
_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml"
_BOOK = {
    "[Content_Types].xml": f'<Types xmlns="{_PACKAGE}/content-types"><Override'
    f' PartName="/xl/workbook.xml" ContentType="{_TYPE}.sheet.main+xml"/><Override'
    f' PartName="/{_SHEET}" ContentType="{_TYPE}.worksheet+xml"/></Types>',
    "_rels/.rels": f'<Relationships xmlns="{_PACKAGE}/relationships"><Relationship Id="rId1"'
    f' Type="{_OFFICE}/officeDocument" Target="xl/workbook.xml"/></Relationships>',
    "xl/workbook.xml": f'<workbook xmlns="{_MAIN}" xmlns:r="{_OFFICE}"><sheets>'
    '<sheet name="S" sheetId="1" r:id="rId1"/></sheets></workbook>',
    "xl/_rels/workbook.xml.rels": f'<Relationships xmlns="{_PACKAGE}/relationships"><Relationship'
    f' Id="rId1" Type="{_OFFICE}/worksheet" Target="worksheets/sheet1.xml"/></Relationships>',
}


def a_book(rows: bytes, before: bytes = b"") -> bytes:
    head = b'<row r="1"><c r="A1" t="inlineStr"><is><t>Title</t></is></c></row>'
    begin = f'<worksheet xmlns="{_MAIN}"><sheetData>'.encode()
    sheet = before + begin + head + rows + b"</sheetData></worksheet>"
    return packed({**{name: part.encode() for name, part in _BOOK.items()}, _SHEET: sheet})


def laughs() -> bytes:
    lines = b"".join(b'<!ENTITY %c "%s">' % (n, b"&%c;" % (n - 1) * 10) for n in b"bcdefghij")
    return b'<!DOCTYPE x [<!ENTITY a "ha">%s]>' % lines


XLSX: dict[str, Callable[[], bytes]] = {
    "a cell at the far end": lambda: a_book(
        b'<row r="1048576"><c r="XFD1048576"><v>1</v></c></row>'
    ),
    "rows as wide as can be": lambda: a_book(
        b"".join(b'<row r="%d"><c r="XFD%d"><v>1</v></c></row>' % (n, n) for n in range(2, 900))
    ),
    "empty rows": lambda: a_book(b"<row/>" * 300_000),
    "laughs": lambda: a_book(b'<row r="2"><c r="A2"><v>&j;</v></c></row>', laughs()),
    "another's file": lambda: a_book(
        b'<row r="2"><c r="A2"><v>&x;</v></c></row>',
        b'<!DOCTYPE x [<!ENTITY x SYSTEM "file:///etc/passwd">]>',
    ),
    "elements in one another": lambda: a_book(b"<x>" * 200_000 + b"</x>" * 200_000),
    "a long text": lambda: a_book(
        b'<row r="2"><c r="A2" t="inlineStr"><is><t>' + b"a b " * 2_000_000 + b"</t></is></c></row>"
    ),
    "spaces": lambda: a_book(b" " * 100_000_000),
    "a million attributes": lambda: a_book(
        b"<row " + b"".join(b'a%d="1" ' % number for number in range(60_000)) + b"/>"
    ),
}  # fmt: skip
CSV = {
    "columns": "Title" + "," * 300_000,
    "quotes": 'Title\n"' + '""' * 100_000,
    "quotes that stay open": 'Title\n"' + "a\n" * 100_000,
    "rows": "Title,Impact\n" + "a,b\n" * 100_000,
}


def read_yaml(text: str, _: Path) -> None:
    with suppress(NotYaml):
        documents(text)
    with suppress(NotYaml):
        loaded(text)


def read_json(text: str, _: Path) -> None:
    with suppress(NotJson):
        values_of(text)
    with suppress(NotAPayload):
        read_payload(text.encode("utf-8", "replace"))
    read_all([Given("a.json", text.encode("utf-8", "replace"))])


def read_configuration(text: str, _: Path) -> None:
    read_all([Given("a.yaml", text.encode())])


def read_zip(made: Callable[[], bytes], folder: Path) -> None:
    path = folder / "sent.zip"
    path.write_bytes(made())
    with suppress(CannotUnpack):
        for _ in unpacked(path):
            continue


def read_book(made: Callable[[], bytes], folder: Path) -> None:
    path = folder / "sent.xlsx"
    path.write_bytes(made())
    list(xlsx_format.read(path))


def read_csv(text: str, folder: Path) -> None:
    path = folder / "sent.csv"
    path.write_text(text, encoding="utf-8")
    list(csv_format.read(path))


def of(kind: str, texts: dict[str, Any], burst: Callable[..., object]) -> Iterator[Bomb]:
    for name, text in texts.items():
        yield Bomb(kind, name, partial(burst, text))


BOMBS = [
    *of("Markdown", MARKDOWN, lambda text, _: render(text)),
    *of("YAML", YAML, read_yaml),
    *of("YAML of a configuration", YAML, read_configuration),
    *of("JSON", JSON, read_json),
    *of("zip", ZIP, read_zip),
    *of("XLSX", XLSX, read_book),
    *of("CSV", CSV, read_csv),
    *of("question", QUESTIONS, lambda text, _: read_question(text)),
]
