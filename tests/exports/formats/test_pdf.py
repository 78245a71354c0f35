"""A PDF tells all of a record, as text that can be read, searched and read aloud."""

from collections import Counter
from pathlib import Path
from typing import Any

import pypdfium2
import pytest

from incidents.exports.formats import pdf
from incidents.exports.typesetting import CannotBeLaidOut
from tests.exports.documents import a_delta, a_document, a_pack, a_text, an_event
from tests.exports.formats.reading import letters, pages_of, runs_left, text_of
from tests.exports.hostile import HOSTILE


@pytest.fixture(autouse=True)
def _own_fonts(settings: Any) -> None:
    """Whatever the machine has."""
    settings.EXPORT_FONTS = ""


@pytest.fixture
def out(tmp_path: Path) -> Path:
    return tmp_path / "out.pdf"


def prose(html: str) -> dict[str, Any]:
    return {"name": "summary", "heading": "Summary", **a_text("x", html)}


def test_it_works(out: Path) -> None:
    document = a_document(
        prose=[prose("<p>It <b>filled</b> up.</p><ul><li>One</li><li>Two</li></ul>")],
        events=[an_event()],
        deltas=[a_delta(note="It was raised.")],
    )
    pdf.write(a_pack(document), out)
    text = text_of(out)

    for words in (
        "Orders time out",
        "It filled up.",
        "Latency rose",
        "30 → 60 s",
        "It was raised.",
    ):
        assert letters(words) in letters(text), words
    assert "1 / 1" in pages_of(out)[0]


def test_it_is_tagged_and_titled(out: Path) -> None:
    pdf.write(a_pack(), out)
    content = out.read_bytes()

    assert b"/MarkInfo" in content
    assert b"/StructTreeRoot" in content
    assert b"pdfuaid:part" in content
    document = pypdfium2.PdfDocument(out)
    assert document.get_metadata_dict()["Title"] == "INC-7 Orders time out"
    assert [mark.get_title() for mark in document.get_toc()] == ["\u2068Orders time out\u2069"]
    document.close()


def test_the_same_records_give_the_same_bytes(out: Path, tmp_path: Path) -> None:
    pdf.write(a_pack(), out)
    again = tmp_path / "again.pdf"
    pdf.write(a_pack(), again)

    assert out.read_bytes() == again.read_bytes()


def test_hostile_texts_survive_as_the_same_text(out: Path) -> None:
    deltas = [a_delta(key=str(n), note=text) for n, text in enumerate(HOSTILE)]
    pdf.write(a_pack(a_document(deltas=deltas)), out)
    told = letters(text_of(out))

    lost = [text[:60] for text in HOSTILE if not runs_left(text) and letters(text) not in told]
    assert lost == []
    # What runs to the left comes out in the order in which it is seen.
    counted = Counter(told)
    assert [text for text in HOSTILE if runs_left(text) and Counter(letters(text)) - counted] == []


@pytest.mark.parametrize(
    "title",
    ["日本語の障害", "العربية تعطل", "हिन्दी क्षेत्र", "한국어", "русский", "🔥 👩‍🚒", "Ελλάδα"],
)
def test_titles_in_any_script_have_letters(out: Path, title: str) -> None:
    pdf.write(a_pack(a_document(title=title)), out)

    assert "[U+" not in text_of(out)


def test_letters_that_no_font_has_are_numbered(out: Path) -> None:
    pdf.write(a_pack(a_document(title="a\x1bb ไ")), out)

    assert "a[U+001B]b [U+0E44]" in text_of(out)


@pytest.mark.parametrize(
    "html",
    [
        "<table><thead><tr><th>a</th></tr></thead><tbody><tr><td>words</td></tr></tbody></table>",
        "<table><tbody><tr><td>words</td><td></td></tr></tbody></table>",
        "<blockquote><p>words</p><h2>words</h2></blockquote>",
        "<h6>words</h6><h2>more</h2>",
        '<div class="highlight language-python"><pre><code>words</code></pre></div>',
        '<p><a href="">words</a> <a href="/lessons/LES-1/"><a href="http://b">words</a></a></p>',
        '<p><a href="mailto:">words</a></p>',
        '<p><img src="/attachments/x.png" alt="words"></p>',
        "<ul>" + "<li><ul>" * 60 + "<li>words</li>" + "</ul></li>" * 60 + "</ul>",
        "<em>" * 90 + "words" + "</em>" * 90,
        "<p></p><ul></ul><ol><li></li></ol><p>words</p>",
        '<ol start="999999999"><li>words</li></ol>',
        "<details><summary>words</summary><p>inside</p></details>",
        "<p><code></code><sub></sub>words<br></p><hr>",
        '<div class="highlight language-&quot;#x"><pre><code>words</code></pre></div>',
    ],
)
def test_any_prose_can_be_laid_out(out: Path, html: str) -> None:
    pdf.write(a_pack(a_document(prose=[prose(html)])), out)

    assert "words" in text_of(out)


def test_no_file_or_address_is_read(out: Path) -> None:
    """Not even of a picture that the site itself keeps."""
    html = '<p><img src="/attachments/../../etc/passwd"><a href="file:///etc/passwd">x</a></p>'
    pdf.write(a_pack(a_document(prose=[prose(html)])), out)

    assert "root:" not in text_of(out)


def test_who_waits_can_stop_it(out: Path) -> None:
    class Enough(Exception):
        pass

    def check() -> None:
        raise Enough

    with pytest.raises(Enough):
        pdf.write(a_pack(), out, check)
    assert not out.exists()


def test_a_document_cannot_take_all_memory(out: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("incidents.exports.typesetting.MEGABYTES", 10)

    with pytest.raises(CannotBeLaidOut, match="10 MB"):
        pdf.write(a_pack(), out)


def test_a_document_cannot_take_all_time(out: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("incidents.exports.typesetting.SECONDS", 0)

    with pytest.raises(CannotBeLaidOut, match="0 seconds"):
        pdf.write(a_pack(a_document(prose=[prose("<p>a</p>" * 5_000)])), out)
