"""Archives and files that somebody sent, among them some that mean harm."""

import codecs
import io
import random
import stat
import struct
import tracemalloc
import zipfile
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from incidents.lib.unpacking import (
    LARGEST_FILE,
    LIMITS,
    CannotUnpack,
    Limits,
    NotText,
    Refused,
    TooLarge,
    Unpacked,
    content_of,
    require_safe,
    text_of,
    unpacked,
)


@pytest.fixture
def sent(tmp_path: Path) -> Path:
    return tmp_path / "sent.zip"


def packed(path: Path, *files: tuple[str | zipfile.ZipInfo, bytes], method: int = 8) -> Path:
    with zipfile.ZipFile(path, "w", method) as archive:
        for name, content in files:
            archive.writestr(name, content, compress_type=method)
    return path


def the_refusal(path: Path) -> str:
    (refused,) = unpacked(path)
    assert isinstance(refused, Refused)
    return refused.why


def refusal_of(path: Path, limits: Limits = LIMITS) -> str:
    with pytest.raises(CannotUnpack) as refused:
        list(unpacked(path, limits))
    with pytest.raises(CannotUnpack):
        require_safe(path, limits)
    return str(refused.value)


def test_it_works(sent: Path) -> None:
    packed(sent, ("b/two.md", b"Two."), ("one.md", b"One."), ("b/", b""), ("empty.md", b""))
    require_safe(sent)
    assert list(unpacked(sent)) == [
        Unpacked("b/two.md", b"Two."),
        Unpacked("empty.md", b""),
        Unpacked("one.md", b"One."),
    ]


def test_what_systems_leave_behind_is_not_told(sent: Path) -> None:
    packed(sent, ("__MACOSX/._a.md", b"x"), ("b/.DS_Store", b"x"), ("Thumbs.db", b"x"))
    assert list(unpacked(sent)) == []


def test_backslashes_part_folders(sent: Path) -> None:
    info = zipfile.ZipInfo("x")
    info.filename = "2024\\outage.md"
    packed(sent, (info, b"Down."))
    assert list(unpacked(sent)) == [Unpacked("2024/outage.md", b"Down.")]


def test_a_name_is_utf8_also_where_the_archive_does_not_say_so(sent: Path) -> None:
    packed(sent, ("Störung.md", b"x"))
    content = bytearray(sent.read_bytes())
    for signature, flags in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        place = content.index(signature) + flags
        content[place : place + 2] = b"\0\0"
    sent.write_bytes(content)
    assert list(unpacked(sent)) == [Unpacked("Störung.md", b"x")]


@pytest.mark.parametrize(
    "name",
    [
        "../up.md",
        "a/../../up.md",
        "/etc/passwd",
        "C:/x.md",
        "c:x.md",
        "..\\up.md",
        "\\\\host\\x.md",
        "a//b.md",
        "./a.md",
        "a/./b.md",
        "line\nbreak.md",
        "bell\x07.md",
    ],
)
def test_names_that_lead_elsewhere_are_refused(sent: Path, name: str) -> None:
    info = zipfile.ZipInfo("x")
    info.filename = name
    packed(sent, (info, b"x"))
    assert the_refusal(sent) == "Its name is no plain path below the archive."


def test_a_name_with_a_nul_is_refused_and_not_cut(sent: Path) -> None:
    packed(sent, ("a.mdXevil", b"x"))
    sent.write_bytes(sent.read_bytes().replace(b"a.mdXevil", b"a.md\0evil"))
    assert the_refusal(sent) == "Its name is no plain path below the archive."


@pytest.mark.parametrize("kind", [stat.S_IFLNK, stat.S_IFIFO, stat.S_IFCHR])
def test_links_and_devices_are_refused(sent: Path, kind: int) -> None:
    info = zipfile.ZipInfo("a.md")
    info.external_attr = (kind | 0o777) << 16
    packed(sent, (info, b"/etc/passwd"))
    assert the_refusal(sent) == "It is a link or a device: what is behind it is not read."


