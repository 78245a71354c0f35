"""The shapes of what tools answer: those of the interface's own description."""

import re
from collections.abc import Iterator
from typing import Any

from incidents.api.description import schema

_SHAPE = "#/components/schemas/"
_HERE = "#/$defs/"


def shape(name: str) -> dict[str, Any]:
    """A shape of the description by itself, with those that it is made of."""
    found, shapes = {name}, schema()["components"]["schemas"]
    left = [name]
    while left:
        new = set(named_in(shapes[left.pop()])) - found
        found |= new
        left += new
    inner = {one: moved(shapes[one]) for one in sorted(found - {name})}
    whole: dict[str, Any] = moved(shapes[name])
    return {**whole, "$defs": inner} if inner else whole


def together(**parts: dict[str, Any]) -> dict[str, Any]:
    """An object that has these, each of which may be a shape."""
    inner: dict[str, Any] = {}
    for part in parts.values():
        inner |= part.pop("$defs", {})
    whole = {"type": "object", "properties": parts, "required": sorted(parts)}
    return {**whole, "$defs": inner} if inner else whole


def each(part: dict[str, Any]) -> dict[str, Any]:
    """A list of these."""
    inner = part.pop("$defs", {})
    return {"type": "array", "items": part, "$defs": inner}


def named_in(told: Any) -> Iterator[str]:
    if isinstance(told, dict):
        if isinstance(told.get("$ref"), str):
            yield told["$ref"].removeprefix(_SHAPE)
        for one in told.values():
            yield from named_in(one)
    elif isinstance(told, list):
        for one in told:
            yield from named_in(one)


def moved(told: Any) -> Any:
    """The same, looking for the others beside itself."""
    if isinstance(told, dict):
        return {
            key: re.sub(f"^{_SHAPE}", _HERE, one) if key == "$ref" else moved(one)
            for key, one in told.items()
        }
    return [moved(one) for one in told] if isinstance(told, list) else told
