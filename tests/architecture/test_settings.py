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


def defaults_read() -> dict[str, set[object]]:
    """The default of every setting, where it is written out and not worked out."""
    found: dict[str, set[object]] = {}
    for module in modules():
        if not module.path.startswith("postmortems/"):
            continue
        for call in module.calls():
            match call:
                case ast.Call(
                    func=ast.Attribute(value=ast.Name(id="environment")),
                    args=[ast.Constant(value=str(name)), ast.Constant(value=default), *_],
                ) if default is not None:
                    found.setdefault(name, set()).add(default)
    return found


def defaults_documented() -> dict[str, str]:
    """The third cell of every row of the tables."""
    text = (ROOT / "docs/configure.md").read_text()
    rows = re.finditer(r"^\| `([A-Z_]+)` \|[^|]*\|([^|]*)\|", text, re.MULTILINE)
    return {row[1]: row[2].strip() for row in rows}


def is_told(default: object, cell: str) -> bool:
    """An empty one is told in words: "none", or what is done then."""
    match default:
        case "":
            return bool(cell) and not cell.startswith("`")
        case bool():
            return cell.startswith("`yes`" if default else "`no`")
        case _:
            return cell.startswith(f"`{default}`")


def test_every_setting_is_documented() -> None:
    assert "DATABASE_URL" in settings_read()
    assert settings_read() - settings_documented() == set()


def test_nothing_is_documented_that_is_not_read() -> None:
    assert settings_documented() - settings_read() == set()


def test_every_default_is_the_documented_one() -> None:
    """Where a setting is read twice, with the default of one of them."""
    read, documented = defaults_read(), defaults_documented()

    assert read["DATABASE_POOL"] == {8}
    assert len(read) > 50
    assert {
        name: documented[name]
        for name, defaults in read.items()
        if not any(is_told(default, documented[name]) for default in defaults)
    } == {}


def test_another_default_is_noticed() -> None:
    assert is_told(8, "`8`")
    assert not is_told(8, "`80`")
    assert not is_told(8, "none")
    assert not is_told("", "`8`")
    assert not is_told(default=True, cell="`no`")
