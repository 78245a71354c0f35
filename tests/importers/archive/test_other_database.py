"""An archive moves a site from one database to another."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.architecture.source import ROOT
from tests.archive.folders import contents, exported, imported
from tests.importers.archive.conftest import Site


def run(command: str, *arguments: object, folder: Path) -> None:
    """In a site of its own, on SQLite."""
    here = {"VAR_DIR": str(folder), "DATABASE_URL": f"sqlite:///{folder / 'site.sqlite3'}"}
    subprocess.run(
        [sys.executable, ROOT / "manage.py", command, *map(str, arguments)],
        env={**os.environ, **here, "DJANGO_SETTINGS_MODULE": "postmortems.settings"},
        check=True,
        capture_output=True,
    )


@pytest.mark.django_db
def test_it_works(everything: Site, tmp_path: Path) -> None:
    """From this one to SQLite by the commands, and back."""
    run("migrate", folder=tmp_path)
    run("import_records", everything.path, folder=tmp_path)
    run("export_records", tmp_path / "other", folder=tmp_path)
    assert contents(tmp_path / "other") == contents(everything.path)

    imported(tmp_path / "other")
    exported(tmp_path / "back")
    assert contents(tmp_path / "back") == contents(everything.path)
