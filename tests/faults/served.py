"""The site's own settings; its files need not have been collected."""

import os

from postmortems.settings import *  # noqa: F403
from postmortems.settings import DATABASES, STORAGES

STORAGES["staticfiles"] = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
if wait := os.environ.get("SQLITE_WAITS"):
    # Seconds, so that no test waits for as long as people may.
    DATABASES["default"]["OPTIONS"]["timeout"] = float(wait)
