"""JSON. The standard library judges the file; where its values stand is looked up afterwards."""

import json
import re
from collections.abc import Iterator
from typing import NoReturn

from django.utils.translation import gettext

from incidents.guard.configuration import CannotRead
from incidents.guard.readers.found import DEEPEST, MOST_NODES, Format, Found, too_deep, too_large
from incidents.guard.readers.tree import Entry, Items, Node, Scalar, Table, settings

TOKEN = re.compile(r'"(?:[^"\\]|\\.)*+"|[{}\[\]:,]|[^\s{}\[\]:,"]+|(?P<line>\n)')


def read(text: str) -> Iterator[Found]:
    _check(text)
    return settings(_tree(text))


def _check(text: str) -> None:
    try:
        json.loads(text, parse_constant=_no_constant)
    except json.JSONDecodeError as error:
        raise CannotRead(
            gettext("It is not JSON: %(msg)s.") % {"msg": error.msg}, line=error.lineno
        ) from None
    except RecursionError:
        raise too_deep() from None
    except ValueError as error:
        raise CannotRead(gettext("It is not JSON: %(error)s.") % {"error": error}) from None


def _no_constant(name: str) -> NoReturn:
    raise ValueError(gettext("%(name)s is not a number of JSON") % {"name": name})


def _tree(text: str) -> Node:
    """Of a text that is JSON: so a token is what it seems to be."""
    root = Items(line=1)
    above: list[Items | Table] = [root]
    starts: list[int] = []
    key: Entry | None = None
    line, nodes = 1, 0
    for token in TOKEN.finditer(text):
        word = token[0]
        if word == "\n":
            line += 1
        elif word in "]}":
            closed, start = above.pop(), starts.pop()
            if isinstance(closed, Items):
                closed.written = text[start : token.end()]
        elif word not in ":,":
            if isinstance(above[-1], Table) and key is None:
                key = Entry(json.loads(word), line, root)
                continue
            node = _node(word, line)
            _put(node, above[-1], key)
            key, nodes = None, nodes + 1
            if nodes > MOST_NODES:
                raise too_large(line)
            if not isinstance(node, Scalar):
                above.append(node)
                starts.append(token.start())
                if len(above) > DEEPEST + 1:
                    raise too_deep(line)
    return root.nodes[0]


def _node(word: str, line: int) -> Node:
    if word == "[":
        return Items(line)
    if word == "{":
        return Table(line)
    return Scalar(json.loads(word), word, line)


def _put(node: Node, into: Items | Table, key: Entry | None) -> None:
    if isinstance(into, Items):
        into.nodes.append(node)
    elif key is not None:
        key.node = node
        into.entries.append(key)


FORMAT = Format(read)
