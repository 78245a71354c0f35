"""From the text of an expression to its tree, or to a sentence that says what is wrong with it."""

import re
from functools import lru_cache
from pathlib import Path
from typing import Any, TypeVar

from django.utils.translation import gettext
from lark import Lark, Token, Transformer, UnexpectedCharacters, UnexpectedEOF, UnexpectedToken

from incidents.guard.language.functions import ARGUMENTS, MACROS
from incidents.guard.language.tree import (
    And,
    Binary,
    Call,
    Conditional,
    Expression,
    Has,
    Index,
    ListOf,
    Literal,
    Macro,
    Name,
    Negated,
    Node,
    Not,
    Or,
    Select,
    names_read,
)

LONGEST = 2_000
"""Characters."""
DEEPEST = 64
"""Levels of the tree: a chain `a.a.a` counts as well as brackets."""
LARGEST_NUMBER = 10**18

Number = TypeVar("Number", int, float)

# CEL keeps these for itself and for the languages that it stands in.
RESERVED = frozenset(
    (
        *("as", "break", "const", "continue", "else", "for", "function", "if", "import", "let"),
        *("loop", "package", "namespace", "return", "var", "void", "while"),
    )
)
_ESCAPE = re.compile(
    r"\\(?:x(?P<two>[0-9a-fA-F]{2})|u(?P<four>[0-9a-fA-F]{4})|U(?P<eight>[0-9a-fA-F]{8})"
    r"|(?P<octal>[0-3][0-7]{2})|(?P<letter>.))",
    re.DOTALL,
)
_LETTERS = {
    "n": "\n", "t": "\t", "r": "\r", "a": "\a", "b": "\b", "f": "\f", "v": "\v",
    "\\": "\\", "?": "?", "'": "'", '"': '"', "`": "`",
}  # fmt: skip


class BadExpression(Exception):
    """An expression that cannot be a guard; `column` counts from 1, where it is known."""

    def __init__(self, message: str, *, line: int | None = None, column: int | None = None) -> None:
        said = message
        place = {"line": line, "column": column, "message": message}
        if line and line > 1:
            said = gettext("Line %(line)s, column %(column)s: %(message)s") % place
        elif column:
            said = gettext("Column %(column)s: %(message)s") % place
        super().__init__(said)
        self.line = line
        self.column = column


@lru_cache(maxsize=1_000)
def parse(text: str) -> Expression:
    """Raises `BadExpression`."""
    if len(text) > LONGEST:
        raise BadExpression(
            gettext("It has %(text)s characters; %(LONGEST)s are the most.")
            % {"text": f"{len(text):,}", "LONGEST": f"{LONGEST:,}"}
        )
    if not text.strip():
        raise BadExpression(gettext("Write what must be true, such as unicorn.timeout >= 60."))
    try:
        root: Any = _parser().parse(text)
    except UnexpectedCharacters as error:
        raise BadExpression(
            _strange(text, error.pos_in_stream or 0), line=error.line, column=error.column
        ) from None
    except UnexpectedToken as error:
        raise BadExpression(_misplaced(error), **_place(error, text)) from None
    except UnexpectedEOF:
        raise BadExpression(gettext("It ends too early."), line=1, column=len(text) + 1) from None
    return Expression(text, root, names_read(root))


def _strange(text: str, position: int) -> str:
    char = text[position]
    if char in "'\"":
        return gettext("The text that begins here has no closing quote.")
    if char == "=":
        return gettext("One = is no comparison: write ==.")
    if char in "&|":
        return gettext("Write && for and.") if char == "&" else gettext("Write || for or.")
    return gettext("%(char)s has no meaning here.") % {"char": f"{char!r}"}


def _misplaced(error: UnexpectedToken) -> str:
    if error.token.type == "$END":
        return gettext("It ends too early: something is missing.")
    return gettext("“%(token)s” is not expected here.") % {"token": error.token}


def _place(error: UnexpectedToken, text: str) -> dict[str, int]:
    if error.token.type == "$END":
        before = text.split("\n")
        return {"line": len(before), "column": len(before[-1]) + 1}
    return {"line": error.line, "column": error.column}