def test_a_second_file_of_one_name_is_refused(sent: Path) -> None:
    with pytest.warns(UserWarning, match="Duplicate name"):
        packed(sent, ("a.md", b"One."), ("a.md", b"Two."))
    first, second = unpacked(sent)
    assert isinstance(first, Unpacked)
    assert second == Refused("a.md", "There is another file of this name in the archive.")


def test_an_archive_in_an_archive_stays_packed(sent: Path) -> None:
    inner = io.BytesIO()
    with zipfile.ZipFile(inner, "w") as archive:
        archive.writestr("a.md", "x")
    packed(sent, ("a.md", inner.getvalue()))
    assert "unpack it, and send it by itself" in the_refusal(sent)


@pytest.mark.parametrize("method", [zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA])
def test_other_ways_of_packing_are_refused(sent: Path, method: int) -> None:
    """Of those, a step of packed bytes becomes any number at once."""
    packed(sent, ("a.md", b"x"), method=method)
    assert "pack it anew" in the_refusal(sent)


def test_locked_files_are_refused(sent: Path) -> None:
    packed(sent, ("a.md", b"x"))
    content = bytearray(sent.read_bytes())
    for signature, flags in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        content[content.index(signature) + flags] |= 1
    sent.write_bytes(content)
    assert the_refusal(sent) == "It is locked with a password."


def test_damaged_files_are_refused_and_the_others_read(sent: Path) -> None:
    packed(sent, ("a.md", b"The pool was full."), ("b.md", b"Two."), method=0)
    sent.write_bytes(sent.read_bytes().replace(b"The pool was full.", b"The pool was fine."))
    assert list(unpacked(sent)) == [
        Refused("a.md", "It is damaged: it cannot be unpacked."),
        Unpacked("b.md", b"Two."),
    ]


def test_a_bomb_is_refused_before_it_is_unpacked(sent: Path) -> None:
    packed(sent, ("bomb.md", bytes(30_000_000)))
    tracemalloc.start()
    why = refusal_of(sent)
    _, highest = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert "200 times as large" in why
    assert highest < 1_000_000


def test_a_bomb_that_claims_to_be_small_gives_no_more_than_it_claims(sent: Path) -> None:
    packed(sent, ("bomb.md", bytes(30_000_000)))
    content = bytearray(sent.read_bytes())
    for signature, size in ((b"PK\x03\x04", 22), (b"PK\x01\x02", 24)):
        place = content.index(signature) + size
        content[place : place + 4] = struct.pack("<L", 1_000)
    sent.write_bytes(content)
    tracemalloc.start()
    assert the_refusal(sent) == "It is damaged: it cannot be unpacked."
    _, highest = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert highest < 1_000_000


def test_many_files_that_are_large_together_are_refused(sent: Path) -> None:
    letters = random.Random(7).randbytes(1_000)
    packed(sent, *((f"{number}.md", letters) for number in range(20)))
    assert refusal_of(sent, Limits(all_bytes=19_999)) == (
        "Unpacked it would be larger than 19,999 bytes. Send it in parts."
    )
    require_safe(sent, Limits(all_bytes=20_000))


def test_a_single_file_that_is_too_large_is_refused(sent: Path) -> None:
    packed(sent, ("a.md", b"12345"), ("b.md", b"1234"))
    assert list(unpacked(sent, Limits(file_bytes=4))) == [
        Refused("a.md", "It is larger than 4 bytes."),
        Unpacked("b.md", b"1234"),
    ]
    with pytest.raises(
        CannotUnpack, match=r"“a.md” in it is refused\. It is larger than 4 bytes\."
    ):
        require_safe(sent, Limits(file_bytes=4))


def test_too_many_files_are_refused(sent: Path) -> None:
    packed(sent, *((f"{number}.md", b"") for number in range(6)))
    assert refusal_of(sent, Limits(files=5)) == (
        "It holds 6 files; 5 are the most. Send it in parts."
    )


