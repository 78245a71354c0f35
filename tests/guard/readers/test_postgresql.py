import subprocess
from contextlib import suppress
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from incidents.guard.configuration import CannotRead
from incidents.guard.readers import read
from tests.guard.readers.reading import refusal, rows
from tests.postgres import PostgresNotFound, find_binaries

POSTGRESQL = r"""
# postgresql.conf
max_connections = 100			# (change requires restart)
Shared_Buffers = 128MB
work_mem '4MB'
log_line_prefix = '%m [%p] ''x'' \n\101'
synchronous_commit = off
checkpoint_completion_target = 0.9
max_connections=200
include_if_exists = '/etc/passwd'
auto_explain.log_min_duration = -1
"""
# What the server's rules for words and numbers turn on.
WORDS = st.lists(
    st.sampled_from(
        [
            "a",
            "é",
            "_",
            "-",
            ".",
            ":",
            "/",
            "1",
            "0x",
            "+",
            "=",
            "'",
            "\\",
            "\\n",
            "\\7",
            "#",
            "''",
            " ",
        ]
    ),
    max_size=6,
)
VALUES = WORDS.map("".join) | WORDS.map(lambda parts: "'" + "".join(parts) + "'")


def test_it_works() -> None:
    assert rows("postgresql.conf", POSTGRESQL) == [
        (3, "max_connections", 100),
        (4, "shared_buffers", "128MB"),
        (5, "work_mem", "4MB"),
        (6, "log_line_prefix", "%m [%p] 'x' \nA"),
        (7, "synchronous_commit", "off"),
        (8, "checkpoint_completion_target", 0.9),
        (9, "max_connections", 200),
        (10, "include_if_exists", "/etc/passwd"),
        (11, "auto_explain.log_min_duration", -1),
    ]


@settings(max_examples=40, deadline=None)
@given(VALUES)
def test_it_agrees_with_the_server(value: str) -> None:
    try:
        binaries = find_binaries()
    except PostgresNotFound as missing:
        pytest.skip(str(missing))
    text = f"reader.value = {value}\nreader.last = 1\n"
    with TemporaryDirectory() as folder:
        (Path(folder) / "postgresql.conf").write_text(text, encoding="utf-8")
        server = subprocess.run(
            [binaries.folder / "postgres", "-C", "reader.value", "-D", folder],
            capture_output=True,
            check=False,
        )
    try:
        found = str(read("postgresql.conf", text.encode()).settings[0].value)
    except CannotRead:
        found = None

    assert found == (None if server.returncode else server.stdout.decode().removesuffix("\n"))


@given(st.text(max_size=100) | st.lists(VALUES | st.just("\n")).map("".join))
def test_any_text_is_read_or_refused(text: str) -> None:
    with suppress(CannotRead):
        rows("postgresql.conf", text)


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("a = 1\nb = 100 200\n", "postgresql.conf:2: It is not “name = value”: b = 100 200"),
        ("a = 'x\n", "postgresql.conf:1: It is not “name = value”: a = 'x"),
        ("a = " + "x" * 500_000 + "!", "postgresql.conf:1: It is not “name = value”: a = xxx"),
    ],
)
def test_what_cannot_be_read_is_refused(text: str, why: str) -> None:
    assert refusal("postgresql.conf", text).startswith(why)
