import stat
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from tests.factories import a_runbook, a_service

pytestmark = pytest.mark.django_db


def copy_to(path: Path, *options: str) -> str:
    out = StringIO()
    call_command("offline_copy", str(path), *options, stdout=out)
    return out.getvalue()


def test_it_works(tmp_path: Path) -> None:
    a_runbook(title="Make room")
    path = tmp_path / "runbooks.html"

    said = copy_to(path)

    assert said.startswith(f"{path}: 1 runbook, ")
    assert "Make room" in path.read_text()
    assert stat.S_IMODE(path.stat().st_mode) == 0o644


def test_it_replaces_the_old_one_whole(tmp_path: Path) -> None:
    path = tmp_path / "runbooks.html"
    path.write_text("old")
    copy_to(path)

    assert path.read_text().startswith("<!doctype html>")
    assert [one.name for one in tmp_path.iterdir()] == ["runbooks.html"]


def test_it_takes_services(tmp_path: Path) -> None:
    for name in ("orders", "search"):
        a_runbook(title=f"About {name}").services.add(a_service(slug=name))
    path = tmp_path / "runbooks.html"
    copy_to(path, "--service", "orders")

    assert "About orders" in path.read_text()
    assert "About search" not in path.read_text()


def test_a_service_that_is_not_there_is_refused(tmp_path: Path) -> None:
    with pytest.raises(CommandError, match="no service “nobodys”"):
        copy_to(tmp_path / "runbooks.html", "--service", "nobodys")
    assert not list(tmp_path.iterdir())


def test_a_place_that_cannot_be_written_to_is_told(tmp_path: Path) -> None:
    with pytest.raises(CommandError, match="cannot be written"):
        copy_to(tmp_path / "no" / "runbooks.html")
