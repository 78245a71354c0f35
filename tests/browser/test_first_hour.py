"""docs/first-hour.md, followed to the letter on a machine that has only what it asks for."""

import os
import shutil
import signal
import socket
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

import pytest
from playwright.sync_api import Browser

from tests.architecture.source import ROOT
from tests.browser.conftest import DESK, watch
from tests.docs.steps import Step, commands, steps, take
from tests.processes import until

pytestmark = [
    pytest.mark.browser,
    pytest.mark.django_db(transaction=True),
    pytest.mark.timeout(900),
]

DOCUMENT = ROOT / "docs/first-hour.md"
ADDRESS, PASSWORD = "http://127.0.0.1:8000/", "the password that was printed"
REPOSITORY = "<address of this repository>"
NOT_CLONED = shutil.ignore_patterns(
    ".venv", "var", ".git", "__pycache__", ".*_cache", ".hypothesis"
)


@dataclass(frozen=True)
class Site:
    folder: Path
    environment: dict[str, str]
    address: str
    password: str

    def run(self, command: str) -> subprocess.CompletedProcess[str]:
        return shell(command, self.folder, self.environment)


def shell(
    command: str, folder: Path, environment: dict[str, str]
) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        command,
        shell=True,
        cwd=folder,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )


def test_it_ends_where_it_says(tmp_path: Path, browser: Browser, broken: list[str]) -> None:
    document = DOCUMENT.read_text()
    starting, backing_up = commands(document)

    with started(starting, tmp_path) as site:
        page = browser.new_page(viewport=DESK)
        watch(page, broken)
        for step in steps(document):
            take(page, here(step, site))
        page.close()
        done = [site.run(command) for command in backing_up]

    assert [(each.args, each.returncode, each.stderr) for each in done if each.returncode] == []
    assert (site.folder / "first.backup").exists()
    assert "whole" in done[-1].stdout


def here(step: Step, site: Site) -> Step:
    what = step.what.replace(ADDRESS, site.address).replace(PASSWORD, site.password)
    return replace(step, what=what)


@contextmanager
def started(lines: list[str], folder: Path) -> Iterator[Site]:
    """Clones what is here, as it stands, and runs what the document says."""
    clone, enter, run = lines
    port = free_port()
    mine = {"HOME": str(folder), "PATH": os.environ["PATH"], "PORT": str(port)}
    cloned = shell(clone.replace(REPOSITORY, str(a_repository(folder))), folder, mine)
    assert cloned.returncode == 0, cloned.stderr
    place = folder / enter.removeprefix("cd ")
    lend_packages(place)
    told = folder / "told"
    with (
        told.open("w") as output,
        subprocess.Popen(
            run.split(), cwd=place, env=mine, stdout=output, stderr=output, start_new_session=True
        ) as site,
    ):
        try:
            assert until(lambda: "Ctrl-C" in told.read_text(), seconds=600), told.read_text()
            assert until(lambda: listens(port), seconds=120), told.read_text()
            words = told.read_text().split()
            password = words[words.index("Password") + 1]
            yield Site(place, mine, f"http://127.0.0.1:{port}/", password)
        finally:
            os.killpg(site.pid, signal.SIGINT)


def a_repository(folder: Path) -> Path:
    """What is here, also what is not committed."""
    place = folder / "repository"
    shutil.copytree(ROOT, place, ignore=NOT_CLONED)
    git = "git -c user.name=test -c user.email=test@localhost"
    made = shell(f"git init -q && git add -A && {git} commit -qm all", place, dict(os.environ))
    assert made.returncode == 0, made.stderr
    return place


def lend_packages(place: Path) -> None:
    """No test asks the network: what `make run` would install is lent by this environment."""
    (place / ".venv").mkdir()
    for each in (ROOT / ".venv").resolve().iterdir():
        (place / ".venv" / each.name).symlink_to(each)
    installed = place / ".venv/for-run"
    installed.unlink(missing_ok=True)
    installed.touch()


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def listens(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0


@pytest.mark.parametrize(
    "written",
    [
        "Then press **Save**.",
        "- Press **Save** twice.",
        "- Write `a` into **Title**, press **Save**.",
    ],
)
def test_what_is_bold_and_not_done_is_no_step(written: str) -> None:
    with pytest.raises(ValueError, match="Save"):
        steps(f"- Press **Cancel**.\n\n{written}\n")
