"""What the project stands on is explained, and locked to what it asks for."""

import tomllib

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from tests.architecture.source import ROOT
from tests.locks import locked

PROJECT_TEXT = (ROOT / "pyproject.toml").read_text()
PROJECT = tomllib.loads(PROJECT_TEXT)
TO_RUN = PROJECT["project"]["dependencies"]
TO_DEVELOP = TO_RUN + PROJECT["dependency-groups"]["dev"] + PROJECT["dependency-groups"]["docs"]


@pytest.mark.parametrize("dependency", TO_DEVELOP)
def test_every_dependency_says_what_it_is_for(dependency: str) -> None:
    lines = [line.strip() for line in PROJECT_TEXT.splitlines()]
    above = lines[lines.index(f'"{dependency}",') - 1]

    assert above.startswith("#")


@pytest.mark.parametrize(
    ("lock", "dependency"),
    [("requirements.txt", each) for each in TO_RUN]
    + [("requirements-dev.txt", each) for each in TO_DEVELOP],
)
def test_the_lock_has_what_the_project_asks_for(lock: str, dependency: str) -> None:
    wanted = Requirement(dependency)
    version = locked(lock).get(canonicalize_name(wanted.name))

    assert version, f"{lock} lacks it; `make lock` writes it anew"
    assert wanted.specifier.contains(version), f"{lock} is older; `make lock` writes it anew"


def test_what_runs_is_what_is_tested() -> None:
    tested = locked("requirements-dev.txt")
    running = locked("requirements.txt")

    assert running
    assert {name: tested.get(name) for name in running} == running
