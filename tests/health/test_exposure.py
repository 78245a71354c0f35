"""Settings of a site that people reach over a network: each mistake has its own words."""

from dataclasses import dataclass
from pathlib import Path

import pytest

from incidents.health.exposure import Exposed, problems_of

RIGHT = Exposed(
    site_url="https://postmortems.example",
    allowed_hosts=["postmortems.example"],
    trusted_origins=[],
    is_behind_proxy=True,
    redirects=False,
    speaks_tls=False,
    key_file=None,
    has_broker=True,
)


def told(**changed: object) -> list[str]:
    return [one.id for one in problems_of(RIGHT._replace(**changed))]


def test_it_works() -> None:
    assert problems_of(RIGHT) == []


@dataclass(frozen=True)
class Mistake:
    id: str
    changed: dict[str, object]
    hint: str


MISTAKES = [
    Mistake("W010", {"site_url": "https://127.0.0.1:8000"}, "by which people reach"),
    Mistake("W010", {"site_url": "https://localhost"}, "by which people reach"),
    Mistake("W010", {"site_url": "https://[::1]"}, "by which people reach"),
    Mistake("W011", {"allowed_hosts": ["127.0.0.1"]}, "ALLOWED_HOSTS=postmortems.example"),
    Mistake("W011", {"allowed_hosts": []}, "ALLOWED_HOSTS=postmortems.example"),
    Mistake("W012", {"allowed_hosts": ["*"]}, "Name the hosts"),
    Mistake("W013", {"is_behind_proxy": False, "redirects": True}, "HTTPS_REDIRECT=no"),
    Mistake("W014", {"is_behind_proxy": False}, "BEHIND_PROXY=yes"),
    Mistake("W015", {"site_url": "http://postmortems.example"}, "BEHIND_PROXY=no"),
]


@pytest.mark.parametrize("mistake", MISTAKES, ids=lambda one: f"{one.id} {one.changed}")
def test_each_mistake_is_told_with_what_to_do(mistake: Mistake) -> None:
    (found,) = problems_of(RIGHT._replace(**mistake.changed))

    assert found.id == f"incidents.{mistake.id}"
    assert mistake.hint in found.hint


@pytest.mark.parametrize(
    "changed",
    [
        {"allowed_hosts": [".example"]},
        {"allowed_hosts": ["POSTMORTEMS.example", "127.0.0.1"]},
        {"is_behind_proxy": False, "speaks_tls": True},
        {"is_behind_proxy": False, "trusted_origins": ["https://postmortems.example"]},
        {"site_url": "http://postmortems.example", "is_behind_proxy": False},
        {"redirects": True},
    ],
)
def test_what_is_right_is_left_alone(changed: dict[str, object]) -> None:
    assert told(**changed) == []


def test_a_key_that_each_machine_makes_for_itself(tmp_path: Path) -> None:
    key = tmp_path / "secret-key"
    key.touch(mode=0o600)

    assert told(key_file=key) == ["incidents.W016"]
    assert told(key_file=key, has_broker=False) == []


@pytest.mark.parametrize("mode", [0o640, 0o604])
def test_a_key_that_others_can_read(tmp_path: Path, mode: int) -> None:
    key = tmp_path / "secret-key"
    key.touch()
    key.chmod(mode)

    assert told(key_file=key, has_broker=False) == ["incidents.W017"]
