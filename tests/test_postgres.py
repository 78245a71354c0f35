from pathlib import Path

import pytest

from tests.postgres import PostgresNotFound, Server, find_binaries


def test_a_server_is_reached_through_its_folder() -> None:
    server = Server(version="15.18", socket_folder=Path("/tmp/pg"))

    assert server.url("records") == "postgres://postgres@%2Ftmp%2Fpg/records"


def test_a_folder_without_binaries_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PG_BIN", str(tmp_path))

    with pytest.raises(PostgresNotFound, match="PG_BIN"):
        find_binaries()


def test_a_server_that_is_too_old_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "initdb").touch()
    (tmp_path / "postgres").write_text("#!/bin/sh\necho 'postgres (PostgreSQL) 14.9'\n")
    (tmp_path / "postgres").chmod(0o755)
    monkeypatch.setenv("PG_BIN", str(tmp_path))

    with pytest.raises(PostgresNotFound, match=r"14\.9"):
        find_binaries()
