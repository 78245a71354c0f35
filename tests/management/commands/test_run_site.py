import os
import socket
from pathlib import Path

import pytest
from django.core.management.base import CommandError

from incidents.management.commands import run_site
from incidents.management.commands.run_site import HOST, require_free, require_writable


def test_a_free_port_is_fine() -> None:
    with socket.create_server((HOST, 0)) as server:
        port = server.getsockname()[1]

    require_free(port)


def test_a_port_in_use_is_told_with_the_way_out() -> None:
    with socket.create_server((HOST, 0)) as server:
        port = server.getsockname()[1]
        with pytest.raises(CommandError, match=rf"Port {port} .*PORT=8123 make run"):
            require_free(port)


@pytest.mark.parametrize("port", [-1, 70000])
def test_a_number_that_is_no_port_is_told(port: int) -> None:
    with pytest.raises(CommandError, match=f"Port {port}"):
        require_free(port)


def test_the_folder_for_data_is_made(tmp_path: Path) -> None:
    require_writable(tmp_path / "var" / "site")

    assert (tmp_path / "var" / "site").is_dir()


def test_a_folder_that_cannot_be_written_is_told_with_the_way_out(tmp_path: Path) -> None:
    (tmp_path / "var").write_text("a file, where the folder should be")

    with pytest.raises(CommandError, match="VAR_DIR="):
        require_writable(tmp_path / "var")


def served_at(port: int, monkeypatch: pytest.MonkeyPatch) -> str:
    monkeypatch.setattr(run_site.connections, "close_all", lambda: None)
    monkeypatch.setattr(run_site, "keep_running", lambda programs, tell: None)
    run_site.serve(port, tell=print)
    return os.environ["SITE_URL"]


def test_links_that_are_given_away_lead_to_the_port(monkeypatch: pytest.MonkeyPatch) -> None:
    # Set first, so that it is put back as it was.
    monkeypatch.setenv("SITE_URL", "")
    monkeypatch.delenv("SITE_URL")
    assert served_at(8123, monkeypatch) == f"http://{HOST}:8123"


def test_an_address_that_was_set_stays(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SITE_URL", "https://postmortems.example")
    assert served_at(8123, monkeypatch) == "https://postmortems.example"
