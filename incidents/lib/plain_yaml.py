"""YAML as people write it by hand: plain values, and nothing that stands for something else."""

from typing import Any

import yaml


class NotYaml(ValueError):
    """The message says in which line, and what is wrong there."""


LONGEST_NUMBER = 100
# What the library lets through of a value that is not what its tag says.
_OTHER_VALUE = (ArithmeticError, AttributeError, LookupError, TypeError)


class _Loader(yaml.SafeLoader):
    def compose_node(self, parent: yaml.Node | None, index: int) -> yaml.Node | None:
        if self.check_event(yaml.AliasEvent):
            raise yaml.YAMLError("aliases (*name) are not read")
        return super().compose_node(parent, index)


def _number(loader: _Loader, node: yaml.ScalarNode) -> int | float | str:
    """As a text where it is longer than any that means something: one of sixties, with colons
    between them, would take the square of its length."""
    if len(node.value) > LONGEST_NUMBER:
        return str(node.value)
    if node.tag.endswith(":int"):
        return loader.construct_yaml_int(node)
    return loader.construct_yaml_float(node)


_Loader.add_constructor("tag:yaml.org,2002:int", _number)
_Loader.add_constructor("tag:yaml.org,2002:float", _number)


class _Lenient(_Loader):
    """A value with a tag of somebody's own is None."""


_Lenient.add_multi_constructor("", lambda _loader, _tag, _node: None)


def documents(text: str, *, lenient: bool = False) -> list[Any]:
    """The documents of the text, the empty ones left out; what a tag of somebody's own makes is
    left out, too, where that is wished. Raises `NotYaml`.

    An alias is refused: a few lines of them can stand for gigabytes.
    """
    try:
        found = yaml.load_all(text, _Lenient if lenient else _Loader)
        return [document for document in found if document is not None]
    except _OTHER_VALUE:
        raise NotYaml("a value is not what the tag (!!name) before it says") from None
    except (yaml.YAMLError, ValueError, RecursionError) as error:
        mark = getattr(error, "problem_mark", None)
        place = f"line {mark.line + 1}: " if mark else ""
        problem = getattr(error, "problem", None) or str(error)
        raise NotYaml(place + " ".join(problem.split())) from None
