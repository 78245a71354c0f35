"""The two configurations that come with a guard: one that must fail, one that must pass.

People write them as TOML (`unicorn.timeout = 30`, one value on a line), the same that
`postmortems.toml` is written in; they are kept as nested objects.
"""

import datetime as dt
import json
import re
import tomllib
from collections.abc import Iterator, Mapping
from typing import Any

from django.utils.translation import gettext

from incidents.guard.language.evaluation import Configuration
from incidents.guard.language.values import Known, Undecided, Value, Written
from incidents.lib.setting_names import as_name

LONGEST = 10_000
"""Characters of one example."""
DEEPEST = 10
_BARE_KEY = re.compile(r"[A-Za-z0-9_-]+")


class NotAnExample(Exception):
    """Says what is wrong, and on which line where that is known."""


def read_example(text: str) -> dict[str, Any]:
    """Raises `NotAnExample`."""
    if len(text) > LONGEST:
        raise NotAnExample(
            gettext("It has %(text)s characters; %(LONGEST)s are the most.")
            % {"text": f"{len(text):,}", "LONGEST": f"{LONGEST:,}"}
        )
    try:
        read = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise NotAnExample(
            gettext("It is no TOML: %(error)s. Write one value on a line: unicorn.timeout = 30.")
            % {"error": error}
        ) from None
    except RecursionError:
        raise NotAnExample(gettext("It is nested too deeply.")) from None
    for component, settings in read.items():
        if not isinstance(settings, dict):
            raise NotAnExample(
                gettext("“%(component)s” has no component before it: write unicorn.timeout = 30.")
                % {"component": component}
            )
    _check(read, 1)
    return read


def _check(value: Any, depth: int) -> None:
    if depth > DEEPEST:
        raise NotAnExample(gettext("It is nested too deeply."))
    if isinstance(value, dt.date | dt.time):
        raise NotAnExample(gettext("%(value)s is a date: put it in quotes.") % {"value": value})
    for one in (
        value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
    ):
        _check(one, depth + 1)


def written_example(example: Mapping[str, Any]) -> str:
    """The text that `read_example` makes the same example of."""
    return "\n".join(f"{key} = {_toml(value)}" for key, value in lines_of(example))


def lines_of(example: Mapping[str, Any]) -> Iterator[tuple[str, Any]]:
    """Each value with its dotted key, as TOML writes it."""
    for name, value in example.items():
        key = name if _BARE_KEY.fullmatch(name) else json.dumps(name, ensure_ascii=False)
        if isinstance(value, dict) and value:
            yield from ((f"{key}.{inner}", one) for inner, one in lines_of(value))
        else:
            yield key, value


def _toml(value: Any) -> str:
    match value:
        case dict():
            return "{" + ", ".join(f"{key} = {_toml(one)}" for key, one in lines_of(value)) + "}"
        case list():
            return "[" + ", ".join(map(_toml, value)) + "]"
    return json.dumps(value, ensure_ascii=False)


class Example(Configuration):
    """Nested objects as a configuration: what is not in them is not known."""

    def __init__(self, settings: Mapping[str, Any]) -> None:
        self.settings = named(settings)

    def value_at(self, path: tuple[str, ...]) -> Value:
        found: Known = self.settings
        for step in map(as_name, path):
            if not isinstance(found, Mapping) or step not in found:
                name = ".".join(path)
                return Undecided((gettext("%(name)s is not given") % {"name": name},), (name,))
            found = found[step]
        return Written(found, component=path[0]) if isinstance(found, str) else found

    def has(self, path: tuple[str, ...]) -> bool | Undecided:
        if as_name(path[0]) not in self.settings:
            return Undecided(
                (gettext("nothing of %(path)s is given") % {"path": path[0]},), (path[0],)
            )
        return not isinstance(self.value_at(path), Undecided)


def named(value: Any) -> Any:
    """The same with every key as an expression writes it."""
    if isinstance(value, Mapping):
        return {as_name(key): named(one) for key, one in value.items()}
    if isinstance(value, list):
        return [named(one) for one in value]
    return value
