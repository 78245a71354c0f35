from contextlib import suppress
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from incidents.guard.components import configuration
from incidents.guard.configuration import CannotRead, Reading, Setting
from incidents.guard.readers import FORMATS, contents, read
from incidents.guard.readers.found import LONGEST_KEY, MOST_BYTES, MOST_SETTINGS


def test_it_works() -> None:
    assert read("config/app.yml", b"web:\n  timeout: 30s\n") == Reading(
        "config/app.yml",
        "yaml",
        [
            Setting(
                "web.timeout",
                "30s",
                written="30s",
                file="config/app.yml",
                line=2,
                path=("web", "timeout"),
            )
        ],
    )


def test_the_format_may_be_told() -> None:
    assert read("app", b'{"a": 1}', "json").settings[0].value == 1


def test_lines_end_in_any_way() -> None:
    settings = read("a.yml", b"a: 1\r\nb: 2\r\n").settings

    assert [(setting.written, setting.line) for setting in settings] == [("1", 1), ("2", 2)]


@pytest.mark.parametrize(
    ("name", "data", "line", "why"),
    [
        ("a.yml", b"a: 1\nb\0", 2, "not a text: it has a zero byte"),
        ("a.yml", b"\x89PNG\r\n\x1a\n\0\0", 3, "zero byte"),
        ("a.yml", b"a: 1\nb: \xe9", 2, "not written in UTF-8"),
        ("a.yml", "a: 1".encode("utf-16"), None, "written in UTF-16; save it as UTF-8"),
        ("a.json", b"{}" + b" " * MOST_BYTES, None, "It has 5.0 MB; no more than 5 MB are read"),
        ("a.xls", b"a", None, "“a.xls” holds is not told by its name; name its format"),
        ("a.json", b'{\n"a": "\\u0000"}', 2, "none of a text"),
        ("a.json", b'{"' + b"k" * LONGEST_KEY + b'1": 1}', 1, "more than 1,000 characters"),
    ],
)
def test_what_is_no_configuration_is_refused(
    name: str, data: bytes, line: int | None, why: str
) -> None:
    with pytest.raises(CannotRead, match=why) as refusal:
        read(name, data)

    assert (refusal.value.file, refusal.value.line) == (name, line)


def test_an_unknown_format_is_refused_with_those_that_there_are() -> None:
    with pytest.raises(CannotRead, match="“word” is not a format that is read: yaml, "):
        read("a.doc", b"a", "word")


def test_the_message_begins_with_the_place() -> None:
    assert str(CannotRead("No.", file="a.yml", line=3)) == "a.yml:3: No."
    assert str(CannotRead("No.")) == "No."


def test_no_more_settings_are_taken_than_anybody_has() -> None:
    text = "\n".join(f"k{number}: 1" for number in range(MOST_SETTINGS + 1))

    with pytest.raises(CannotRead, match="more than 20,000 settings") as refusal:
        read("a.yml", text.encode())
    assert refusal.value.line == MOST_SETTINGS + 1


@pytest.mark.parametrize("format_", FORMATS)
def test_an_empty_file_is_read_or_refused(format_: str) -> None:
    if format_ == "json":
        with pytest.raises(CannotRead, match="Expecting value"):
            read("empty", b"", format_)
    else:
        assert read("empty", b"", format_).settings == []


def test_a_file_is_looked_at_before_it_is_loaded(tmp_path: Path) -> None:
    small, large = tmp_path / "small.yml", tmp_path / "large.yml"
    small.write_bytes(b"a: 1")
    with large.open("wb") as file:
        file.truncate(50_000_000)

    assert contents(small) == b"a: 1"
    with pytest.raises(CannotRead, match=r"large.yml: It has 50.0 MB; no more than 5 MB are read"):
        contents(large)
    with pytest.raises(CannotRead, match="It is not a file"):
        contents(tmp_path)
    with pytest.raises(CannotRead, match="No such file or directory"):
        contents(tmp_path / "gone.yml")


@given(st.sampled_from(sorted(FORMATS)), st.binary(max_size=60))
def test_any_bytes_are_read_or_refused(format_: str, data: bytes) -> None:
    with suppress(CannotRead):
        reading = read("any", data, format_)
        for setting in reading.settings:
            setting.key.encode()
            assert 1 <= setting.line <= data.count(b"\n") + data.count(b"\r") + 1
        configuration([reading]).notes()


@given(st.text(max_size=20))
def test_any_name_is_understood_or_refused(name: str) -> None:
    with suppress(CannotRead):
        configuration([read(name, b"a = 1\n")])
