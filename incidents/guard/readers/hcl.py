"""HCL: Terraform's values and blocks. References and functions are not known: Terraform tells them.

The library's parser is used for its tree alone, which has the lines and needs time and memory in
proportion to the text; what makes a dictionary of it does not, and loses the lines.
"""

from collections.abc import Iterator
from typing import Any

from django.utils.translation import gettext
from hcl2.api import parses_to_tree
from lark import Token, Tree
from lark.exceptions import LarkError, UnexpectedInput

from incidents.guard.configuration import CannotRead, Unknown, Value
from incidents.guard.readers.found import (
    DEEPEST,
    Format,
    Found,
    line_at,
    refuse_long_blanks,
    too_deep,
)
from incidents.guard.readers.tree import Entry, Items, Node, Scalar, Table, settings

# The parser takes about 30 seconds for a megabyte.
MOST_BYTES = 100_000
LONGEST_SHOWN = 80
LONGEST_DIGITS = 18
CONSTANTS: dict[str, Value] = {"true": True, "false": False, "null": None}
Branch = Tree[Token]


def read(text: str) -> Iterator[Found]:
    refuse_long_blanks(text)
    refuse_depth(text)
    try:
        tree = parses_to_tree(text if text.endswith("\n") else text + "\n")
    except UnexpectedInput as error:
        line = error.line if error.line > 0 else None
        raise CannotRead(gettext("It is not HCL from here on."), line=line) from None
    except LarkError:
        raise CannotRead(gettext("It is not HCL.")) from None
    return settings(_Reader(text).body(_branches(tree)[0]))


def refuse_depth(text: str) -> None:
    """Brackets in texts and comments count as well: there are never so many."""
    depth = 0
    for place, letter in enumerate(text):
        if letter in "([{":
            depth += 1
            if depth > DEEPEST:
                raise too_deep(line_at(text, place))
        elif letter in ")]}":
            depth = max(0, depth - 1)


class _Reader:
    def __init__(self, text: str) -> None:
        self.text = text

    def body(self, body: Branch) -> Table:
        table = Table(1)
        for branch in _branches(body):
            if branch.data == "attribute":
                name, value = _branches(branch)
                line = branch.meta.line
                table.entries.append(Entry(_name(name), line, self.node(value)))
            elif branch.data == "block":
                self.block(branch, table)
        return table

    def block(self, branch: Branch, table: Table) -> None:
        """`resource "a" "b" { … }` is `resource.a.b`."""
        *labels, body = (each for each in _branches(branch) if each.data != "new_line_or_comment")
        for label in labels[:-1]:
            inner = Table(branch.meta.line)
            table.entries.append(Entry(_name(label), branch.meta.line, inner))
            table = inner
        table.entries.append(Entry(_name(labels[-1]), branch.meta.line, self.body(body)))

    def node(self, expression: Branch) -> Node:
        line = expression.meta.line
        inner = expression
        while inner.data == "expr_term" and len(_branches(inner)) == 1:
            inner = _branches(inner)[0]
        written = self.written(expression)
        if inner.data == "tuple":
            nodes = [self.node(each) for each in _branches(inner)]
            return Items(line, written, nodes)
        if inner.data == "object":
            return self.table(inner)
        return Scalar(self.value(inner, written), written, line)

    def table(self, branch: Branch) -> Table:
        table = Table(branch.meta.line)
        for element in _branches(branch):
            if element.data != "object_elem":
                continue
            key, value = _branches(element)
            table.entries.append(Entry(_name(key), element.meta.line, self.node(value)))
        return table

    def value(self, branch: Branch, written: str) -> Value:
        if branch.data in ("int_lit", "float_lit"):
            return _number(_words(branch))
        if branch.data == "unary_op" and written.startswith("-"):
            number = self.node(_branches(branch)[-1])
            if isinstance(number, Scalar) and isinstance(number.value, int | float):
                return -number.value
        if branch.data in ("literal_value", "identifier") and _words(branch) in CONSTANTS:
            return CONSTANTS[_words(branch)]
        if branch.data == "string":
            text = _text(branch)
            if text is not None:
                return text
        if branch.data == "heredoc_template" and "${" not in written and "%{" not in written:
            return written.partition("\n")[2].rpartition("\n")[0] + "\n"
        shown = " ".join(written.split())
        if len(shown) > LONGEST_SHOWN:
            shown = shown[:LONGEST_SHOWN] + "…"
        return Unknown(gettext("Terraform works out “%(shown)s”") % {"shown": shown})

    def written(self, branch: Branch) -> str:
        return self.text[branch.meta.start_pos : branch.meta.end_pos].strip()


def _branches(branch: Branch) -> list[Branch]:
    return [
        each
        for each in branch.children
        if isinstance(each, Tree) and each.data != "new_line_or_comment"
    ]


def _words(branch: Any) -> str:
    return "".join(str(token) for token in branch.scan_values(lambda _: True))


def _name(branch: Branch) -> str:
    words = _words(branch).strip()
    return words[1:-1] if words.startswith('"') else words


def _number(words: str) -> Value:
    if len(words) > LONGEST_DIGITS:
        return words
    return int(words) if words.isdigit() else float(words)


ESCAPES = {"n": "\n", "r": "\r", "t": "\t"}


def _text(branch: Branch) -> str | None:
    """`None` for a text that Terraform puts together."""
    parts = []
    for part in _branches(branch):
        for token in part.children:
            if not isinstance(token, Token):
                return None
            if token.type in ("ESCAPED_INTERPOLATION", "ESCAPED_DIRECTIVE"):
                parts.append(str(token)[1:])
            else:
                parts.append(_unescaped(str(token)))
    return "".join(parts)


def _unescaped(text: str) -> str:
    pieces = text.split("\\")
    unescaped = pieces[0]
    rest = iter(pieces[1:])
    for piece in rest:
        if piece == "":
            unescaped += "\\" + next(rest, "")
        elif piece[0] in "uU" and _code(piece) is not None:
            size = 5 if piece[0] == "u" else 9
            unescaped += chr(_code(piece) or 0) + piece[size:]
        else:
            unescaped += ESCAPES.get(piece[0], piece[0]) + piece[1:]
    return unescaped


def _code(piece: str) -> int | None:
    size = 5 if piece[0] == "u" else 9
    try:
        code = int(piece[1:size], 16)
    except ValueError:
        return None
    return code if len(piece) >= size and code <= MOST_CODE else None


MOST_CODE = 0x10FFFF
FORMAT = Format(read, most_bytes=MOST_BYTES)
