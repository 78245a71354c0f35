"""The site's own settings, with what a test run must have otherwise.

TEST_DATABASE_URL names another database server; without it the tests use SQLite in a file, with the
options of production: in memory there would be no locks to get wrong.
"""

import os
from pathlib import Path
from tempfile import TemporaryDirectory

# Every process has a folder of its own; it goes with the process.
_folder = TemporaryDirectory(prefix="postmortems-tests-")
_var = Path(_folder.name)
os.environ["VAR_DIR"] = str(_var)
os.environ["DATABASE_URL"] = os.environ.get(
    "TEST_DATABASE_URL", f"sqlite:///{_var / 'site.sqlite3'}"
)

from postmortems.settings import *  # noqa: E402, F403
from postmortems.settings import DATABASES, STORAGES  # noqa: E402

# What the databases of this run are copied from (tests/migrated.py).
TEST_MIGRATED = os.environ.get("TEST_MIGRATED", "")
_database = DATABASES["default"]
if _database["ENGINE"] == "django.db.backends.sqlite3":
    _database["TEST"] = {"NAME": str(_var / "test.sqlite3")}
    _options = _database["OPTIONS"]
    # What is thrown away in a minute need not survive a power cut.
    _options["init_command"] = _options["init_command"].replace("=FULL", "=OFF")
elif TEST_MIGRATED:
    _database["TEST"] = {"TEMPLATE": TEST_MIGRATED}

(_var / "static").mkdir()
# Pages are tested without collecting files first.
STORAGES["staticfiles"] = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
# Slow on purpose in production; no secret is kept here.
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
# A test of the limits sets them itself.
ACCOUNT_RATE_LIMITS = False  # type: ignore[assignment]  # as allauth wants it
# What a test looks up is there when it looks.
LOOKUP_KEPT_AFTER = 0
# Walks ask a thousand times; a test of the limits sets them itself.
API_RATE = API_ADDRESS_RATE = FEED_RATE = 1_000_000
