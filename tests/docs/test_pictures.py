"""The pictures in the documents: made by one script, shown, light, and told in words."""

import re
from pathlib import Path

import pytest

from docs.pictures.make import LARGEST
from docs.pictures.table import PICTURES, Picture
from tests.architecture.source import ROOT
from tests.architecture.test_docs import FENCE, INDENTED, SPAN, documents
from tests.docs.steps import steps

FOLDER = ROOT / "docs/pictures"
SHOWN = re.compile(r"!\[(?P<told>[^\]]*)\]\((?P<to>[^)\s]+)\)")
NAMES = [picture.name for picture in PICTURES]


def shown() -> dict[Path, set[str]]:
    """The pictures of each folder below this one (walks/) have a script of their own."""
    return {
        document: {
            place.stem
            for match in SHOWN.finditer(document.read_text())
            if (place := (document.parent / match["to"]).resolve()).parent == FOLDER
        }
        for document in documents()
    }


def test_every_picture_is_made_by_the_script_and_shown() -> None:
    assert len(NAMES) == len(set(NAMES))
    assert {file.stem for file in FOLDER.glob("*.png")} == set(NAMES)
    assert set().union(*shown().values()) == set(NAMES)


def test_no_picture_keeps_its_reader_waiting() -> None:
    heavy = {file.name for file in FOLDER.glob("*.png") if file.stat().st_size > LARGEST}

    assert heavy == set()


def test_every_task_has_a_picture() -> None:
    index = (ROOT / "docs/index.md").read_text()
    tasks = re.search(r"^## Tasks\n(.*?)^## ", index, re.MULTILINE | re.DOTALL)
    assert tasks
    pages = [(ROOT / "docs" / to).resolve() for to in re.findall(r"\]\((use/[^)#]+)", tasks[1])]

    assert len(pages) > 10
    assert [page.name for page in pages if not SHOWN.search(page.read_text())] == []


@pytest.mark.parametrize("document", documents(), ids=lambda path: str(path.relative_to(ROOT)))
def test_every_picture_is_told_in_words(document: Path) -> None:
    prose = SPAN.sub("", INDENTED.sub("", FENCE.sub("", document.read_text())))
    told = [match["told"] for match in SHOWN.finditer(prose)]

    assert [words for words in told if len(words.split()) < 4] == []


@pytest.mark.parametrize("picture", PICTURES, ids=NAMES)
def test_what_is_done_before_can_be_read(picture: Picture) -> None:
    """A step that no shape fits would be left out in silence."""
    for text in (picture.steps, picture.elsewhere, picture.then):
        assert len(steps(text)) == len(re.findall(r"^- ", text, re.MULTILINE))
