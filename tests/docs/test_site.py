"""The documents as a site: made without a warning, whole, and without anything from elsewhere."""

import shutil
from pathlib import Path

import pytest

from tests.architecture.source import ROOT
from tests.docs.built import build, dead, is_elsewhere, pages

pytestmark = pytest.mark.timeout(600)


def test_it_works(tmp_path: Path) -> None:
    """Sphinx warns of dead links and headings, lost pictures, and pages outside the navigation."""
    made = build(ROOT, tmp_path)
    assert (made.returncode, made.stderr) == (0, "")

    every = pages(tmp_path)
    documents = {page.relative_to(ROOT) for page in (ROOT / "docs").rglob("*.md")}
    assert {
        page for page in documents if tmp_path / page.with_suffix(".html") not in every
    } == set()
    assert {page.path.name: gone for page in every.values() if (gone := dead(page, every))} == {}
    assert [
        loaded for page in every.values() for loaded in page.loaded if is_elsewhere(loaded)
    ] == []
    # The search reads a script beside it, and so needs no server.
    assert "docs/use/lookup" in (tmp_path / "searchindex.js").read_text()


def test_what_the_index_lists_is_in_the_navigation(tmp_path: Path) -> None:
    root = a_small_site(tmp_path, index="## Some\n\n- [one](one.md)\n- [two](two.md)\n")
    (root / "docs/one.md").write_text("# One\n")
    (root / "docs/two.md").write_text("# Two\n")

    made = build(root, tmp_path / "site")

    assert (made.returncode, made.stderr) == (0, "")
    one = pages(tmp_path / "site")[tmp_path / "site/docs/one.html"]
    assert "two.html" in one.links


@pytest.mark.parametrize(
    ("wrong", "told"),
    [
        ({"index": "## Some\n\n- [one](one.md)\n- [gone](gone.md)\n"}, "gone"),
        ({"index": "## Some\n\n- [one](one.md#elsewhere)\n"}, "elsewhere"),
        ({"index": "## Some\n\n- [one](one.md)\n\n![a](a.png)\n"}, "a.png"),
        ({"index": "## Some\n"}, "one.md"),
    ],
    ids=["a page that is not there", "a heading that is not there", "a lost picture", "left out"],
)
def test_what_is_wrong_stops_it(tmp_path: Path, wrong: dict[str, str], told: str) -> None:
    root = a_small_site(tmp_path, **wrong)
    (root / "docs/one.md").write_text("# One\n")

    made = build(root, tmp_path / "site")

    assert made.returncode != 0
    assert told in made.stderr


def a_small_site(folder: Path, *, index: str) -> Path:
    root = folder / "root"
    shutil.copytree(ROOT / "docs/site", root / "docs/site")
    (root / "static/css").mkdir(parents=True)
    shutil.copy(ROOT / "static/css/tokens.css", root / "static/css")
    (root / "docs/index.md").write_text(f"# All\n\n{index}")
    return root
