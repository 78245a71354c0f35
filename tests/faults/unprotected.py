"""A control: Django as it is, with its own backend and its own answer to what nobody caught."""

from tests.faults.served import *  # noqa: F403
from tests.faults.served import DATABASES

ROOT_URLCONF = "tests.faults.unprotected_urls"
if DATABASES["default"]["ENGINE"] == "incidents.lib.postgresql":
    DATABASES["default"]["ENGINE"] = "django.db.backends.postgresql"
