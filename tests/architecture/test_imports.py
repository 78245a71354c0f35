"""Data and what is done with it know nothing of the web. The floors are import-linter's part."""

import ast
import tomllib
from collections.abc import Iterator

import pytest

from tests.architecture.source import ROOT, Module, modules, parse

OF_THE_WEB = (
    "celery",
    "django.forms",
    "django.http",
    "django.shortcuts",
    "django.template",
    "django_filters",
    "django_htmx",
    "rest_framework",
)
INNER = {"operations", "queries"}


def imported_names(module: Module) -> Iterator[str]:
    for node in ast.walk(module.tree):
        if isinstance(node, ast.Import):
            yield from (name.name for name in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield from (f"{node.module}.{name.name}" for name in node.names)


def web_imports(module: Module) -> list[str]:
    return [
        name
        for name in imported_names(module)
        if any(name == package or name.startswith(f"{package}.") for package in OF_THE_WEB)
    ]


def test_models_operations_and_queries_know_nothing_of_the_web() -> None:
    inner = [
        module for module in modules() if module.capability == "models" or module.role in INNER
    ]

    assert inner
    assert {module.path: found for module in inner if (found := web_imports(module))} == {}


@pytest.mark.parametrize(
    "line", ["import django.http", "from django import forms", "from django.http import Http404"]
)
def test_each_way_to_import_is_seen(line: str) -> None:
    assert web_imports(parse("incidents/records/queries.py", line))


def test_every_capability_is_layered_inside() -> None:
    """A folder with views, operations or queries is named in the import contract."""
    contracts = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["importlinter"]
    layered = next(
        contract["containers"]
        for contract in contracts["contracts"]
        if contract["id"] == "inside-a-capability"
    )
    built = {
        f"incidents.{module.capability}"
        for module in modules()
        if module.path.startswith("incidents/") and module.role in INNER | {"views"}
    }

    assert built - set(layered) == set()
