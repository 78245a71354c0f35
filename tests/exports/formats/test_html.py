"""One HTML file without script, in which every text is text."""

import html
import re
from html.parser import HTMLParser
from pathlib import Path

from incidents.exports.formats import html as html_format
from incidents.exports.packs import Broken, Pack
from incidents.lib.markdown import render
from incidents.lib.unseen import told_controls
from tests.exports.documents import a_delta, a_document, a_figure, a_review, a_text
from tests.exports.hostile import HOSTILE

LOADED = {"audio", "base", "embed", "form", "frame", "iframe", "img", "link", "object", "script"}


class Tags(HTMLParser):
    def __init__(self, text: str) -> None:
        super().__init__()
        self.found: list[tuple[str, dict[str, str | None]]] = []
        self.text: list[str] = []
        self.feed(text)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found.append((tag, dict(attrs)))

    def handle_data(self, data: str) -> None:
        self.text.append(data)


def written(tmp_path: Path, pack: Pack) -> str:
    path = tmp_path / "out.html"
    html_format.write(pack, path)
    return path.read_text(encoding="utf-8")


def test_it_works(tmp_path: Path) -> None:
    text = written(tmp_path, a_review(a_document(), Broken("INC-8", "it is broken")))

    for words in ("Review Q1 2026", "Orders time out", "SEV1 critical", "Left out: 4 without"):
        assert words in text, words
    assert "<svg" in text
    assert "INC-8 is not told: it is broken" in text


def test_drafts_are_in_the_tables_and_not_told(tmp_path: Path) -> None:
    draft = a_document(title="Not yet", state={"code": "draft", "label": "draft"})

    assert "Not yet" not in written(tmp_path, a_review(draft))


def test_hostile_texts_survive_and_none_is_markup(tmp_path: Path) -> None:
    deltas = [a_delta(note=text) for text in HOSTILE]
    prose = [
        {"name": "summary", "heading": "Summary", **a_text(text, render(text))}
        for text in HOSTILE[:150]
    ]
    figure = a_figure(*([text[:300], 1] for text in HOSTILE[:150]))
    pack = a_review(a_document(deltas=deltas, prose=prose), figures=[figure])
    text = written(tmp_path, pack)
    tags = Tags(text)
    notes = re.findall(r'<p class="export-note"><bdi>(.*?)</bdi></p>', text, re.DOTALL)

    assert [html.unescape(note) for note in notes] == [told_controls(note) for note in HOSTILE]
    assert not [tag for tag, _ in tags.found if tag in LOADED]
    assert not [name for _, given in tags.found for name in given if name.startswith("on")]
    addresses = {given["href"] for _, given in tags.found if given.get("href")}
    assert not [to for to in addresses if not re.match("https?://|mailto:", str(to))]


def test_it_forbids_the_browser_everything_else(tmp_path: Path) -> None:
    assert "content=\"default-src 'none'; style-src 'sha256-" in written(tmp_path, a_review())
