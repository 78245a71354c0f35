import pytest

from incidents.guard.commands import command
from incidents.guard.configuration import Value


@pytest.mark.parametrize(
    ("line", "component", "options"),
    [
        ("gunicorn --workers 4 --threads=2 a.wsgi", "gunicorn", {"workers": 4, "threads": 2}),
        (
            "gunicorn -w4 -t 30 --reload a.wsgi",
            "gunicorn",
            {"workers": 4, "timeout": 30, "reload": True},
        ),
        (
            "celery -A app worker -c 2 -Q light",
            "celery",
            {"app": "app", "concurrency": 2, "queues": "light"},
        ),
        ("/usr/bin/env A=1 bundle exec puma -t 5:5", "puma", {"threads": "5:5"}),
        ("python -m celery worker --concurrency=2", "celery", {"concurrency": 2}),
        (["sh", "-c", "exec sidekiq -c 10"], "sidekiq", {"concurrency": 10}),
        ("postgres -c max_connections=200", "postgresql", {"max_connections": 200}),
        ("redis-server --maxmemory 1gb --save ''", "redis", {"maxmemory": "1gb", "save": ""}),
        ("x --low -1", "x", {"low": -1}),
        ("rails", "rails", {}),
    ],
)
def test_it_works(line: Value, component: str, options: dict[str, Value]) -> None:
    found = command(line)

    assert found
    assert found.component == component
    assert {option.name: option.value for option in found.options} == options


def test_the_words_of_an_option_are_kept() -> None:
    found = command("gunicorn -w 4 --threads=2")

    assert found
    assert [option.written for option in found.options] == ["-w 4", "--threads=2"]


@pytest.mark.parametrize("line", ["", "gunicorn 'x", None, [], "--workers 4", 5])
def test_what_starts_nothing_has_no_options(line: Value) -> None:
    assert command(line) is None