class _Builder(Transformer[Token, Node]):
    """Called by the parser from the leaves up: nothing here goes down a tree."""

    def or_(self, terms: list[Node]) -> Node:
        return _checked(Or(tuple(terms)))

    def and_(self, terms: list[Node]) -> Node:
        return _checked(And(tuple(terms)))

    def conditional(self, parts: list[Node]) -> Node:
        return _checked(Conditional(*parts))

    def relation(self, parts: list[Any]) -> Node:
        left, operator, right = parts
        return _checked(Binary(str(operator), left, right))

    addition = relation
    multiplication = relation

    def not_(self, parts: list[Node]) -> Node:
        return _checked(Not(parts[0]))

    def negated(self, parts: list[Node]) -> Node:
        match parts[0]:
            case Literal(int() | float() as number) if not isinstance(number, bool):
                return Literal(-number)
        return _checked(Negated(parts[0]))

    def select(self, parts: list[Any]) -> Node:
        base, name = parts
        return _checked(Select(base, str(name)))

    def index(self, parts: list[Node]) -> Node:
        return _checked(Index(*parts))

    def arguments(self, parts: list[Node]) -> list[Node]:
        return parts

    items = arguments

    def list_(self, parts: list[Any]) -> Node:
        return _checked(ListOf(tuple(parts[0]) if parts else ()))

    def name(self, parts: list[Token]) -> Node:
        name = parts[0]
        if name in RESERVED:
            raise BadExpression(
                gettext("“%(name)s” is a reserved word.") % {"name": name},
                line=name.line,
                column=name.column,
            )
        return Name(str(name))

    def call(self, parts: list[Any]) -> Node:
        name, arguments = parts[0], parts[1] if len(parts) > 1 else []
        if name == "has":
            if len(arguments) != 1 or not isinstance(arguments[0], Select):
                raise _wrong(
                    name, gettext("%(token)s asks for one name with a dot: has(web.timeout).")
                )
            return _checked(Has(arguments[0]))
        return _function(name, arguments)

    def method(self, parts: list[Any]) -> Node:
        base, name, arguments = parts[0], parts[1], parts[2] if len(parts) > 2 else []  # noqa: PLR2004 (base, name, arguments)
        if name in MACROS:
            match arguments:
                case [Name(variable), predicate]:
                    return _checked(Macro(str(name), base, variable, predicate))
            raise _wrong(
                name,
                gettext("%(token)s asks for a name and a condition: list.%(token)s(x, x > 0)."),
            )
        if isinstance(base, Name) and f"{base.name}.{name}" in ARGUMENTS:
            return _function(Token("NAME", f"{base.name}.{name}", *_at(name)), arguments)
        return _function(name, [base, *arguments])

    def decimal(self, parts: list[Token]) -> Node:
        return Literal(_sized(float(parts[0]), parts[0]))

    def whole(self, parts: list[Token]) -> Node:
        # Of more digits than fit, nothing is read: that alone takes time.
        digits = parts[0].lstrip("0")[:20] or "0"
        return Literal(_sized(int(digits), parts[0]))

    def hexadecimal(self, parts: list[Token]) -> Node:
        return Literal(_sized(int(parts[0], 16), parts[0]))

    def text(self, parts: list[Token]) -> Node:
        token = parts[0]

        def plain(found: re.Match[str]) -> str:
            code = found["two"] or found["four"] or found["eight"]
            if code or found["octal"]:
                number = int(code, 16) if code else int(found["octal"], 8)
                if number > 0x10FFFF or 0xD800 <= number <= 0xDFFF:  # noqa: PLR2004 (Unicode's end, and its surrogates)
                    raise _wrong(token, gettext("%(token)s names a character that does not exist."))
                return chr(number)
            if found["letter"] not in _LETTERS:
                raise _wrong(
                    token,
                    gettext("%(token)s has \\%(letter)s, which means nothing: write \\\\."),
                    letter=found["letter"],
                )
            return _LETTERS[found["letter"]]

        return Literal(_ESCAPE.sub(plain, token[1:-1]))

    def raw_text(self, parts: list[Token]) -> Node:
        return Literal(str(parts[0][2:-1]))

    def true(self, _parts: list[Token]) -> Node:
        return Literal(value=True)

    def false(self, _parts: list[Token]) -> Node:
        return Literal(value=False)

    def null(self, _parts: list[Token]) -> Node:
        return Literal(None)


def _function(name: Token, arguments: list[Node]) -> Node:
    wanted = ARGUMENTS.get(str(name))
    if wanted is None:
        known = ", ".join(sorted([*ARGUMENTS, *MACROS, "has"]))
        raise _wrong(
            name,
            gettext("%(token)s is no function of a guard. There are: %(known)s."),
            known=known,
        )
    if len(arguments) not in wanted:
        counts = {"count": wanted[0], "arguments": len(arguments)}
        raise (
            _wrong(name, gettext("%(token)s takes %(count)s, not %(arguments)s."), **counts)
            if len(wanted) == 1
            else _wrong(
                name, gettext("%(token)s takes %(count)s or more, not %(arguments)s."), **counts
            )
        )
    return _checked(Call(str(name), tuple(arguments)))


def _wrong(token: Token, says: str, **values: object) -> BadExpression:
    """`says` has a place for the token, and one for each of the values."""
    said = says % {"token": token, **values}
    return BadExpression(said, line=token.line, column=token.column)


def _at(token: Token) -> tuple[int | None, int | None, int | None]:
    return token.start_pos, token.line, token.column


def _sized(number: Number, token: Token) -> Number:
    if abs(number) > LARGEST_NUMBER:
        raise BadExpression(
            gettext("%(token)s is too large: numbers go to 10^18.") % {"token": token[:30]},
            line=token.line,
            column=token.column,
        )
    return number


def _checked(node: Node) -> Node:
    if node.depth > DEEPEST:
        raise BadExpression(
            gettext("It is nested too deeply: %(DEEPEST)s levels are the most.")
            % {"DEEPEST": DEEPEST}
        )
    return node


@lru_cache(maxsize=1)
def _parser() -> Lark:
    grammar = Path(__file__).with_name("cel.lark").read_text(encoding="utf-8")
    return Lark(grammar, parser="lalr", transformer=_Builder(), maybe_placeholders=False)
