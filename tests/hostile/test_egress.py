"""Nothing that is brought in, shown or taken out makes this machine ask another, or read a file.

A server listens, at whose addresses all the texts point; it counts who comes. What people may have
sent to, webhooks, is in tests/lib/test_outgoing.py.
"""

import socket
import zipfile
from collections.abc import Iterator
from pathlib import Path
from threading import Thread

import pytest

from incidents.exports.formats import FORMATS as TAKEN_OUT
from incidents.importers.formats import FORMATS as BROUGHT_IN
from incidents.lib.markdown import render
from tests.exports.documents import a_delta, a_document, a_pack, a_text, an_event
from tests.exports.formats.reading import text_of
from tests.hostile.bombs import a_book

SECRET = "k9v2q7x4m1z8"
VECTORS = (
    "<img src={}>",
    "<img srcset='{} 1x'>",
    "<link rel=stylesheet href={}>",
    "<script src={}></script>",
    "<iframe src={}></iframe>",
    "<object data={}></object>",
    "<embed src={}>",
    "<video src={} poster={}></video>",
    "<audio src={} autoplay></audio>",
    "<svg><image href={} xlink:href={} /></svg>",
    "<svg><use href={}#a /></svg>",
    "<p style='background:url({})'>x</p>",
    "<style>@import url({}); @font-face {{ font-family: a; src: url({}) }}</style>",
    "<base href={}><img src=a.png>",
    "<meta http-equiv=refresh content='0;url={}'>",
    "<a href={} ping={}>x</a>",
    "<!DOCTYPE x [<!ENTITY x SYSTEM '{}'>]><p>&x;</p>",
    "<?xml-stylesheet href='{}'?>",
    "<xi:include xmlns:xi='http://www.w3.org/2001/XInclude' href='{}'/>",
    "![x]({})",
    "[x]({})",
    "[x]: {}\n\n![x]",
    '--8<-- "{}"',
    "[[{}]]",
    "include::{}[]",
    '#image("{}")',
    '#read("{}")',
    '#import "{}": *',
    '=WEBSERVICE("{}")',
    '=IMAGE("{}")',
)
# Where such an address may stand in a file, for each ending; `{}` is the text.
FILES = {
    ".md": "# Orders time out\n\n## Summary\n\n{}\n",
    ".html": "<html><head><title>Orders time out</title></head><body><h1>x</h1>{}</body></html>",
    ".csv": 'Title,Summary\nOrders time out,"{}"\n',
    ".tsv": "Title\tSummary\nOrders time out\t{}\n",
    ".json": '[{{"title": "Orders time out", "body": "{}", "html_url": "{}", "url": "{}"}}]',
    ".jsonl": '{{"title": "Orders time out", "body": "{}", "html_url": "{}"}}\n',
}


@pytest.fixture
def came() -> Iterator[tuple[int, list[object]]]:
    """A port of this machine, and who came to it."""
    visitors: list[object] = []
    with socket.create_server(("127.0.0.1", 0)) as listening:

        def run() -> None:
            while True:
                try:
                    connection, address = listening.accept()
                except OSError:
                    return
                visitors.append(address)
                connection.close()

        thread = Thread(target=run, daemon=True)
        thread.start()
        yield listening.getsockname()[1], visitors
        listening.shutdown(socket.SHUT_RDWR)
    thread.join(5)


@pytest.fixture
def addresses(came: tuple[int, list[object]], tmp_path: Path) -> list[str]:
    secret = tmp_path / "secret.txt"
    secret.write_text(SECRET, encoding="utf-8")
    port, _ = came
    return [
        f"http://127.0.0.1:{port}/x.png",
        f"//127.0.0.1:{port}/x",
        f"file://{secret}",
        str(secret),
    ]


@pytest.fixture
def texts(addresses: list[str]) -> list[str]:
    return [vector.format(*[address] * 3) for vector in VECTORS for address in addresses]


def test_who_comes_is_counted(came: tuple[int, list[object]]) -> None:
    """So the nobody below is nobody."""
    port, visitors = came
    with socket.create_connection(("127.0.0.1", port)) as visitor:
        assert visitor.recv(1) == b""
    assert len(visitors) == 1


def test_nothing_that_is_rendered_asks_anybody(
    came: tuple[int, list[object]], texts: list[str]
) -> None:
    told = "\n".join(render(text) for text in texts)

    assert came[1] == []
    assert SECRET not in told


@pytest.mark.parametrize("name", sorted(BROUGHT_IN))
def test_nothing_that_is_brought_in_asks_anybody(
    name: str, came: tuple[int, list[object]], texts: list[str], tmp_path: Path
) -> None:
    sent = tmp_path / "sent"
    sent.mkdir()
    for number, text in enumerate(texts):
        for ending, around in FILES.items():
            quoted = text.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n")
            inside = quoted if ending.startswith(".json") else text
            file = sent / f"{number}{ending}"
            file.write_text(around.format(*[inside] * 3), encoding="utf-8")
    cells = b"".join(
        b'<row r="%d"><c r="A%d" t="inlineStr"><is><t><![CDATA[%s]]></t></is></c></row>'
        % (row, row, text.replace("]]>", "").encode())
        for row, text in enumerate(texts, start=2)
    )
    (sent / "table.xlsx").write_bytes(a_book(cells))
    archive = tmp_path / "sent.zip"
    with zipfile.ZipFile(archive, "w") as packed:
        for file in sorted(sent.iterdir()):
            packed.write(file, file.name)

    read = BROUGHT_IN[name].read
    found = [*read(sent), *read(archive)]
    found += [one for file in sorted(sent.iterdir()) for one in read(file)]

    assert came[1] == []
    assert SECRET not in str(found)


@pytest.mark.parametrize("name", sorted(TAKEN_OUT))
def test_nothing_that_is_taken_out_asks_anybody(
    name: str, came: tuple[int, list[object]], texts: list[str], tmp_path: Path
) -> None:
    prose = [
        {"name": "summary", "heading": "Summary", **a_text(text, html)}
        for text in texts
        for html in (render(text), text)
    ]
    document = a_document(
        title=texts[0],
        prose=prose,
        events=[an_event(text=a_text(text, text), source=text) for text in texts],
        deltas=[a_delta(note=text, source=text) for text in texts],
    )
    out = tmp_path / "out"

    TAKEN_OUT[name].write(a_pack(document), out)

    assert came[1] == []
    assert SECRET.encode() not in out.read_bytes()
    if name == "pdf":
        assert SECRET not in text_of(out)
