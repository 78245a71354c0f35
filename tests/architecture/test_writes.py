"""Every write is an operation that knows by whom and at what time; views write nothing."""

import ast

import pytest

from tests.architecture.source import Function, Module, called_name, modules, parse

WRITES = {
    "bulk_create",
    "bulk_update",
    "create",
    "delete",
    "get_or_create",
    "save",
    "update_or_create",
}
RECORDED_WRITES = {
    "change_record",
    "create_record",
    "create_records",
    "remove_record",
    "write_change",
}
# Its rows are an index of what others have written and recorded.
WITHOUT_HISTORY = {"lookup"}


def writes(node: ast.AST) -> list[str]:
    calls = [child for child in ast.walk(node) if isinstance(child, ast.Call)]
    return [
        name
        for call in calls
        if (name := called_name(call)) in RECORDED_WRITES
        or (name in WRITES and isinstance(call.func, ast.Attribute))
    ]


def unsigned_operations(module: Module) -> list[str]:
    """The public functions of an `operations.py` that write without saying who and when."""
    return [
        function.name
        for function in module.functions()
        if not function.name.startswith("_")
        and writes(function)
        and not {"by", "at"} <= keyword_only(function)
    ]


def keyword_only(function: Function) -> set[str]:
    return {argument.arg for argument in function.args.kwonlyargs}


def test_every_operation_says_by_whom_and_when() -> None:
    operations = [
        module
        for module in modules()
        if module.role == "operations" and module.capability not in WITHOUT_HISTORY
    ]
    found = {module.path: unsigned_operations(module) for module in operations}

    assert operations
    assert {path: names for path, names in found.items() if names} == {}


@pytest.mark.parametrize("arguments", ["", "by, at", "*, by", "*, at"])
def test_an_operation_without_person_or_time_is_found(arguments: str) -> None:
    text = f"def rename({arguments}):\n    change_record()"

    assert unsigned_operations(parse("incidents/records/operations.py", text)) == ["rename"]


def direct_writes(module: Module) -> list[str]:
    return [name for name in writes(module.tree) if name in WRITES]


def test_no_view_writes() -> None:
    views = [module for module in modules() if module.role in {"views", "forms", "filters"}]
    found = {module.path: direct_writes(module) for module in views}

    assert {path: names for path, names in found.items() if names} == {}


@pytest.mark.parametrize("line", ["form.save()", "Tag.objects.create(name='x')", "tag.delete()"])
def test_each_way_to_write_is_seen(line: str) -> None:
    assert direct_writes(parse("incidents/records/views.py", line))
