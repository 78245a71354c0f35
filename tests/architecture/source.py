"""The project's own Python files, parsed, for tests that hold its shape."""

import ast
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]

Function = ast.FunctionDef | ast.AsyncFunctionDef


@dataclass(frozen=True)
class Module:
    # From the root of the project, as in `incidents/records/views.py`.
    path: str
    text: str
    tree: ast.Module

    @property
    def capability(self) -> str:
        """The folder of the app: `records`, `models`, …; for a file of its own, its name."""
        return Path(self.path).with_suffix("").parts[1]

    @property
    def role(self) -> str:
        """What the file is in its capability: `views`, `operations`, …; a folder counts too."""
        parts = Path(self.path).with_suffix("").parts
        return parts[2] if len(parts) > 2 else parts[-1]

    def functions(self) -> Iterator[Function]:
        for node in ast.walk(self.tree):
            if isinstance(node, Function):
                yield node

    def calls(self) -> Iterator[ast.Call]:
        for node in ast.walk(self.tree):
            if isinstance(node, ast.Call):
                yield node


@cache
def modules() -> tuple[Module, ...]:
    """Every module of the app and the project but the migrations, which Django writes."""
    folders = [ROOT / "incidents", ROOT / "postmortems"]
    paths = sorted(path for folder in folders for path in folder.glob("**/*.py"))
    return tuple(
        parse(str(path.relative_to(ROOT)), path.read_text())
        for path in paths
        if "migrations" not in path.parts
    )


def parse(path: str, text: str) -> Module:
    return Module(path, text, ast.parse(text))


def called_name(call: ast.Call) -> str:
    """`save` for `form.save()` and for `save()`."""
    if isinstance(call.func, ast.Attribute):
        return call.func.attr
    return call.func.id if isinstance(call.func, ast.Name) else ""
