"""The site's own settings; its files need not have been collected."""

from postmortems.settings import *  # noqa: F403
from postmortems.settings import STORAGES

STORAGES["staticfiles"] = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
