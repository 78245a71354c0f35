"""Collections of what happened to others."""

from pathlib import Path

import pytest

from incidents.importers.formats import guess
from incidents.importers.formats.collections import fits, read
from incidents.importers.found import FoundIncident, FoundUnread
from incidents.lib.approximate_time import write
from incidents.lib.zones import zone_named
from tests.importers.documents.words import sentences_of, told_by, words_of

HERE = Path(__file__).with_name("collections")
UTC = zone_named("UTC")


def test_it_works() -> None:
    nowhere, pool, untitled = read(HERE)
    assert isinstance(pool, FoundIncident)
    assert pool.key == "collection:7a1f0000-0000-4000-8000-000000000001"
    assert (pool.kind, pool.title) == ("external", "The night of the pool")
    assert pool.source_url == "https://shop.example.com/blog/the-night-of-the-pool"
    assert pool.source_title == "Example Shop"
    assert pool.tags == ("cloud", "capacity", "connection pool")
    assert pool.services == ()
    assert {phase: write(time, UTC) for phase, time in pool.times.items()} == {
        "began": "2019-12-24 21:30",
        "resolved": "2019-12-24 23:10",
    }
    assert pool.texts["summary"] == (
        "A pool was full for an hour, and nobody was told.\n\nEvery order waited for a connection."
    )
    assert pool.texts["went_well"] == "The page came in four minutes."
    assert "- Product: Checkout" in pool.texts["notes"]
    assert "- Authors: Ann Example\n- Authors · name: Ben Example" in pool.texts["notes"]
    assert isinstance(untitled, FoundIncident)
    assert untitled.title == "An incident at Example Mail"
    assert untitled.source_url == "https://mail.example.com/postmortem"
    assert "https://mail.example.com/more" in untitled.texts["notes"]
    assert isinstance(nowhere, FoundUnread)
    assert nowhere.why == "Its head names no address (url) where it was published."


def test_no_word_is_dropped() -> None:
    _, pool, _ = read(HERE)
    assert isinstance(pool, FoundIncident)
    kept = told_by(pool)
    text = (HERE / "pool.md").read_text(encoding="utf-8").split("---", 2)[2]
    sentences = list(sentences_of(text))
    assert sentences
    assert not [word for each in sentences for word in words_of(each) if word not in kept]


def test_it_is_told_from_other_markdown(tmp_path: Path) -> None:
    assert guess(HERE / "pool.md").name == "collections"
    assert guess(HERE).name == "collections"
    own = tmp_path / "own.md"
    own.write_text("---\ntitle: Ours\ntags: [a]\n---\nurl: company:\n", encoding="utf-8")
    assert not fits(own)
    assert guess(own).name == "markdown"
    assert not fits(tmp_path / "gone.md")


@pytest.mark.parametrize(
    "head",
    [
        "url: [",
        "url: {a: 1}",
        "url: https://example.com/1\ntitle: [1, {2: 3}]\nstart_time: {a: b}\ncategories: {a: b}",
        "url: https://example.com/1\nkeywords: [[[1]], null, 2019-12-24, true]\ncompany: 7",
        "url: https://example.com/1\ncompany: &a [*a]",
        "url: https://example.com/1\n? [1, 2]\n: 3",
        "url: https://example.com/1\nproduct: " + "[" * 300 + "]" * 300,
        "url: https://example.com/1\nsummary: !!binary aGVsbG8=\nx: !!set {a, b}",
    ],
)
def test_a_wrong_head_is_no_more_than_refused(head: str, tmp_path: Path) -> None:
    file = tmp_path / "x.md"
    file.write_text(f"---\n{head}\n---\nWords.\n", encoding="utf-8")
    (found,) = read(file)
    if isinstance(found, FoundIncident):
        assert found.title
        assert {"words"} <= told_by(found)
    else:
        assert found.why.endswith(".")
