"""What an expression of Python comes to, as far as that can be told without running it."""

import ast
from collections.abc import Callable, Mapping
from typing import Any

from django.utils.translation import gettext

from incidents.guard.configuration import Unknown, Value
from incidents.guard.readers.computed import (
    LARGEST,
    FromEnvironment,
    Operand,
    calculated,
    converted,
    otherwise,
    settled,
)

LONGEST_SHOWN = 80
SIGNS: dict[type[ast.operator], str] = {
    ast.Add: "+",
    ast.Sub: "-",
    ast.Mult: "*",
    ast.Div: "/",
    ast.FloorDiv: "//",
    ast.Mod: "%",
}
CONVERSIONS: dict[str, Callable[[str], Value]] = {"int": int, "float": float, "str": str}
GETTERS = {"os.environ.get", "os.getenv", "environ.get", "getenv"}
ENVIRONMENTS = {"os.environ", "environ"}
UNITS = {"days": 86_400, "hours": 3_600, "minutes": 60, "seconds": 1, "weeks": 604_800}


Names = Mapping[str, Operand]


def operand(node: ast.expr, names: Names) -> Operand:
    """`names` are those of the file that are known where the expression stands."""
    read = READERS.get(type(node))
    return read(node, names) if read else when_it_runs(node)


def when_it_runs(node: ast.AST) -> Unknown:
    words = " ".join(ast.unparse(node).split())
    if len(words) > LONGEST_SHOWN:
        words = words[:LONGEST_SHOWN] + "…"
    return Unknown(gettext("“%(words)s” is worked out when it runs") % {"words": words})


def dotted(node: ast.expr) -> str:
    """`os.environ.get` for the expression of that name; empty for any other."""
    if isinstance(node, ast.Name):
        return node.id
    if isinstance(node, ast.Attribute):
        before = dotted(node.value)
        return f"{before}.{node.attr}" if before else ""
    return ""


def _constant(node: ast.Constant, _: Names) -> Operand:
    value = node.value
    if value is None or isinstance(value, bool | str):
        return value
    if isinstance(value, int | float) and abs(value) <= LARGEST:
        return value
    return when_it_runs(node)


def _items(node: ast.List | ast.Tuple | ast.Set, names: Names) -> Operand:
    return [settled(operand(each, names)) for each in node.elts]


def _name(node: ast.Name, names: Names) -> Operand:
    return names[node.id] if node.id in names else when_it_runs(node)


def _signed(node: ast.UnaryOp, names: Names) -> Operand:
    inner = operand(node.operand, names)
    if isinstance(node.op, ast.USub):
        return calculated("-", 0, inner)
    if isinstance(node.op, ast.UAdd):
        return inner
    if isinstance(node.op, ast.Not) and isinstance(inner, bool):
        return not inner
    return when_it_runs(node)


def _calculated(node: ast.BinOp, names: Names) -> Operand:
    if type(node.op) not in SIGNS:
        return when_it_runs(node)
    left, right = operand(node.left, names), operand(node.right, names)
    return calculated(SIGNS[type(node.op)], left, right)


def _first_of(node: ast.BoolOp, names: Names) -> Operand:
    if not isinstance(node.op, ast.Or):
        return when_it_runs(node)
    first, *others = (operand(each, names) for each in node.values)
    for other in others:
        if isinstance(first, FromEnvironment | Unknown) or first:
            first = otherwise(first, other)
        else:
            first = other
    return first


def _item(node: ast.Subscript, names: Names) -> Operand:
    if dotted(node.value) in ENVIRONMENTS:
        return _of_environment(node.slice, None, names, node)
    return when_it_runs(node)


def _called(node: ast.Call, names: Names) -> Operand:
    name = dotted(node.func)
    if name in CONVERSIONS and len(node.args) == 1 and not node.keywords:
        return converted(operand(node.args[0], names), CONVERSIONS[name])
    if name in GETTERS and node.args:
        defaults = node.args[1:] + [each.value for each in node.keywords]
        default = operand(defaults[0], names) if defaults else None
        return _of_environment(node.args[0], default, names, node)
    if name.rpartition(".")[2] == "timedelta" and not node.args:
        return _duration(node, names)
    return when_it_runs(node)


def _duration(node: ast.Call, names: Names) -> Operand:
    """In seconds."""
    whole: Operand = 0
    for keyword in node.keywords:
        if keyword.arg not in UNITS:
            return when_it_runs(node)
        part = calculated("*", operand(keyword.value, names), UNITS[keyword.arg])
        whole = calculated("+", whole, part)
    return whole


def _of_environment(key: ast.expr, default: Operand, names: Names, node: ast.expr) -> Operand:
    name = operand(key, names)
    if not isinstance(name, str):
        return when_it_runs(node)
    return otherwise(FromEnvironment((name,)), default)


READERS: dict[type[ast.expr], Callable[[Any, Names], Operand]] = {
    ast.Constant: _constant,
    ast.List: _items,
    ast.Tuple: _items,
    ast.Set: _items,
    ast.Name: _name,
    ast.UnaryOp: _signed,
    ast.BinOp: _calculated,
    ast.BoolOp: _first_of,
    ast.Subscript: _item,
    ast.Call: _called,
}
