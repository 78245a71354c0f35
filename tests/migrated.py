"""A database with every migration, made once for all the processes of a run.

To migrate takes fifteen seconds of a processor, and each process of each part needs a database.
TEST_MIGRATED names it: a file on SQLite, a database of the server on PostgreSQL. Without it, or
where it could not be made, each process migrates its own.
"""

import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[1]


def is_migrated(database_url: str) -> bool:
    """Whether every migration was applied to this empty database."""
    environment = {**os.environ, "DJANGO_SETTINGS_MODULE": "tests.settings"}
    environment.pop("TEST_MIGRATED", None)
    command = [sys.executable, ROOT / "manage.py", "migrate", "--verbosity=0", "--skip-checks"]
    ended = subprocess.run(
        command,
        env={**environment, "TEST_DATABASE_URL": database_url},
        cwd=ROOT,
        check=False,
    )
    return ended.returncode == 0
