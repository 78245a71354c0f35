"""Settings in Python, as gunicorn, Celery and Django have them: read, and never run.

What is assigned at the top of the file is a setting. What is assigned under a condition, or changed
by a call, is not known from there on.
"""

import ast
import warnings
from collections.abc import Iterator

from django.utils.translation import gettext

from incidents.guard.configuration import CannotRead, Unknown
from incidents.guard.readers.computed import Operand, calculated, settled
from incidents.guard.readers.found import DEEPEST, Format, Found, too_deep
from incidents.guard.readers.python_values import SIGNS, dotted, operand, when_it_runs

MOST_BYTES = 250_000
Path = tuple[str, ...]
# Calls that leave what they are called on as it was.
HARMLESS = {"copy", "get", "items", "keys", "values", "index", "count", "format", "join"}


def read(text: str) -> Iterator[Found]:
    yield from _Statements(text).of(_parsed(text).body, ())


def _parsed(text: str) -> ast.Module:
    try:
        with warnings.catch_warnings():
            # Of a backslash that escapes nothing: not our file.
            warnings.simplefilter("ignore")
            return ast.parse(text)
    except SyntaxError as error:
        raise CannotRead(
            gettext("It is not Python: %(msg)s.") % {"msg": error.msg}, line=error.lineno
        ) from None
    except (ValueError, MemoryError):
        raise CannotRead(gettext("It is not Python that can be read.")) from None
    except RecursionError:
        raise too_deep() from None


class _Statements:
    def __init__(self, text: str) -> None:
        self.lines = text.split("\n")
        self.names: dict[str, Operand] = {}

    def of(self, statements: list[ast.stmt], within: Path) -> Iterator[Found]:
        for statement in statements:
            yield from self.one(statement, within)

    def one(self, statement: ast.stmt, within: Path) -> Iterator[Found]:
        if isinstance(statement, ast.Assign):
            for target in statement.targets:
                yield from self.assigned(target, statement.value, within)
        elif isinstance(statement, ast.AnnAssign) and statement.value is not None:
            yield from self.assigned(statement.target, statement.value, within)
        elif isinstance(statement, ast.AugAssign):
            yield from self.added(statement, within)
        elif isinstance(statement, ast.Expr) and isinstance(statement.value, ast.Call):
            yield from self.called(statement.value, within)
        elif isinstance(statement, ast.ClassDef):
            yield from self.of(statement.body, (*within, statement.name))
        elif isinstance(statement, ast.Delete):
            for target in statement.targets:
                yield from self.unknown(target, gettext("it is deleted"), statement, within)
        elif not isinstance(statement, ast.FunctionDef | ast.AsyncFunctionDef):
            yield from self.conditional(statement, within)

    def assigned(self, target: ast.expr, value: ast.expr, within: Path) -> Iterator[Found]:
        path = _path(target)
        if not path:
            yield from self.unknown(
                target, gettext("it is one of several assigned at once"), value, within
            )
        else:
            yield from self.valued((*within, *path), value, target.lineno)

    def valued(self, path: Path, value: ast.expr, line: int) -> Iterator[Found]:
        """A dictionary is the settings that it holds."""
        if len(path) > DEEPEST:
            raise too_deep(line)
        pairs = _pairs(value)
        if pairs is None:
            found = operand(value, self.names)
            if len(path) == 1:
                self.names[path[0]] = found
            yield Found(path, settled(found), self.written(value), line)
            return
        if len(path) == 1:
            self.names[path[0]] = when_it_runs(value)
        for key, inner in pairs:
            yield from self.valued((*path, key), inner, inner.lineno)

    def added(self, statement: ast.AugAssign, within: Path) -> Iterator[Found]:
        path = (*within, *_path(statement.target))
        before = self.names.get(path[0]) if len(path) == 1 else None
        sign = SIGNS.get(type(statement.op), "")
        reason = gettext("it is changed in line %(lineno)s") % {"lineno": statement.lineno}
        result: Operand = Unknown(reason)
        if before is not None:
            result = calculated(sign, before, operand(statement.value, self.names))
        if len(path) == 1:
            self.names[path[0]] = result
        if path:
            yield Found(path, settled(result), self.written(statement), statement.lineno)

    def called(self, call: ast.Call, within: Path) -> Iterator[Found]:
        """`app.conf.update(a=1)` sets; any other call on a name may change what it holds."""
        if not isinstance(call.func, ast.Attribute) or call.func.attr in HARMLESS:
            return
        target = call.func.value
        path = _path(target)
        if call.func.attr == "update" and not path[1:] and dotted(target).endswith("conf"):
            for keyword in call.keywords:
                if keyword.arg:
                    yield from self.valued((*within, keyword.arg), keyword.value, keyword.lineno)
        elif path and path[0] in self.names:
            reason = gettext("“.%(attr)s()” changes it in line %(lineno)s") % {
                "attr": call.func.attr,
                "lineno": call.lineno,
            }
            yield from self.unknown(target, reason, call, within)

    def conditional(self, statement: ast.stmt, within: Path) -> Iterator[Found]:
        word = type(statement).__name__.lower().removeprefix("async").removesuffix("star")
        reason = gettext("it is set under “%(word)s” in line %(lineno)s") % {
            "word": word,
            "lineno": statement.lineno,
        }
        for inner in _inside(statement):
            targets: list[ast.expr] = []
            if isinstance(inner, ast.Assign):
                targets = inner.targets
            elif isinstance(inner, ast.AnnAssign | ast.AugAssign):
                targets = [inner.target]
            for target in targets:
                yield from self.unknown(target, reason, inner, within)

    def unknown(
        self, target: ast.expr, reason: str, node: ast.AST, within: Path
    ) -> Iterator[Found]:
        targets = target.elts if isinstance(target, ast.Tuple | ast.List) else [target]
        for each in targets:
            path = _path(each)
            if not path:
                continue
            if path[0] in self.names or len(path) == 1:
                self.names[path[0]] = Unknown(reason)
            yield Found((*within, *path), Unknown(reason), self.written(node), each.lineno)

    def written(self, node: ast.AST) -> str:
        """The words of the file; of several lines without the places before and after."""
        first, last = getattr(node, "lineno", 1), getattr(node, "end_lineno", 1)
        start, end = getattr(node, "col_offset", 0), getattr(node, "end_col_offset", 0)
        lines = [line.encode() for line in self.lines[first - 1 : last]]
        if not lines:
            return ""
        lines[-1] = lines[-1][:end]
        lines[0] = lines[0][start:]
        return b"\n".join(lines).decode(errors="replace")


