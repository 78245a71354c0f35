"""The tests that a page names as what holds something."""

import ast
import re
from functools import cache

from tests.architecture.source import ROOT

TEST = re.compile(r"`(?P<path>tests/[\w/]+\.py)(?:::(?P<name>\w+))?`")


def lost(page: str) -> list[str]:
    """Those that are not there."""
    return [
        match[0]
        for match in TEST.finditer(page)
        if not (ROOT / match["path"]).exists()
        or (match["name"] and match["name"] not in names_in(match["path"]))
    ]


@cache
def names_in(path: str) -> frozenset[str]:
    tree = ast.parse((ROOT / path).read_text())
    kinds = (ast.FunctionDef, ast.ClassDef)
    return frozenset(node.name for node in tree.body if isinstance(node, kinds))
