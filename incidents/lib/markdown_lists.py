"""Lists and fences as people type them, rewritten as Python-Markdown wants them.

Python-Markdown needs four spaces for each level of a list and a blank line before the first item.
People type two spaces and no blank line, as every other place has taught them. This rewrites the
source before it is parsed:

1. Every list item and what belongs to it gets four spaces for each level.
2. A list that follows a paragraph gets a blank line first.
3. A fence is closed where its author forgot to, keeps of its heading line only the language, and
   stands between blank lines, with the indentation of the item that it belongs to.
4. The same inside quotes.

Right: "Steps:\n- stop\n  - drain" becomes "Steps:\n\n- stop\n    - drain".
Wrong: an ordered list inside a paragraph that begins with another number than 1 ("in\n2019. Then")
is a sentence, and stays one.
"""

import re
from dataclasses import dataclass

DEEPEST_LIST = 12
DEEPEST_QUOTE = 12

_ITEM = re.compile(r"(?P<indent> *)(?P<marker>[-*+]|[0-9]{1,9}[.)])(?P<gap> +)(?P<text>\S.*)$")
_RULE = re.compile(r" {0,3}([-*_])(?: *\1){2,} *$")
_QUOTE = re.compile(r" {0,3}> ?")
_FENCE = re.compile(r"(?P<indent> *)(?P<mark>`{3,}|~{3,})(?P<info>[^`]*)$")
_LANGUAGE = re.compile(r" {0,9}[{.]{0,2} ?(?P<name>[\w#+.-]{1,40})")
_UNDERLINE = re.compile(r" {0,3}(?:=+|-+) *$")
_HEADING = re.compile(r" ?#{1,6} ")
# What ends a list although no blank line precedes it.
_ENDS_LIST = re.compile(r" ?(?:>|</?[a-z])")

_CODE_INDENT = 4


@dataclass
class _Item:
    marker_at: int
    text_at: int
    ordered: bool


def normalise(source: str) -> str:
    return "\n".join(_Rewriting(source.expandtabs(4).split("\n"), quotes=0).result())


class _Rewriting:
    """One pass over the lines, with the list items that are open at each."""

    def __init__(self, lines: list[str], *, quotes: int) -> None:
        self.lines = lines
        self.quotes = quotes
        self.out: list[str] = []
        self.open: list[_Item] = []
        # Whether a further paragraph of an item came last: only a blank line ends that.
        self.in_paragraph = False
        # Whether code by its indentation, in the innermost item, came last.
        self.in_code = False

    def result(self) -> list[str]:
        at = 0
        while at < len(self.lines):
            at = self._take(at)
        return self.out

    def _take(self, at: int) -> int:
        """Rewrites what begins at this line; returns the line after it."""
        line = self.lines[at]
        if not line.strip():
            self.out.append("")
            return at + 1
        if self.in_code and self._beyond_text(line) >= _CODE_INDENT:
            self._take_below_item(line)
            return at + 1
        self.in_code = False
        if fence := _FENCE.match(line):
            return self._take_fence(at, fence)
        if _QUOTE.match(line) and self.quotes < DEEPEST_QUOTE:
            return self._take_quote(at)
        if (item := _ITEM.match(line)) and not _RULE.match(line) and self._begins_item(item):
            self._take_item(item)
        else:
            self._take_text(line)
        return at + 1

    def _begins_item(self, item: re.Match[str]) -> bool:
        if self.open:
            return True
        if len(item["indent"]) >= _CODE_INDENT:
            return False
        return not self._after_text() or item["marker"].rstrip(".)") in ("-", "*", "+", "1")

    def _take_item(self, item: re.Match[str]) -> None:
        marker_at, ordered = len(item["indent"]), item["marker"][0].isdigit()
        before = self.open[:]
        self._close_items(marker_at)
        level = len(self.open)
        if level >= DEEPEST_LIST:
            self.open.pop()
            level -= 1
        # Another kind of list at the same level is another list; only a blank line says so.
        other_kind = len(before) > level and before[level].ordered != ordered
        if (not before or other_kind or self.in_paragraph) and self._after_text():
            self.out.append("")
        self.in_paragraph = False
        marker = item["marker"].replace(")", ".")
        self.out.append(f"{self._indent()}{marker} {item['text']}")
        self.open.append(_Item(marker_at, marker_at + len(item["marker"] + item["gap"]), ordered))

    def _take_text(self, line: str) -> None:
        if _HEADING.match(line):
            # Between blank lines, since a block of many headings takes quadratic time.
            self.open = []
            self.out += ["", line, ""]
            return
        if not self.open:
            self.out += [line, ""] if _UNDERLINE.match(line) else [line]
            return
        if self._after_text() and not _ENDS_LIST.match(line) and not _RULE.match(line):
            # Still the item's paragraph, whatever the indentation.
            self.out.append(self._indent() + line.lstrip(" "))
            return
        self.in_paragraph = True
        self._close_items(_blanks(line))
        if not self.open and self._after_text():
            self.out.append("")
        self._take_below_item(line)
        self.in_code = bool(self.open) and self._beyond_text(line) >= _CODE_INDENT

    def _take_below_item(self, line: str) -> None:
        """With the indentation that the line has beyond the text of its item."""
        kept = max(0, self._beyond_text(line))
        self.out.append(self._indent() + " " * kept + line.lstrip(" "))

    def _beyond_text(self, line: str) -> int:
        return _blanks(line) - (self.open[-1].text_at if self.open else 0)

    def _take_fence(self, at: int, fence: re.Match[str]) -> int:
        indent = len(fence["indent"])
        if self.open:
            self._close_items(indent)
        elif indent >= _CODE_INDENT:
            # Code by its indentation, which shows a fence.
            self._take_text(self.lines[at])
            return at + 1
        if self._after_text():
            self.out.append("")
        mark, shift = fence["mark"], self._indent()
        language = _LANGUAGE.match(fence["info"])
        self.out.append(f"{shift}{mark}{language['name'] if language else ''}")
        closing = re.compile(rf" *{mark[0]}{{{len(mark)},}} *$")
        end = at + 1
        while end < len(self.lines) and not closing.match(self.lines[end]):
            line = self.lines[end]
            self.out.append(shift + line[min(indent, _blanks(line)) :])
            end += 1
        self.out += [shift + mark, ""]
        return end + 1

    def _take_quote(self, at: int) -> int:
        self.open = []
        if self._after_text():
            self.out.append("")
        end = at
        inner: list[str] = []
        while end < len(self.lines) and (mark := _QUOTE.match(self.lines[end])):
            inner.append(self.lines[end][mark.end() :])
            end += 1
        rewritten = _Rewriting(inner, quotes=self.quotes + 1).result()
        self.out += [f"> {line}".rstrip(" ") for line in rewritten]
        return end

    def _close_items(self, indent: int) -> None:
        """Two columns to the right of a marker is inside its item."""
        while self.open and indent < self.open[-1].marker_at + 2:
            self.open.pop()

    def _after_text(self) -> bool:
        return bool(self.out and self.out[-1].strip())

    def _indent(self) -> str:
        return " " * (4 * len(self.open))


def _blanks(line: str) -> int:
    return len(line) - len(line.lstrip(" "))