def _inside(statement: ast.stmt) -> Iterator[ast.AST]:
    """The statements under a condition or in a loop, not those of functions and classes there."""
    ahead: list[ast.AST] = [statement]
    while ahead:
        node = ahead.pop(0)
        yield node
        if not isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef | ast.expr):
            ahead += ast.iter_child_nodes(node)


def _path(target: ast.expr) -> Path:
    """`a` · `a["b"]["c"]` · `app.conf.c`, which sets `c`. Empty for any other."""
    if isinstance(target, ast.Name):
        return (target.id,)
    if isinstance(target, ast.Subscript) and isinstance(target.slice, ast.Constant):
        before = _path(target.value)
        return (*before, str(target.slice.value)) if before else ()
    if isinstance(target, ast.Attribute):
        before_attribute = dotted(target.value)
        return (target.attr,) if before_attribute.rpartition(".")[2] == "conf" else ()
    return ()


def _pairs(value: ast.expr) -> list[tuple[str, ast.expr]] | None:
    """Of `{"a": 1}` and `dict(a=1)`; `None` for anything else, and where a key is not plain."""
    if isinstance(value, ast.Dict):
        keys = [each.value if isinstance(each, ast.Constant) else None for each in value.keys]
        if all(isinstance(key, str | int) for key in keys):
            return [(str(key), inner) for key, inner in zip(keys, value.values, strict=True)]
    elif isinstance(value, ast.Call) and dotted(value.func) == "dict" and not value.args:
        named = [(each.arg, each.value) for each in value.keywords]
        if all(name for name, _ in named):
            return [(str(name), inner) for name, inner in named]
    return None


FORMAT = Format(read, most_bytes=MOST_BYTES)
