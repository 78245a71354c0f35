"""A setting that nobody can read about does not exist."""

import ast
import re

from tests.architecture.source import ROOT, modules


def settings_read() -> set[str]:
    """The name in every `environment.text("NAME", …)` of the project."""
    return {
        call.args[0].value
        for module in modules()
        if module.path.startswith("postmortems/")
        for call in module.calls()
        if isinstance(call.func, ast.Attribute)
        and isinstance(call.func.value, ast.Name)
        and call.func.value.id == "environment"
        and isinstance(call.args[0], ast.Constant)
        and isinstance(call.args[0].value, str)
    }


def settings_documented() -> set[str]:
    """The first cell of every row of the tables."""
    text = (ROOT / "docs/configure.md").read_text()
    return set(re.findall(r"^\| `([A-Z_]+)` \|", text, re.MULTILINE))


def test_every_setting_is_documented() -> None:
    assert "DATABASE_URL" in settings_read()
    assert settings_read() - settings_documented() == set()


def test_nothing_is_documented_that_is_not_read() -> None:
    assert settings_documented() - settings_read() == set()
