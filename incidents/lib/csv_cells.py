"""Cells of a CSV file that no spreadsheet takes for anything but text."""

Cell = str | int | float | None
BEGINS_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
MARK = "'"


def csv_cell(value: Cell) -> str | int | float:
    """A number as it is; a text that a spreadsheet would calculate, behind an apostrophe.

    So is one that has an apostrophe first: whoever reads the file takes one away and has the text.
    Right: "'=1+1" for "=1+1", "''tis" for "'tis".
    """
    if value is None:
        return ""
    if isinstance(value, str) and value.lstrip(" ").startswith((*BEGINS_FORMULA, MARK)):
        return f"{MARK}{value}"
    return value


def text_of(cell: str) -> str:
    """What `csv_cell` made a cell of."""
    return cell.removeprefix(MARK)
