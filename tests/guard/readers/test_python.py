from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from incidents.guard.configuration import CannotRead
from incidents.guard.readers import read
from tests.guard.readers.reading import refusal, rows, values

GUNICORN = """\
# gunicorn.conf.py
import multiprocessing
import os

bind = "0.0.0.0:8000"
workers = int(os.environ.get("WEB_CONCURRENCY", "4"))
threads = 2 * 2
connections = workers * threads
timeout = 60
if os.environ.get("DEBUG"):
    timeout = 0
most = multiprocessing.cpu_count() * 2 + 1
secret = os.environ["SECRET"]
raw_env = ["A=1", f"B={bind}"]


def post_fork(server, worker):
    timeout = 5
"""
CELERY = """\
from datetime import timedelta

task_time_limit = 5 * 60
task_routes = {
    "images.*": {"queue": "heavy"},
}
visibility = timedelta(minutes=5, seconds=1)
app.conf.update(worker_concurrency=4, task_acks_late=True)
app.conf.worker_prefetch_multiplier = 1
DATABASES = dict(default=dict(CONN_MAX_AGE=60))
DATABASES["default"]["POOL"] = 5
queues = ["light"]
queues.append("heavy")
limit = 5
limit += 2
first, second = 1, 2


class Config:
    POOL: int = 5
"""


def test_it_works() -> None:
    assert rows("gunicorn.conf.py", GUNICORN) == [
        (5, "bind", "0.0.0.0:8000"),
        (6, "workers", "? 4 unless WEB_CONCURRENCY is set"),
        (7, "threads", 4),
        (8, "connections", "? 16 unless WEB_CONCURRENCY is set"),
        (9, "timeout", 60),
        (11, "timeout", "? it is set under “if” in line 10"),
        (12, "most", "? “multiprocessing.cpu_count()” is worked out when it runs"),
        (13, "secret", "? the environment gives it, in SECRET"),
        (14, "raw_env", ["A=1", "? “f'B={bind}'” is worked out when it runs"]),
    ]


def test_what_is_set_in_other_ways_is_read() -> None:
    assert rows("celeryconfig.py", CELERY) == [
        (3, "task_time_limit", 300),
        (5, "task_routes.images.*.queue", "heavy"),
        (7, "visibility", 301),
        (8, "worker_concurrency", 4),
        (8, "task_acks_late", True),
        (9, "worker_prefetch_multiplier", 1),
        (10, "DATABASES.default.CONN_MAX_AGE", 60),
        (11, "DATABASES.default.POOL", 5),
        (12, "queues", ["light"]),
        (13, "queues", "? “.append()” changes it in line 13"),
        (14, "limit", 5),
        (15, "limit", 7),
        (16, "first", "? it is one of several assigned at once"),
        (16, "second", "? it is one of several assigned at once"),
        (20, "Config.POOL", 5),
    ]


def test_it_is_never_run(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("WEB_CONCURRENCY", "9")
    text = 'import os\nraise SystemExit\nworkers = os.environ["WEB_CONCURRENCY"]\nx = exit(3)\n'

    assert values("a.py", text) == {
        "workers": "? the environment gives it, in WEB_CONCURRENCY",
        "x": "? “exit(3)” is worked out when it runs",
    }


@pytest.mark.parametrize(
    ("expression", "value"),
    [
        ("-5", -5),
        ("+5.5", 5.5),
        ("not True", False),
        ("'a' + 'b'", "ab"),
        ("7 // 2", 3),
        ("7 / 0", "? it cannot be worked out"),
        ("'a' * 10", "? what “*” makes of such values is worked out when it runs"),
        ("10**18 * 10", "? “10 ** 18” is worked out when it runs"),
        (f"{10**18} * 10", "? the number is too large"),
        ("int('x')", "? “x” is no number"),
        ("0 or 5", 5),
        ("os.getenv('A') or os.getenv('B') or 5", "? 5 unless A or B is set"),
        ("float(os.getenv('A', default='2.5')) * 2", "? 5.0 unless A is set"),
        ("os.environ.get(name)", "? “os.environ.get(name)” is worked out when it runs"),
        ("a if b else c", "? “a if b else c” is worked out when it runs"),
        ("None", None),
        ("b'x'", "? “b'x'” is worked out when it runs"),
    ],
)
def test_an_expression_comes_to(expression: str, value: object) -> None:
    assert values("a.py", f"x = {expression}\n") == {"x": value}


def test_the_words_of_the_file_are_kept() -> None:
    settings = read("a.py", "x = 'é' + (\n  'b')  # c\n".encode()).settings

    assert [setting.written for setting in settings] == ["'é' + (\n  'b')"]


PIECES = (
    "a·b· = ·1·'x'·(·)·[·]·{·}·:·,·\n·    ·if a:\n·for a in b:\n·.·+·*·-·int(·os.environ[·del a·\\"
)


@given(st.text(max_size=100) | st.lists(st.sampled_from(PIECES.split("·"))).map("".join))
def test_any_text_is_read_or_refused(text: str) -> None:
    with suppress(CannotRead):
        rows("a.py", text)


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("a = 1\nb = = 2\n", "a.py:2: It is not Python: invalid syntax."),
        ("(" * 100_000, "a.py:1: It is not Python: too many nested parentheses."),
        ("-" * 100_000 + "1", "a.py: It is not Python that can be read."),
        ("a" + ".a" * 100_000, "a.py: It is nested more than 50 deep."),
        ("a = " + "1+" * 60_000 + "1", "a.py: It is nested more than 50 deep."),
        ("a = '\\ud800'", "a.py:1: It holds a character that is none of a text."),
        ("a = 1\n" * 50_000, "a.py: It has 0.3 MB; no more than 0.25 MB are read."),
    ],
)
def test_what_cannot_be_read_is_refused(text: str, why: str) -> None:
    assert refusal("a.py", text).startswith(why)
