"""Cells of a CSV file that no spreadsheet takes for anything but text."""

import re
from unicodedata import normalize

Cell = str | int | float | None
MARK = "'"
SIGNS = frozenset("=+-@")
# Spreadsheets drop some of what is not seen before a sign, and none says which.
_UNSEEN = (
    r"[\s\x00-\x1f\x7f-\x9f\xad\u061c\u115f\u1160\u180e\u200b-\u200f\u2028-\u202f\u2060-\u206f"
    r"\u3164\ufe00-\ufe0f\ufeff\ufff9-\uffff]"
)
_FIRST_SEEN = re.compile(rf"{_UNSEEN}*(.?)", re.DOTALL)
_BREAK = re.compile(r" *[\t\r\n\x00]")


def is_guarded(text: str) -> bool:
    """Whether a spreadsheet might calculate it, or it begins as what is guarded does.

    A sign counts also where it is wider or smaller, or stands behind what is not seen.
    Right: "=1+1", "＝1+1", "\\u200b @SUM(1)", "\\t1", "'tis". "a=b" is none of that.
    """
    if text[:1].isascii() and text[:1].isalnum():
        return False
    found = _FIRST_SEEN.match(text)
    first = normalize("NFKC", found[1])[:1] if found else ""
    return first in {*SIGNS, MARK} or bool(_BREAK.match(text))


def csv_cell(value: Cell) -> str | int | float:
    """A number as it is; a text that a spreadsheet would calculate, behind an apostrophe.

    So is one that has an apostrophe first: whoever reads the file takes one away and has the text.
    Right: "'=1+1" for "=1+1", "''tis" for "'tis".
    """
    if value is None:
        return ""
    if isinstance(value, str) and is_guarded(value):
        return f"{MARK}{value}"
    return value


def text_of(cell: str) -> str:
    """What `csv_cell` made a cell of."""
    return cell.removeprefix(MARK)
