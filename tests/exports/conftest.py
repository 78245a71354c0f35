"""A folder for files that goes with the test."""

from pathlib import Path
from typing import Any

import pytest


@pytest.fixture(autouse=True)
def export_dir(settings: Any, tmp_path: Path) -> Path:
    settings.EXPORT_DIR = tmp_path / "exports"
    return tmp_path / "exports"
