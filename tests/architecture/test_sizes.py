"""What no longer fits in the head is split while there is still a natural place."""

from tests.architecture.source import modules

LONGEST_FILE = 400
LONGEST_FUNCTION = 60


def test_no_file_is_too_long() -> None:
    lengths = {module.path: len(module.text.splitlines()) for module in modules()}

    assert lengths
    assert {path: lines for path, lines in lengths.items() if lines > LONGEST_FILE} == {}


def test_no_function_is_too_long() -> None:
    lengths = {
        f"{module.path}::{function.name}": (function.end_lineno or 0) - function.lineno + 1
        for module in modules()
        for function in module.functions()
    }

    assert lengths
    assert {name: lines for name, lines in lengths.items() if lines > LONGEST_FUNCTION} == {}
