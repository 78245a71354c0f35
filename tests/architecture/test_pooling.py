"""What belongs to a session of PostgreSQL is gone behind PgBouncer: the site uses none of it.

Backups do, and go past it (docs/operate/several-machines.md)."""

import ast
import re

import pytest

from tests.architecture.source import Module, modules, parse

OF_A_SESSION = re.compile(
    r"\bpg_(try_)?advisory_lock|\b(UN)?LISTEN \w|\bCREATE (LOCAL |GLOBAL )?TEMP|\bPREPARE \w+ AS\b"
    r"|\bDECLARE \w+ .*CURSOR|\A\s*SET (SESSION )?(?!TRANSACTION|LOCAL|CONSTRAINTS)\w+ *(=|TO\b)"
    r"|set_config\([^)]*, *false\)"
)
PAST_IT = "incidents/backups/"


def of_a_session(module: Module) -> list[str]:
    """The lines of SQL, wherever a text of the module has them."""
    texts = [
        node.value
        for node in ast.walk(module.tree)
        if isinstance(node, ast.Constant) and isinstance(node.value, str)
    ]
    return [found[0].strip() for text in texts for found in OF_A_SESSION.finditer(text)]


def test_nothing_is_kept_in_a_session() -> None:
    found = {
        module.path: words
        for module in modules()
        if not module.path.startswith(PAST_IT) and (words := of_a_session(module))
    }

    assert found == {}


def test_what_goes_past_it_is_what_is_known_to() -> None:
    (engine,) = (one for one in modules() if one.path == f"{PAST_IT}engines/postgres.py")

    assert of_a_session(engine)


@pytest.mark.parametrize(
    "words",
    [
        "SELECT pg_advisory_lock(1)",
        "SELECT pg_try_advisory_lock(1)",
        "LISTEN jobs",
        "CREATE TEMP TABLE t (a int)",
        "SET statement_timeout = 0",
        "SET SESSION work_mem TO '1GB'",
        "SELECT set_config('work_mem', '1GB', false)",
        "DECLARE rows NO SCROLL CURSOR FOR SELECT 1",
    ],
)
def test_each_kind_is_found(words: str) -> None:
    assert of_a_session(parse("some.py", f"x = {words!r}"))


@pytest.mark.parametrize(
    "words",
    [
        "SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY",
        "SELECT set_config('lock_timeout', %s, true)",
        "SELECT pg_advisory_xact_lock(1)",
        "UPDATE t\n    SET a = 1",
    ],
)
def test_what_is_of_a_transaction_is_left_alone(words: str) -> None:
    assert of_a_session(parse("some.py", f"x = {words!r}")) == []