def test_of_a_hundred_thousand_tiny_files_not_even_the_list_is_read(sent: Path) -> None:
    packed(sent, *((f"{number:06}.md", b"") for number in range(100_000)), method=0)
    tracemalloc.start()
    why = refusal_of(sent)
    _, highest = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert "it holds too many files" in why
    assert highest < 1_000_000


@pytest.mark.parametrize(
    "content", [b"", b"PK\x05\x06", b"# Outage\n", b"PK\x05\x06" + b"\xff" * 18, bytes(100_000)]
)
def test_what_is_no_archive_is_refused(sent: Path, content: bytes) -> None:
    sent.write_bytes(content)
    assert refusal_of(sent) == "It cannot be read as a zip archive."


@pytest.fixture(scope="module")
def ordinary() -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", 8) as archive:
        archive.writestr("one.md", "The pool was full. " * 20)
        archive.writestr("two/two.md", "It was emptied.")
    return file.getvalue()


@given(data=st.data())
def test_no_damage_of_an_archive_is_more_than_a_refusal(
    data: st.DataObject, ordinary: bytes, tmp_path_factory: pytest.TempPathFactory
) -> None:
    content = bytearray(ordinary)
    for _ in range(data.draw(st.integers(1, 6))):
        content[data.draw(st.integers(0, len(content) - 1))] = data.draw(st.integers(0, 255))
    del content[data.draw(st.integers(0, len(content))) :]
    path = tmp_path_factory.mktemp("damaged") / "sent.zip"
    path.write_bytes(content)
    try:
        found = list(unpacked(path))
    except CannotUnpack as refused:
        assert str(refused).endswith(".")  # noqa: PT017
    else:
        assert all(isinstance(each, Unpacked | Refused) for each in found)


def test_a_file_is_read_up_to_its_limit(tmp_path: Path) -> None:
    path = tmp_path / "x.md"
    path.write_bytes(b"12345")
    assert content_of(path) == b"12345"
    assert content_of(path, 5) == b"12345"
    with pytest.raises(TooLarge, match=r"It is larger than 4 bytes\. Send it in parts\."):
        content_of(path, 4)


def test_a_gigabyte_is_refused_without_reading_it(tmp_path: Path) -> None:
    path = tmp_path / "x.md"
    with path.open("wb") as file:
        file.truncate(1_000_000_000)
    tracemalloc.start()
    with pytest.raises(TooLarge):
        content_of(path)
    _, highest = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert highest < 2 * LARGEST_FILE + 1_000_000


@pytest.mark.parametrize(
    "content",
    [
        "Größe 🌍\r\n".encode(),
        codecs.BOM_UTF8 + "Größe 🌍\r\n".encode(),
        codecs.BOM_UTF16_LE + "Größe 🌍\r\n".encode("utf-16-le"),
        codecs.BOM_UTF16_BE + "Größe 🌍\r\n".encode("utf-16-be"),
    ],
)
def test_text_is_utf8_or_says_what_it_is(content: bytes) -> None:
    assert text_of(content) == "Größe 🌍\r\n"


@pytest.mark.parametrize(
    ("content", "why"),
    [
        (
            b"One.\nGr\xf6\xdfe",
            "It is not UTF-8 text: byte 8, in line 2, cannot be read. Save it as UTF-8.",
        ),
        (
            codecs.BOM_UTF16_LE + b"a\0\x00\xd8",
            "It is not UTF-16 text: byte 5, in line 1, cannot be read. Save it as UTF-8.",
        ),
        (b"a\nb\0c", "There is a NUL character in line 2: it is no text."),
        ("abc".encode("utf-16-le"), "There is a NUL character in line 1: it is no text."),
    ],
)
def test_other_bytes_are_refused_with_their_place(content: bytes, why: str) -> None:
    with pytest.raises(NotText) as refused:
        text_of(content)
    assert str(refused.value) == why
