"""Whatever is told of a file, its passwords and keys are not in it."""

from collections.abc import Callable

import pytest

from incidents.guard.files import Given
from incidents.guard.findings import Asked, Past, Report
from incidents.guard.hiding import HIDDEN
from incidents.guard.queries import check_files
from incidents.guard.reports import FORMATS
from incidents.models import DeltaPart
from tests.factories import a_delta, a_knob, a_user, an_incident

pytestmark = pytest.mark.django_db

SECRET = "hunter2-horse"
ADDRESS = f"postgres://app:{SECRET}@db/main"
LESSON = Past("LES-1", "Keep it.", "/lessons/LES-1/")

# Each with a guard that is violated by it, or that cannot be told of it.
FILES: dict[str, tuple[str, str, str]] = {
    "the value itself": ("app.toml", f'password = "{SECRET}"', "app.password == ''"),
    "a name of a framework": (
        "app.rb",
        f'secret_key_base "{SECRET}"',
        "size(app.secret_key_base) < 3",
    ),
    "an address": (".env", f"DATABASE_URL={ADDRESS}", "env.DATABASE_URL == 'x'"),
    "an address that is cut where it is told": (
        ".env",
        f"DATABASE_URL=postgres://{'a' * 35}:{SECRET}@db/main",
        "env.DATABASE_URL == 'x'",
    ),
    "beside it on the line": (
        "app.json",
        f'{{"secret_key_base": "{SECRET}", "timeout": 30}}',
        "app.timeout >= 60",
    ),
    "beside it, in an environment that does not count": (
        "app.yaml",
        f"{{staging: {{auth_token: {SECRET}}}, production: {{timeout: 30}}}}",
        "app.timeout >= 60",
    ),
    "on the same command line": (
        "compose.yaml",
        f"services:\n  web:\n    command: gunicorn --timeout 30 --auth-token {SECRET}\n",
        "web.timeout >= 60",
    ),
    "on the same command line, as a list": (
        "compose.yaml",
        f"services:\n  web:\n    command: [gunicorn, --timeout, '30', --auth-token, {SECRET}]\n",
        "web.timeout >= 60",
    ),
    "in the same list of variables": (
        "compose.yaml",
        f"services:\n  web:\n    environment:\n    - SECRET_KEY={SECRET}\n    - TIMEOUT=30\n",
        "web.env.TIMEOUT >= 60",
    ),
    "the list of variables": (
        "compose.yaml",
        f"services:\n  web:\n    environment:\n    - SECRET_KEY={SECRET}\n    - TIMEOUT=30\n",
        "size(web.environment) > 5",
    ),
    "over several lines": ("app.yaml", f'password: "{SECRET}\n  goes on"\n', "app.password == ''"),
    "why it cannot be told": ("app.toml", f'password = "{SECRET}"', "app.password > 3"),
    "why it cannot be told, in a group": (
        "app.toml",
        f'[db]\npassword = "{SECRET}"\n',
        "[app.db].all(one, one.password > 3)",
    ),
    "a default": (
        "app.yaml",
        f'password: <%= ENV.fetch("DB_PASSWORD", "{SECRET}") %>',
        "app.password == ''",
    ),
    "a default of the shell": (
        "app.yaml",
        f"timeout: 30\npassword: ${{DB_PASSWORD:-{SECRET}}}\n",
        "app.timeout >= 60 || app.password == ''",
    ),
    "a line that cannot be read": (
        "postgresql.conf",
        f"primary_conninfo 'password={SECRET}' x",
        "postgresql.timeout > 3",
    ),
}


@pytest.fixture
def guarded_by(monkeypatch: pytest.MonkeyPatch) -> Callable[[str, str], None]:
    def guarded(expression: str, message: str) -> None:
        asked = Asked(expression, "", message, "error", LESSON, None)
        monkeypatch.setattr(
            "incidents.guard.queries.active_guards", lambda _user, **_options: [asked]
        )

    return guarded


def everything(report: Report) -> str:
    return "\n".join(write(report) for write in FORMATS.values())


@pytest.mark.parametrize("case", FILES)
def test_it_works(case: str, guarded_by: Callable[[str, str], None]) -> None:
    name, text, expression = FILES[case]
    guarded_by(expression, "It is {app.password}, {env.DATABASE_URL} and {app.timeout}.")

    report = check_files([Given(name, text.encode())], a_user())

    assert len(report.findings) + len(report.not_checked) == 1
    assert SECRET in text
    assert SECRET not in everything(report)


def test_what_is_no_secret_is_still_told(guarded_by: Callable[[str, str], None]) -> None:
    guarded_by("app.timeout >= 60", "{app.timeout} s is too short.")
    text = f'{{"secret_key_base": "{SECRET}", "timeout": 30}}'

    told = FORMATS["text"](check_files([Given("app.json", text.encode())], a_user()))

    assert "app.json:1: error [LES-1]: 30 s is too short." in told
    assert f'    1 | {{"secret_key_base": {HIDDEN}, "timeout": 30}}\n' in told
    # The mark is under the value.
    line, mark = told.splitlines()[1:3]
    assert line[mark.index("^") :].startswith("30}")
    assert "app.timeout = 30" in told


def test_a_guard_is_asked_about_the_value_as_it_is(guarded_by: Callable[[str, str], None]) -> None:
    guarded_by(f"size(app.password) == {len(SECRET)}", "Not so.")

    report = check_files([Given("app.toml", f'password = "{SECRET}"'.encode())], a_user())

    assert report.held == [LESSON]


def test_a_change_is_told_without_it() -> None:
    knob = a_knob(component="app", key="password")
    a_delta(an_incident(), knob=knob, part=DeltaPart.CONTRIBUTED)
    before = [Given("app.toml", b'password = "another-one"')]

    report = check_files(
        [Given("app.toml", f'password = "{SECRET}"'.encode())], a_user(), before=before
    )

    assert report.findings
    assert SECRET not in everything(report)
    assert "another-one" not in everything(report)


def test_two_files_that_set_the_same_are_told_without_it() -> None:
    files = [
        Given("one/app.toml", f'password = "{SECRET}"\nkeys = ["{ADDRESS}"]'.encode()),
        Given("two/app.toml", b'password = "another-one"\nkeys = []'),
    ]

    report = check_files(files, a_user())

    assert len(report.notes) == 2
    assert SECRET not in everything(report)
    assert "another-one" not in everything(report)
