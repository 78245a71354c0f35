"""What a file is, by what is in it."""

import pytest

from incidents.attachments.media_types import PDF, SHOWN, TEXT, UNKNOWN, media_type_of


@pytest.mark.parametrize(
    ("data", "media_type"),
    [
        (b"\x89PNG\r\n\x1a\n\0", "image/png"),
        (b"\xff\xd8\xff\xe0", "image/jpeg"),
        (b"GIF89a..", "image/gif"),
        (b"RIFF\0\0\0\0WEBPVP8 ", "image/webp"),
        (b"RIFF\0\0\0\0WAVEfmt ", UNKNOWN),
        (b"%PDF-1.7", PDF),
        ("Grüße\t\x1b[31m\r\n".encode(), TEXT),
        ("Grüße".encode("latin-1"), UNKNOWN),
        (b"a\0b", UNKNOWN),
        (b"<svg xmlns='http://www.w3.org/2000/svg'/>", TEXT),
        (b"<!doctype html>", TEXT),
    ],
)
def test_what_a_file_is(data: bytes, media_type: str) -> None:
    assert media_type_of(data) == media_type


def test_nothing_that_a_browser_runs_is_shown() -> None:
    assert not {media_type for media_type in SHOWN if "svg" in media_type or "html" in media_type}
