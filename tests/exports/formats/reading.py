"""What a reader gets out of our files, by programs that are not ours."""

import re
import unicodedata
from pathlib import Path

import pypdfium2

NUMBERED = re.compile(r"\[U\+([0-9A-F]{4,6})\]")
PAGE_FOOT = re.compile(r"^[^\n]*\b\d+ / \d+\s*$", re.MULTILINE)
UNSEEN = frozenset({"Cf", "Cc", "Mn", "Co", "Cn", "Cs"})


def pages_of(path: Path) -> list[str]:
    document = pypdfium2.PdfDocument(path)
    try:
        return [page.get_textpage().get_text_range() for page in document]
    finally:
        document.close()


def text_of(path: Path) -> str:
    """Without what stands at the foot of each page."""
    return "\n".join(PAGE_FOOT.sub("", page) for page in pages_of(path))


def letters(text: str) -> str:
    """What can be seen: lines are broken anywhere, and letters without a shape are numbered."""
    return seen(NUMBERED.sub(lambda found: chr(int(found[1], 16)), seen(text)))


def seen(text: str) -> str:
    return "".join(
        each
        for each in unicodedata.normalize("NFKC", text)
        if not each.isspace() and unicodedata.category(each) not in UNSEEN
    )


def runs_left(text: str) -> bool:
    return any(unicodedata.bidirectional(each) in {"R", "AL", "RLO", "AN"} for each in text)
