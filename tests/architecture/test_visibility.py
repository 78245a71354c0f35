"""Whoever answers a person begins with what that person may see."""

import ast

import pytest
from django.apps import apps

from tests.architecture.source import Module, called_name, modules, parse

# Operations and commands are handed rows, or work for the whole site; these answer people.
ANSWERING = {"api", "context", "filters", "forms", "queries", "templatetags", "urls", "views"}
GATE = "visible_or_404"
# The last one is narrower than the first: where nobody in particular asks.
GATES = {"visible_to", "none", "of_everybodys_incidents"}


def guarded_models() -> set[str]:
    """Those that belong to an incident, which may be restricted."""
    return {
        model.__name__
        for model in apps.get_app_config("incidents").get_models()
        if hasattr(model._default_manager, "visible_to")
    }


def unguarded_managers(module: Module, guarded: set[str]) -> list[str]:
    """Each `Incident.objects` without one of GATES, and not given to the gate."""
    safe: set[int] = set()
    for node in ast.walk(module.tree):
        if isinstance(node, ast.Attribute) and node.attr in GATES:
            safe.add(id(node.value))
        elif isinstance(node, ast.Call) and called_name(node) == GATE:
            safe.update(id(argument) for argument in node.args)
    return [
        f"line {node.lineno}: {ast.unparse(node)}"
        for node in ast.walk(module.tree)
        if isinstance(node, ast.Attribute)
        and node.attr in {"objects", "_default_manager", "_base_manager"}
        and isinstance(node.value, ast.Name)
        and node.value.id in guarded
        and id(node) not in safe
    ]


def test_there_are_models_to_guard() -> None:
    assert "Incident" in guarded_models()


def test_what_answers_people_starts_from_what_they_may_see() -> None:
    answering = [
        module for module in modules() if module.role in ANSWERING or module.capability in ANSWERING
    ]
    found = {module.path: unguarded_managers(module, guarded_models()) for module in answering}

    assert {path: lines for path, lines in found.items() if lines} == {}


@pytest.mark.parametrize(
    "line",
    [
        "Incident.objects.all()",
        "Incident.objects.filter(pk=1).visible_to(user)",
        "get_object_or_404(Incident.objects, pk=1)",
        "rows = Incident.objects",
    ],
)
def test_a_way_round_the_gate_is_found(line: str) -> None:
    assert unguarded_managers(parse("incidents/records/queries.py", line), {"Incident"})


@pytest.mark.parametrize(
    "line",
    [
        "Incident.objects.visible_to(user)",
        "Incident.objects.none()",
        "Incident.objects.of_everybodys_incidents()",
        "visible_or_404(Incident.objects, user, pk=1)",
    ],
)
def test_the_gate_is_let_through(line: str) -> None:
    assert not unguarded_managers(parse("incidents/records/queries.py", line), {"Incident"})
