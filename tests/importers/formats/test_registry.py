"""Which format a file is in, by its ending and its beginning."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from incidents.importers.formats import Format, UnknownFormat, format_named, guess
from incidents.importers.found import Found


def nothing(_path: Path) -> Iterator[Found]:
    return iter(())


def is_list(path: Path) -> bool:
    return path.read_text(encoding="utf-8").startswith("[")


LISTS = Format(
    name="lists", title="Lists", endings=(".json",), teaches="", read=nothing, fits=is_list
)
OTHERS = Format(name="others", title="Others", endings=(".json", ".txt"), teaches="", read=nothing)
TWO = {each.name: each for each in (LISTS, OTHERS)}


@pytest.mark.parametrize(
    ("name", "text", "wanted"),
    [("a.json", "[]", "lists"), ("a.JSON", "{}", "others"), ("a.txt", "[", "others")],
)
def test_the_first_that_fits_is_taken(name: str, text: str, wanted: str, tmp_path: Path) -> None:
    (tmp_path / name).write_text(text, encoding="utf-8")
    assert guess(tmp_path / name, TWO).name == wanted


def test_a_folder_is_what_is_in_it(tmp_path: Path) -> None:
    (tmp_path / "2024").mkdir()
    (tmp_path / "2024" / "a.txt").write_text("x", encoding="utf-8")
    (tmp_path / "picture.png").write_bytes(b"")
    assert guess(tmp_path, TWO).name == "others"


def test_what_is_in_no_format_is_refused_with_those_that_there_are(tmp_path: Path) -> None:
    (tmp_path / "a.pdf").write_bytes(b"")
    with pytest.raises(UnknownFormat, match=r"What a\.pdf is .* lists, others"):
        guess(tmp_path / "a.pdf", TWO)


def test_a_name_finds_its_format() -> None:
    assert format_named("lists", TWO) is LISTS
    with pytest.raises(UnknownFormat, match="no format xml"):
        format_named("xml", TWO)
