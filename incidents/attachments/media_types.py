"""What a file is, by what is in it: neither its name nor who sent it is believed.

Only what no browser runs is shown in one: four formats of pictures, and plain text.
"""

TEXT = "text/plain; charset=utf-8"
PDF = "application/pdf"
UNKNOWN = "application/octet-stream"

BEGINNINGS = {
    b"\x89PNG\r\n\x1a\n": "image/png",
    b"\xff\xd8\xff": "image/jpeg",
    b"GIF87a": "image/gif",
    b"GIF89a": "image/gif",
    b"%PDF-": PDF,
}
SHOWN = frozenset({"image/png", "image/jpeg", "image/gif", "image/webp", TEXT})
"""What may be shown in the page's own window; everything else is saved."""


def media_type_of(data: bytes) -> str:
    for beginning, media_type in BEGINNINGS.items():
        if data.startswith(beginning):
            return media_type
    if data[:4] == b"RIFF" and data[8:12] == b"WEBP":
        return "image/webp"
    return TEXT if is_text(data) else UNKNOWN


def is_text(data: bytes) -> bool:
    """UTF-8 without control characters but those of lines, tabs and colours of a terminal."""
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return not any(letter < " " and letter not in "\t\n\r\f\x1b" for letter in set(text))
